import Type from 'typebox';
import { defineRoutes, nullable, pageOf, pageQuery } from '#platform/http/contract';

/* Batches. Numbers go in by a file and come out only where a route says so. */

const tag = 'messaging';
const id = Type.String({ pattern: '^bat_[0-9a-z]{10,40}$', description: 'bat_…' });
const params = Type.Object({ id });
const instant = Type.String({ format: 'date-time', pattern: '^[12]', maxLength: 40 });
const bilingual = Type.Object({ zh: Type.String(), en: Type.String() });
const counts = Type.Record(Type.String(), Type.Integer());
const format = Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]);
const which = Type.Union([Type.Literal('bad'), Type.Literal('duplicates'), Type.Literal('flagged')]);
const strict = { additionalProperties: false } as const;

const stateSchema = Type.Union([
  Type.Literal('draft'),
  Type.Literal('reading'),
  Type.Literal('checked'),
  Type.Literal('sealing'),
  Type.Literal('sealed'),
  Type.Literal('approved'),
  Type.Literal('sending'),
  Type.Literal('paused'),
  Type.Literal('cancelled'),
  Type.Literal('done'),
  Type.Literal('failed'),
]);
const canaryIn = Type.Object(
  {
    rows: Type.Integer({ minimum: 1, maximum: 100_000, description: 'rows that go first' }),
    stopAbovePercent: Type.Integer({ minimum: 0, maximum: 100 }),
  },
  strict,
);

const counted = Type.Object({
  code: Type.String(),
  zh: Type.String(),
  en: Type.String(),
  count: Type.Integer(),
  firstRow: Type.Integer(),
});
const reading = Type.Object({
  kind: Type.String(),
  encoding: nullable(Type.String()),
  delimiter: nullable(Type.String()),
  hasHeader: Type.Boolean(),
  columns: Type.Array(Type.String()),
  phoneColumn: Type.String(),
  phoneBy: Type.String(),
  fieldColumns: Type.Record(Type.String(), Type.String()),
  rows: Type.Integer(),
  good: Type.Integer(),
  bad: Type.Integer(),
  duplicates: Type.Integer(),
  flagged: Type.Integer(),
  repairs: counts,
  problems: Type.Array(counted),
  warnings: Type.Array(counted),
  parts: counts,
  partCount: Type.Integer(),
  longest: Type.Integer(),
  telecoms: counts,
  took: Type.Integer({ description: 'ms' }),
});
const batch = Type.Object({
  id,
  name: Type.String(),
  state: stateSchema,
  serviceId: Type.String(),
  templateVersionId: Type.String(),
  rows: Type.Integer({ description: 'good rows' }),
  badRows: Type.Integer(),
  duplicates: Type.Integer(),
  parts: Type.Integer(),
  sendAt: nullable(instant),
  validHours: Type.Integer(),
  validUntil: nullable(instant),
  canary: nullable(
    Type.Object({ rows: Type.Integer(), stopAbovePercent: Type.Integer(), passed: Type.Boolean() }),
  ),
  contentHash: nullable(Type.String({ description: 'SHA-256 over all content in its order' })),
  jobId: nullable(Type.String()),
  problem: nullable(bilingual),
  pauseReason: nullable(Type.String()),
  filesUntil: nullable(Type.String()),
  files: Type.Array(
    Type.Object({
      number: Type.Integer(),
      name: Type.String(),
      bytes: Type.Integer(),
      sha256: Type.String(),
      state: Type.String(),
      encoding: Type.String(),
      encodingBy: Type.String(),
      problem: nullable(bilingual),
      reading: nullable(reading),
    }),
  ),
  createdBy: Type.String(),
  createdAt: instant,
  sealedBy: nullable(Type.String()),
  sealedAt: nullable(instant),
  approvedBy: nullable(Type.String()),
  approvedAt: nullable(instant),
  startedAt: nullable(instant),
  endedAt: nullable(instant),
});

