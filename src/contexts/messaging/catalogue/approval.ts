/** Who may let a version be sent: another person of the agency, and the ministry for an agency's first. */
import type { Kysely, Transaction } from 'kysely';
import { personBehind, type Caller } from '#platform/access';
import { parseCursor, toPage } from '#platform/http/cursor';
import type { MessagingTables, VersionState } from '../tables.ts';
import { catalogueErrors } from './catalogue-errors.ts';
import { checkDraft, renderDraft } from './draft-rules.ts';
import { formatPackById } from './format-pack.ts';
import type { ServiceRow } from './services.ts';
import { draftServiceOf, requireFit, toVersion, type VersionRow } from './templates.ts';
import type { TextProblem } from './text-problem.ts';
import { hashContent } from './version-content.ts';
import { wordListOn } from './words.ts';

type Trx = Transaction<MessagingTables>;

export interface Judged {
  readonly version: VersionRow;
  readonly service: ServiceRow;
}

export interface ApprovalDeps {
  readonly clock: { now(): Temporal.Instant; today(): Temporal.PlainDate };
  /** What is known of the addresses of a text elsewhere. */
  readonly reviewAddresses: (text: string) => Promise<readonly TextProblem[]>;
}

/** The version with its service, both locked; of the caller's organisation, or of any in the space for the ministry. */
async function lock(trx: Trx, caller: Caller, id: string, anyOrganisation: boolean): Promise<Judged> {
  const version = await trx
    .selectFrom('template_version')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  const service =
    version &&
    (await trx
      .selectFrom('service as s')
      .innerJoin('template as t', 't.service_id', 's.id')
      .selectAll('s')
      .where('t.id', '=', version.template_id)
      .where('s.space', '=', caller.space)
      .$if(!anyOrganisation, (query) => query.where('s.organisation_id', '=', caller.organisation.id))
      .forUpdate('s')
      .executeTakeFirst());
  if (version === undefined || service === undefined) throw catalogueErrors.version_not_found({ id });
  return { version, service };
}

function requireState(version: VersionRow, ...states: VersionState[]): void {
  if (!states.includes(version.state))
    throw catalogueErrors.version_state({ id: version.id, state: version.state });
}

/** Hands a draft in; from then on only a decision or a withdrawal changes its state. */
export async function submitVersion(
  trx: Trx,
  caller: Caller,
  id: string,
  { clock }: Pick<ApprovalDeps, 'clock'>,
): Promise<Judged> {
  const judged = await lock(trx, caller, id, false);
  requireState(judged.version, 'draft');
  requireUnchanged(judged);
  const version = await change(trx, id, {
    state: 'submitted',
    submitted_by: caller.actorId,
    submitter_id: personBehind(caller),
    submitted_at: clock.now().toString(),
  });
  return { ...judged, version };
}

export interface Decision {
  readonly approve: boolean;
  readonly reason: string | null;
}

/**
 * The agency's decision, by a person who neither wrote nor submitted the version, keys of those included. The first
 * version of an agency goes on to the ministry; the ministry itself needs no second decision.
 */
export async function decideVersion(
  trx: Trx,
  caller: Caller,
  id: string,
  decision: Decision,
  deps: ApprovalDeps,
): Promise<Judged> {
  const judged = await lock(trx, caller, id, false);
  if (judged.version.state === 'with-ministry') throw catalogueErrors.version_ministry_decides();
  requireState(judged.version, 'submitted');
  requireOther(caller, judged.version);
  if (decision.approve) await requireSound(judged, deps);
  const at = deps.clock.now().toString();
  const isMinistry = caller.organisation.kind === 'ministry';
  const needsMinistry = decision.approve && !isMinistry && !(await isTrusted(trx, judged.service));
  const version = await change(trx, id, {
    state: !decision.approve ? 'rejected' : needsMinistry ? 'with-ministry' : 'approved',
    decided_by: caller.actorId,
    decided_at: at,
    decision_reason: decision.reason,
    ...(isMinistry && decision.approve && { ministry_decided_by: caller.actorId, ministry_decided_at: at }),
  });
  return { ...judged, version };
}

/** The ministry's decision on the first version of an agency. */
export async function decideAsMinistry(
  trx: Trx,
  caller: Caller,
  id: string,
  decision: Decision,
  deps: ApprovalDeps,
): Promise<Judged> {
  const judged = await lock(trx, caller, id, true);
  requireState(judged.version, 'with-ministry');
  requireOther(caller, judged.version);
  if (decision.approve) await requireSound(judged, deps);
  const version = await change(trx, id, {
    state: decision.approve ? 'approved' : 'rejected',
    ministry_decided_by: caller.actorId,
    ministry_decided_at: deps.clock.now().toString(),
    decision_reason: decision.reason,
  });
  return { ...judged, version };
}

