/** A live service with an approved version, as approval leaves them: what a sandbox begins with. */
import type { Kysely } from 'kysely';
import { newId } from '#platform/id';
import type { MessageClass, MessagingTables, OutcomePolicy, Space, TemplateField } from '../tables.ts';
import { formatPackById } from './format-pack.ts';
import { hashContent } from './version-content.ts';

export interface ServiceToInsert {
  readonly organisationId: string;
  readonly space: Space;
  readonly name: string;
  readonly contactNumber: string;
  readonly linkHosts?: readonly string[];
  readonly createdBy: string;
}

export interface VersionToInsert {
  readonly templateName: string;
  readonly class: MessageClass;
  readonly body: string;
  readonly fields: readonly TemplateField[];
  readonly outcomePolicy: OutcomePolicy;
  /** Id of a format pack. */
  readonly formatPack: string;
  readonly authorId: string;
  readonly approverId: string;
  /** Who decided the agency's first version for the ministry. */
  readonly ministryId?: string;
}

/** Answers the id of the live service. */
export async function insertService(db: Kysely<MessagingTables>, service: ServiceToInsert): Promise<string> {
  const id = newId('svc');
  await db
    .insertInto('service')
    .values({
      id,
      organisation_id: service.organisationId,
      space: service.space,
      name: service.name,
      state: 'live',
      contact_numbers: [service.contactNumber],
      link_hosts: [...(service.linkHosts ?? [])],
      created_by: service.createdBy,
      created_at: new Date(),
    })
    .execute();
  return id;
}

/** Answers the id of the approved version. Throws a RangeError for an unknown format pack. */
export async function insertApprovedVersion(
  db: Kysely<MessagingTables>,
  serviceId: string,
  version: VersionToInsert,
): Promise<string> {
  const service = await db
    .selectFrom('service')
    .select(['name', 'contact_numbers'])
    .where('id', '=', serviceId)
    .executeTakeFirstOrThrow();
  const formatPack = formatPackById(version.formatPack);
  if (formatPack === null) throw new RangeError(`there is no format pack ${version.formatPack}`);
  const contactNumber = service.contact_numbers[0] ?? '';
  const templateId = newId('tpl');
  const now = new Date();
  await db
    .insertInto('template')
    .values({ id: templateId, service_id: serviceId, name: version.templateName, created_at: now })
    .execute();
  const id = newId('tpv');
  const { class: kind, outcomePolicy, body, fields } = version;
  await db
    .insertInto('template_version')
    .values({
      id,
      template_id: templateId,
      number: 1,
      state: 'approved',
      class: kind,
      outcome_policy: outcomePolicy,
      service_name: service.name,
      body,
      fields: JSON.stringify(fields),
      contact_number: contactNumber,
      format_pack: formatPack.id,
      content_hash: hashContent({
        serviceId,
        serviceName: service.name,
        class: kind,
        outcomePolicy,
        body,
        fields,
        contactNumber,
        formatPack,
      }),
      created_by: version.authorId,
      author_id: version.authorId,
      created_at: now,
      decided_by: version.approverId,
      decided_at: now,
      ministry_decided_by: version.ministryId ?? null,
      ministry_decided_at: version.ministryId === undefined ? null : now,
    })
    .execute();
  return id;
}

/** A quota that a sandbox does not come to the end of; an agency that has one keeps it. */
export async function insertQuota(
  db: Kysely<MessagingTables>,
  organisationId: string,
  space: Space,
  monthParts: number,
): Promise<void> {
  await db
    .insertInto('agency_policy')
    .values({
      organisation_id: organisationId,
      space,
      month_parts: monthParts,
      month_ntd: monthParts,
      part_price_cents: 80,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