const planProperties = {
  sendAt: Type.Optional(nullable(instant)),
  moveToHours: Type.Optional(Type.Boolean({ description: 'moves a time in the night to the next morning' })),
  validHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 72 })),
  canary: Type.Optional(nullable(canaryIn)),
};
const name = Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' });

const uploadQuery = Type.Object({
  again: Type.Optional(Type.Boolean({ description: 'takes a file that another batch was made of' })),
  allowDuplicates: Type.Optional(Type.Boolean()),
});
const choice = Type.Object(
  {
    encoding: Type.Optional(
      Type.Union([
        Type.Literal('utf-8'),
        Type.Literal('utf-16le'),
        Type.Literal('utf-16be'),
        Type.Literal('big5'),
      ]),
    ),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
    columns: Type.Optional(
      Type.Object(
        {
          header: Type.Optional(Type.Boolean()),
          phone: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
          fields: Type.Optional(
            Type.Record(Type.String({ maxLength: 40 }), Type.String({ minLength: 1, maxLength: 100 }), {
              maxProperties: 20,
            }),
          ),
        },
        strict,
      ),
    ),
    allowDuplicates: Type.Optional(Type.Boolean()),
  },
  strict,
);

const base = '/api/v1/messaging/batches';
const act = <const P extends string>(path: P, zh: string, en: string) =>
  ({
    method: 'POST',
    url: `${base}/:id/${path}`,
    access: 'messaging.send',
    tag,
    summary: { zh, en },
    params,
    idempotent: true,
    response: { 200: batch },
  }) as const;