/** Takes a version out of use for good; the ministry may do so with any. */
export async function withdrawVersion(
  trx: Trx,
  caller: Caller,
  id: string,
  { clock }: Pick<ApprovalDeps, 'clock'>,
  anyOrganisation = false,
): Promise<Judged> {
  const judged = await lock(trx, caller, id, anyOrganisation);
  requireState(judged.version, 'draft', 'submitted', 'with-ministry', 'approved');
  const version = await change(trx, id, { state: 'withdrawn', withdrawn_at: clock.now().toString() });
  return { ...judged, version };
}

/** Versions of all agencies that wait for the ministry, with the agency, oldest first. */
export async function listForMinistry(
  db: Kysely<MessagingTables>,
  caller: Caller,
  page: { limit?: number; cursor?: string },
) {
  const limit = page.limit ?? 50;
  const after = parseCursor(page.cursor, 'text')?.[0] ?? '';
  const rows = await db
    .selectFrom('template_version as v')
    .innerJoin('template as t', 't.id', 'v.template_id')
    .innerJoin('service as s', 's.id', 't.service_id')
    .selectAll('v')
    .select('s.organisation_id')
    .where('s.space', '=', caller.space)
    .where('v.state', '=', 'with-ministry')
    .where('v.id', '>', after)
    .orderBy('v.id')
    .limit(limit + 1)
    .execute();
  return toPage(
    rows,
    limit,
    (row) => [row.id],
    (row) => ({ ...toVersion(row), organisationId: row.organisation_id }),
  );
}

function change(
  trx: Trx,
  id: string,
  values: Partial<
    Record<
      | 'state'
      | 'submitted_by'
      | 'submitter_id'
      | 'submitted_at'
      | 'decided_by'
      | 'decided_at'
      | 'decision_reason'
      | 'ministry_decided_by'
      | 'ministry_decided_at'
      | 'withdrawn_at',
      string | null
    >
  >,
): Promise<VersionRow> {
  return trx
    .updateTable('template_version')
    .set(values as { state: VersionState })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

function requireOther(caller: Caller, version: VersionRow): void {
  const person = personBehind(caller);
  const own = [version.author_id, version.submitter_id, version.created_by, version.submitted_by];
  if (own.includes(person) || own.includes(caller.actorId)) throw catalogueErrors.version_same_person();
}

/** True once the ministry has approved a version of the agency in this space. */
async function isTrusted(trx: Trx, service: ServiceRow): Promise<boolean> {
  const found = await trx
    .selectFrom('template_version as v')
    .innerJoin('template as t', 't.id', 'v.template_id')
    .innerJoin('service as s', 's.id', 't.service_id')
    .select('v.id')
    .where('s.organisation_id', '=', service.organisation_id)
    .where('s.space', '=', service.space)
    .where('v.ministry_decided_at', 'is not', null)
    .where('v.state', 'in', ['approved', 'withdrawn'])
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** What is decided on is what was written: its hash still holds, with the service's name of today. */
function requireUnchanged({ version, service }: Judged): void {
  const { id, body, fields, class: messageClass } = version;
  const formatPack = formatPackById(version.format_pack);
  const isSame =
    formatPack !== null &&
    version.service_name === service.name &&
    hashContent({
      serviceId: service.id,
      serviceName: version.service_name,
      class: messageClass,
      outcomePolicy: version.outcome_policy,
      body,
      fields,
      contactNumber: version.contact_number,
      formatPack,
    }).equals(version.content_hash);
  if (!isSame) throw catalogueErrors.version_changed({ id });
}

/** The rules of today hold, and nothing bad is known of its addresses. */
async function requireSound(judged: Judged, deps: ApprovalDeps): Promise<void> {
  requireUnchanged(judged);
  const { version, service } = judged;
  const draft = { body: version.body, fields: version.fields, contactNumber: version.contact_number };
  const formatPack = formatPackById(version.format_pack);
  if (formatPack === null) throw catalogueErrors.version_changed({ id: version.id });
  requireFit(checkDraft(draft, draftServiceOf(service)));
  const words = wordListOn(deps.clock.today());
  const { text, problems } = renderDraft(draft, draftServiceOf(service), {
    formatPack,
    words,
    number9: '900000678',
  });
  requireFit(problems);
  requireFit(await deps.reviewAddresses(text));
}
