import Type from 'typebox';
import { defineRoutes, nullable, pageOf, pageQuery } from '../http/contract.ts';

const bilingual = Type.Object({ zh: Type.String(), en: Type.String() });

/** A recorded act. `seq` and `hash` are null until it is sealed, about a second later. */
export const auditEntrySchema = Type.Object({
  id: Type.String(),
  at: Type.String({ format: 'date-time' }),
  actor: Type.Object({ kind: Type.String(), id: Type.String() }),
  organisationId: Type.String(),
  action: Type.String(),
  subject: Type.Object({ kind: Type.String(), id: Type.String() }),
  legalBasis: nullable(Type.String()),
  details: nullable(Type.Record(Type.String(), Type.Unknown())),
  requestId: nullable(Type.String()),
  seq: nullable(Type.Integer()),
  hash: nullable(Type.String()),
});

/** Outcome of a check of the chain. */
export const chainReportSchema = Type.Object({
  ok: Type.Boolean(),
  entries: Type.Integer(),
  checkpoints: Type.Integer(),
  firstBroken: nullable(
    Type.Object({ seq: Type.Integer(), id: nullable(Type.String()), code: Type.String(), reason: bilingual }),
  ),
  warnings: Type.Array(bilingual),
  head: Type.String(),
});

const filter = (description: string) => Type.Optional(Type.String({ maxLength: 200, description }));
const instant = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));

export const auditRoutes = defineRoutes({
  listAudit: {
    method: 'GET',
    url: '/api/v1/audit',
    access: 'audit.read',
    tag: 'audit',
    summary: { zh: '稽核紀錄', en: 'The audit trail' },
    description: {
      zh: '新的在前。主管機關的稽核人員看到全部，其他機關只看到自己的紀錄。',
      en: 'Newest first. Auditors of the ministry see all records, others those of their own organisation.',
    },
    query: Type.Object({
      ...pageQuery,
      actor: filter('id of the person or key'),
      action: filter('exact action, such as operators.match_judged'),
      subjectKind: filter('kind of the subject'),
      subjectId: filter('id of the subject'),
      organisation: filter('id of the organisation'),
      from: instant('not before this instant'),
      to: instant('before this instant'),
    }),
    response: { 200: pageOf(auditEntrySchema) },
  },
  verifyAudit: {
    method: 'POST',
    url: '/api/v1/audit/verify',
    access: 'audit.read',
    tag: 'audit',
    summary: { zh: '驗證稽核軌跡', en: 'Verify the audit chain' },
    description: {
      zh: '重算每一筆雜湊與每一個簽章檢查點，指出第一筆不符的紀錄。',
      en: 'Recomputes every hash and every signed checkpoint and names the first record that does not hold.',
    },
    limitPerMinute: 6,
    response: { 200: chainReportSchema },
  },
  getAuditCheckpoint: {
    method: 'GET',
    url: '/api/v1/audit/checkpoint',
    access: 'audit.read',
    tag: 'audit',
    summary: { zh: '最新的簽章檢查點', en: 'The newest signed checkpoint' },
    description: {
      zh: 'C2SP 檢查點格式，可交由其他單位保存作為見證；尚無檢查點時為空。',
      en: 'As a C2SP checkpoint, to be kept by another unit as a witness; empty before the first one.',
    },
    produces: 'text/plain',
    response: { 200: Type.String() },
  },
});