export const batchRoutes = defineRoutes({
  createBatch: {
    method: 'POST',
    url: base,
    access: 'messaging.send',
    tag,
    summary: { zh: '建立批次', en: 'Make a batch' },
    idempotent: true,
    body: Type.Object(
      { name, templateVersionId: Type.String({ pattern: '^tpv_[0-9a-z]{10,40}$' }), ...planProperties },
      strict,
    ),
    response: { 201: batch },
  },
  listBatches: {
    method: 'GET',
    url: base,
    access: 'messaging.read',
    tag,
    summary: { zh: '批次，最近的在前', en: 'Batches, newest first' },
    query: Type.Object({
      ...pageQuery,
      state: Type.Optional(stateSchema),
      serviceId: Type.Optional(Type.String({ maxLength: 60 })),
    }),
    response: { 200: pageOf(batch) },
  },
  getBatch: {
    method: 'GET',
    url: `${base}/:id`,
    access: 'messaging.read',
    tag,
    summary: { zh: '單一批次', en: 'One batch' },
    params,
    response: { 200: batch },
    limitPerMinute: 6000,
  },
  planBatch: {
    method: 'PATCH',
    url: `${base}/:id`,
    access: 'messaging.send',
    tag,
    summary: { zh: '變更名稱、時間與先行發送', en: 'Change name, time, validity or canary' },
    params,
    body: Type.Object({ name: Type.Optional(name), ...planProperties }, strict),
    response: { 200: batch },
  },
  uploadBatchFile: {
    method: 'PUT',
    url: `${base}/:id/file`,
    access: 'messaging.send',
    tag,
    consumes: 'multipart/form-data',
    summary: { zh: '上傳收件名單', en: 'Upload the recipients' },
    description: {
      zh: 'multipart/form-data，檔案放在 file 欄位：CSV、TSV（UTF-8、UTF-16、Big5）、XLSX 或 ODS。檔案加密保存，最多 7 天。',
      en: 'multipart/form-data with the field `file`: CSV or TSV (UTF-8, UTF-16, Big5), XLSX or ODS. Kept encrypted, for 7 days at most.',
    },
    params,
    query: uploadQuery,
    response: { 202: batch },
  },
  uploadCorrections: {
    method: 'PUT',
    url: `${base}/:id/corrections`,
    access: 'messaging.send',
    tag,
    consumes: 'multipart/form-data',
    summary: { zh: '上傳更正後的列，加入批次', en: 'Upload corrected rows, which are added' },
    params,
    query: uploadQuery,
    response: { 202: batch },
  },
  readBatchAgain: {
    method: 'POST',
    url: `${base}/:id/read`,
    access: 'messaging.send',
    tag,
    summary: {
      zh: '以指定的編碼或欄位對應重新讀取',
      en: 'Read the newest file again with a chosen encoding or columns',
    },
    params,
    body: choice,
    response: { 202: batch },
  },
  previewBatch: {
    method: 'GET',
    url: `${base}/:id/preview`,
    access: 'messaging.read',
    tag,
    summary: {
      zh: '預覽：前 20 則、費用、最後一則的時間',
      en: 'Preview: first 20 texts, cost, time to the last recipient',
    },
    description: {
      zh: '讀取會記入稽核軌跡。沒有 messaging.send 權限者看到遮蔽的號碼。',
      en: 'Every look is audited. Numbers are masked for callers without messaging.send.',
    },
    params,
    response: {
      200: Type.Object({
        rows: Type.Integer(),
        parts: Type.Integer(),
        partsOfRows: counts,
        longest: Type.Integer(),
        costCents: nullable(Type.Integer()),
        seconds: nullable(Type.Integer({ description: 'of sending; null where a telecom has no link' })),
        lastOutAt: nullable(instant),
        exceedsValidity: Type.Boolean(),
        advice: Type.Array(bilingual),
        preview: Type.Array(
          Type.Object({
            file: Type.Integer(),
            row: Type.Integer(),
            number: Type.String(),
            text: Type.String(),
            parts: Type.Integer(),
          }),
        ),
      }),
    },
  },
  listBatchRows: {
    method: 'GET',
    url: `${base}/:id/rows`,
    access: 'messaging.read',
    tag,
    summary: { zh: '錯誤、重複或須留意的列', en: 'Rows that are bad, duplicate, or to be looked at' },
    params,
    query: Type.Object({ ...pageQuery, which }),
    response: {
      200: pageOf(
        Type.Object({
          file: Type.Integer(),
          row: Type.Integer({ description: 'as the spreadsheet counts; the header is row 1' }),
          problems: Type.Array(
            Type.Object({
              code: Type.String(),
              column: nullable(Type.String()),
              value: nullable(Type.String()),
              zh: Type.String(),
              en: Type.String(),
            }),
          ),
        }),
      ),
    },
  },
  exportBatchRows: {
    method: 'GET',
    url: `${base}/:id/rows/export`,
    access: 'messaging.send',
    tag,
    summary: { zh: '下載錯誤列以更正', en: 'Download the bad rows, to be corrected' },
    params,
    query: Type.Object({ which: Type.Optional(which), format: Type.Optional(format) }),
    produces: 'text/csv',
    response: { 200: Type.String() },
  },
  sealBatch: act('seal', '封存可發送的列', 'Seal the good rows'),
  approveBatch: {
    method: 'POST',
    url: `${base}/:id/approve`,
    access: 'messaging.approve',
    tag,
    summary: { zh: '核准封存的內容', en: 'Approve what was sealed' },
    params,
    idempotent: true,
    body: Type.Object(
      {
        contentHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
        moveToHours: Type.Optional(Type.Boolean()),
      },
      strict,
    ),
    response: { 200: batch },
  },
  pauseBatch: act('pause', '暫停', 'Pause'),
  resumeBatch: act('resume', '繼續', 'Resume'),
  cancelBatch: act('cancel', '取消尚未送出的列', 'Cancel what was not sent yet'),
  retryBatch: {
    method: 'POST',
    url: `${base}/:id/retry`,
    access: 'messaging.send',
    tag,
    summary: { zh: '重送失敗的列', en: 'Retry the failed rows' },
    params,
    idempotent: true,
    body: Type.Object(
      {
        unknown: Type.Optional(
          Type.Boolean({ description: 'also those of unknown outcome, where the template allows' }),
        ),
      },
      strict,
    ),
    response: { 202: batch },
  },
});
