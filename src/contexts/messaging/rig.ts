/** For tests: a live service with an approved template version and a quota, as approval leaves them. */
import type { Caller } from '#platform/access';
import type { Database } from '#platform/database';
import { newId } from '#platform/id';
import { formatPackById } from './catalogue/format-pack.ts';
import { hashContent } from './catalogue/version-content.ts';
import type { MessageClass, MessagingTables, OutcomePolicy, TemplateField } from './tables.ts';

export interface ApprovedVersion {
  readonly serviceId: string;
  readonly serviceName: string;
  readonly versionId: string;
}

export interface VersionToApprove {
  readonly class: MessageClass;
  readonly body: string;
  readonly fields?: readonly TemplateField[];
  readonly outcomePolicy?: OutcomePolicy;
  readonly formatPack?: string;
  readonly serviceName?: string;
  readonly linkHosts?: readonly string[];
}

const CONTACT = '0800-009-868';

/** Makes it for the caller's organisation and space. */
export async function approvedVersion(
  database: Database,
  caller: Caller,
  version: VersionToApprove,
): Promise<ApprovedVersion> {
  const db = database.of<MessagingTables>('messaging');
  const { id: organisationId } = caller.organisation;
  const { space } = caller;
  const serviceId = newId('svc');
  const serviceName = version.serviceName ?? `示範機關${serviceId.slice(-6)}`;
  const fields = version.fields ?? [];
  const outcomePolicy = version.outcomePolicy ?? 'once';
  const formatPack = version.formatPack ?? '2025';
  const pack = formatPackById(formatPack);
  if (pack === null) throw new RangeError(`there is no format pack ${formatPack}`);
  const now = new Date();
  await db
    .insertInto('service')
    .values({
      id: serviceId,
      organisation_id: organisationId,
      space,
      name: serviceName,
      state: 'live',
      contact_numbers: [CONTACT],
      link_hosts: [...(version.linkHosts ?? [])],
      created_by: caller.actorId,
      created_at: now,
    })
    .execute();
  const templateId = newId('tpl');
  await db
    .insertInto('template')
    .values({ id: templateId, service_id: serviceId, name: '範本', created_at: now })
    .execute();
  const versionId = newId('tpv');
  await db
    .insertInto('template_version')
    .values({
      id: versionId,
      template_id: templateId,
      number: 1,
      state: 'approved',
      class: version.class,
      outcome_policy: outcomePolicy,
      service_name: serviceName,
      body: version.body,
      fields: JSON.stringify(fields),
      contact_number: CONTACT,
      format_pack: formatPack,
      content_hash: hashContent({
        serviceId,
        serviceName,
        class: version.class,
        outcomePolicy,
        body: version.body,
        fields,
        contactNumber: CONTACT,
        formatPack: pack,
      }),
      created_by: caller.actorId,
      author_id: caller.actorId,
      created_at: now,
      decided_by: newId('usr'),
      decided_at: now,
      decision_reason: null,
    })
    .execute();
  await db
    .insertInto('agency_policy')
    .values({
      organisation_id: organisationId,
      space,
      month_parts: 100_000_000,
      month_ntd: 100_000_000,
      part_price_cents: 80,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return { serviceId, serviceName, versionId };
}
