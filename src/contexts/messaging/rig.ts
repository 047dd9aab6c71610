/** For tests: a live service with an approved template version and a quota, as approval leaves them. */
import type { Caller } from '#platform/access';
import type { Database } from '#platform/database';
import { newId } from '#platform/id';
import { insertApprovedVersion, insertQuota, insertService } from './catalogue/insert-approved.ts';
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

/** Makes it for the caller's organisation and space. */
export async function approvedVersion(
  database: Database,
  caller: Caller,
  version: VersionToApprove,
): Promise<ApprovedVersion> {
  const db = database.of<MessagingTables>('messaging');
  const { id: organisationId } = caller.organisation;
  const serviceName = version.serviceName ?? `示範機關${newId('svc').slice(-6)}`;
  const serviceId = await insertService(db, {
    organisationId,
    space: caller.space,
    name: serviceName,
    contactNumber: '0800-009-868',
    linkHosts: version.linkHosts ?? [],
    createdBy: caller.actorId,
  });
  const versionId = await insertApprovedVersion(db, serviceId, {
    templateName: '範本',
    class: version.class,
    body: version.body,
    fields: version.fields ?? [],
    outcomePolicy: version.outcomePolicy ?? 'once',
    formatPack: version.formatPack ?? '2025',
    authorId: caller.actorId,
    approverId: newId('usr'),
  });
  await insertQuota(db, organisationId, caller.space, 100_000_000);
  return { serviceId, serviceName, versionId };
}
