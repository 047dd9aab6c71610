/** What a sandbox begins with: links to its telecoms, and an agency that can send its first text at once. */
import type { Kysely } from 'kysely';
import type { SecretBox } from '#platform/secret-box';
import { insertApprovedVersion, insertQuota, insertService } from '../catalogue/insert-approved.ts';
import type { MessageClass, MessagingTables, TemplateField } from '../tables.ts';
import { SANDBOX_RATE, type SandboxTelecoms } from './sandbox-telecoms.ts';

/** Who sends in the sandbox. */
export interface SandboxAgency {
  readonly organisationId: string;
  /** As it opens the texts. */
  readonly name: string;
  readonly authorId: string;
  readonly approverId: string;
  readonly ministryId: string;
}

const CONTACT = '0800-009-868';
const text = (name: string, maxLength: number): TemplateField => ({ name, type: 'text', maxLength });

const templates: readonly {
  readonly name: string;
  readonly class: MessageClass;
  readonly body: string;
  readonly fields: readonly TemplateField[];
}[] = [
  {
    name: '驗證碼',
    class: 'otp',
    body: '您的驗證碼是 {{code}}，10 分鐘內有效；任何人向您索取都是詐騙，洽詢電話 ',
    fields: [{ name: 'code', type: 'code', maxLength: 8 }],
  },
  {
    name: '受理通知',
    class: 'single',
    body: '您申請的{{item}}已受理，案號 {{number}}，洽詢電話 ',
    fields: [text('item', 20), { name: 'number', type: 'code', maxLength: 16 }],
  },
  {
    name: '到期提醒',
    class: 'batch',
    body: '{{name}}您好，您的{{item}}將於 {{date}} 到期，請至服務櫃臺辦理，洽詢電話 ',
    fields: [text('name', 20), text('item', 20), { name: 'date', type: 'date', maxLength: 12 }],
  },
  { name: '系統介接', class: 'single', body: '{{text}}，洽詢電話 ', fields: [text('text', 300)] },
];

/** Makes the links known at the ports of this start; they keep what somebody changed of them. */
export async function seedLinks(
  db: Kysely<MessagingTables>,
  secretBox: Pick<SecretBox, 'seal'>,
  sandbox: SandboxTelecoms,
): Promise<void> {
  for (const { id, smsc, systemId, password } of sandbox.telecoms) {
    const here = {
      port: smsc.port,
      sealed_password: Buffer.from(secretBox.seal(password), 'latin1'),
    };
    await db
      .insertInto('link')
      .values({
        id: `lnk_sandbox_${id}`,
        space: 'test',
        telecom: id,
        name: smsc.name,
        host: '127.0.0.1',
        system_id: systemId,
        parts_per_second: SANDBOX_RATE,
        options: JSON.stringify({ accepts: 'all' }),
        ...here,
      })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(here))
      .execute();
  }
}

/** Gives the agency a service with approved templates, once. */
export async function seedAgency(db: Kysely<MessagingTables>, agency: SandboxAgency): Promise<void> {
  const { organisationId, authorId, approverId, ministryId } = agency;
  const known = await db
    .selectFrom('service')
    .select('id')
    .where('organisation_id', '=', organisationId)
    .limit(1)
    .executeTakeFirst();
  if (known !== undefined) return;
  await db.transaction().execute(async (trx) => {
    const serviceId = await insertService(trx, {
      organisationId,
      space: 'test',
      name: agency.name,
      contactNumber: CONTACT,
      linkHosts: ['demo.gov.tw'],
      createdBy: authorId,
    });
    for (const { name, ...template } of templates) {
      await insertApprovedVersion(trx, serviceId, {
        ...template,
        templateName: name,
        outcomePolicy: 'once',
        formatPack: '2025',
        authorId,
        approverId,
        ministryId,
      });
    }
    await insertQuota(trx, organisationId, 'test', 1_000_000);
  });
}
