/** Templates and their versions as an agency writes and reads them. A version never changes: a change is a new one. */
import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import { personBehind, type Caller } from '#platform/access';
import { parseCursor, toPage } from '#platform/http/cursor';
import { newId } from '#platform/id';
import type { MessageClass, MessagingTables, OutcomePolicy, VersionState } from '../tables.ts';
import { catalogueErrors } from './catalogue-errors.ts';
import { checkDraft, renderDraft, type Draft } from './draft-rules.ts';
import { formatPackOn } from './format-pack.ts';
import { readContactNumber } from './phone-numbers.ts';
import { ownService, type ServiceRow } from './services.ts';
import type { TextProblem } from './text-problem.ts';
import { hashContent } from './version-content.ts';
import { wordListOn } from './words.ts';

type Db = Kysely<MessagingTables>;
type Trx = Transaction<MessagingTables>;
export type VersionRow = Selectable<MessagingTables['template_version']>;

export interface NewVersion extends Draft {
  readonly class: MessageClass;
  readonly outcomePolicy: OutcomePolicy;
}

export const toVersion = (row: VersionRow) => ({
  id: row.id,
  templateId: row.template_id,
  number: row.number,
  state: row.state,
  class: row.class,
  outcomePolicy: row.outcome_policy,
  serviceName: row.service_name,
  body: row.body,
  fields: [...row.fields],
  contactNumber: row.contact_number,
  formatPack: row.format_pack,
  contentHash: row.content_hash.toString('hex'),
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  submittedBy: row.submitted_by,
  submittedAt: row.submitted_at?.toISOString() ?? null,
  decidedBy: row.decided_by,
  decidedAt: row.decided_at?.toISOString() ?? null,
  ministryDecidedAt: row.ministry_decided_at?.toISOString() ?? null,
  decisionReason: row.decision_reason,
  withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
});
export type VersionView = ReturnType<typeof toVersion>;

export interface TemplateView {
  readonly id: string;
  readonly serviceId: string;
  readonly name: string;
  readonly createdAt: string;
  readonly versions: number;
  /** Newest approved version, the one to send. */
  readonly approvedVersionId: string | null;
  readonly newestVersion: {
    readonly id: string;
    readonly number: number;
    readonly state: VersionState;
  } | null;
}

export async function createTemplate(
  trx: Trx,
  caller: Caller,
  input: { readonly serviceId: string; readonly name: string },
  now: Temporal.Instant,
): Promise<{ readonly id: string }> {
  await ownService(trx, caller, input.serviceId);
  const name = input.name.trim();
  const row = await trx
    .insertInto('template')
    .values({ id: newId('tpl'), service_id: input.serviceId, name, created_at: now.toString() })
    .onConflict((conflict) => conflict.columns(['service_id', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) throw catalogueErrors.template_name_taken({ name });
  return row;
}

interface TemplateRow {
  readonly id: string;
  readonly service_id: string;
  readonly name: string;
  readonly created_at: Date;
  readonly versions: number;
  readonly approved_id: string | null;
  readonly newest_id: string | null;
  readonly newest_number: number | null;
  readonly newest_state: VersionState | null;
}

const selectTemplates = sql`
  select t.id, t.service_id, t.name, t.created_at,
    (select count(*) from messaging.template_version v where v.template_id = t.id) as versions,
    (select v.id from messaging.template_version v where v.template_id = t.id and v.state = 'approved'
      order by v.number desc limit 1) as approved_id,
    newest.id as newest_id, newest.number as newest_number, newest.state as newest_state
  from messaging.template t join messaging.service s on s.id = t.service_id
  left join lateral (select v.id, v.number, v.state from messaging.template_version v where v.template_id = t.id
    order by v.number desc limit 1) newest on true`;

const toTemplate = (row: TemplateRow): TemplateView => ({
  id: row.id,
  serviceId: row.service_id,
  name: row.name,
  createdAt: row.created_at.toISOString(),
  versions: row.versions,
  approvedVersionId: row.approved_id,
  newestVersion:
    row.newest_id === null || row.newest_number === null || row.newest_state === null
      ? null
      : { id: row.newest_id, number: row.newest_number, state: row.newest_state },
});

/** Newest first. */
export async function listTemplates(
  db: Db,
  caller: Caller,
  page: { limit?: number; cursor?: string; serviceId?: string },
) {
  const limit = page.limit ?? 50;
  const before = parseCursor(page.cursor, 'text')?.[0] ?? null;
  const { rows } = await sql<TemplateRow>`${selectTemplates}
    where s.organisation_id = ${caller.organisation.id} and s.space = ${caller.space}
      and (${page.serviceId ?? null}::text is null or t.service_id = ${page.serviceId ?? null})
      and (${before}::text is null or t.id < ${before})
    order by t.id desc limit ${limit + 1}`.execute(db);
  return toPage(rows, limit, (row) => [row.id], toTemplate);
}

export async function getTemplate(db: Db, caller: Caller, id: string): Promise<TemplateView> {
  const { rows } = await sql<TemplateRow>`${selectTemplates}
    where t.id = ${id} and s.organisation_id = ${caller.organisation.id} and s.space = ${caller.space}`.execute(
    db,
  );
  const [row] = rows;
  if (row === undefined) throw catalogueErrors.template_not_found({ id });
  return toTemplate(row);
}

/** Versions of a template, or of the whole agency by state, newest first. */
export async function listVersions(
  db: Db,
  caller: Caller,
  page: { limit?: number; cursor?: string; templateId?: string; state?: VersionState },
) {
  const limit = page.limit ?? 50;
  const before = parseCursor(page.cursor, 'text')?.[0] ?? null;
  const rows = await db
    .selectFrom('template_version as v')
    .innerJoin('template as t', 't.id', 'v.template_id')
    .innerJoin('service as s', 's.id', 't.service_id')
    .selectAll('v')
    .where('s.organisation_id', '=', caller.organisation.id)
    .where('s.space', '=', caller.space)
    .$if(page.templateId !== undefined, (query) => query.where('t.id', '=', page.templateId as string))
    .$if(page.state !== undefined, (query) => query.where('v.state', '=', page.state as VersionState))
    .$if(before !== null, (query) => query.where('v.id', '<', before as string))
    .orderBy('v.id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, (row) => [row.id], toVersion);
}

/** One version of the caller's own. Throws `messaging.version_not_found`. */
export async function ownVersion(db: Db, caller: Caller, id: string): Promise<VersionRow> {
  const row = await db
    .selectFrom('template_version as v')
    .innerJoin('template as t', 't.id', 'v.template_id')
    .innerJoin('service as s', 's.id', 't.service_id')
    .selectAll('v')
    .where('v.id', '=', id)
    .where('s.organisation_id', '=', caller.organisation.id)
    .where('s.space', '=', caller.space)
    .executeTakeFirst();
  if (row === undefined) throw catalogueErrors.version_not_found({ id });
  return row;
}

export const draftServiceOf = (row: ServiceRow) => ({
  name: row.name,
  contactNumbers: row.contact_numbers,
  linkHosts: row.link_hosts,
});

/** Refuses a draft with every reason that it is refused for. */
export function requireFit(problems: readonly TextProblem[]): void {
  const refused = problems.filter(({ level }) => level === 'refuse');
  if (refused.length === 0) return;
  throw catalogueErrors.version_unfit(
    { codes: refused.map(({ code }) => code).join(', ') },
    {
      fields: refused.map(({ code, zh, en }) => ({
        pointer: pointerOf(code),
        code: `messaging.${code}`,
        zh,
        en,
      })),
    },
  );
}

const pointerOf = (code: string): string =>
  code === 'contact_not_registered' ? '/contactNumber' : code.startsWith('field_') ? '/fields' : '/body';

/** The contact number in the form in which it stands in a text. */
export const writtenContact = (number: string): string => readContactNumber(number)?.written ?? number;

/** Adds a version to a template of the caller's: numbered, hashed, under the format pack of the day. */
export async function createVersion(
  trx: Trx,
  caller: Caller,
  templateId: string,
  input: NewVersion,
  clock: { now(): Temporal.Instant; today(): Temporal.PlainDate },
): Promise<VersionRow> {
  const { serviceId } = await getTemplate(trx, caller, templateId);
  // Locks: versions are numbered one after the other, and the name does not change meanwhile.
  const service = await ownService(trx, caller, serviceId, true);
  const formatPack = formatPackOn(clock.today());
  const draft = { ...input, contactNumber: writtenContact(input.contactNumber) };
  const fields = draft.fields.map(({ name, type, maxLength }) => ({ name, type, maxLength }));
  requireFit(checkDraft(draft, draftServiceOf(service)));
  const words = wordListOn(clock.today());
  requireFit(
    renderDraft(draft, draftServiceOf(service), { formatPack, words, number9: '900000678' }).problems,
  );
  const highest = await trx
    .selectFrom('template_version')
    .select((e) => e.fn.max('number').as('number'))
    .where('template_id', '=', templateId)
    .executeTakeFirst();
  return trx
    .insertInto('template_version')
    .values({
      id: newId('tpv'),
      template_id: templateId,
      number: (highest?.number ?? 0) + 1,
      state: 'draft',
      class: draft.class,
      outcome_policy: draft.outcomePolicy,
      body: draft.body,
      fields: JSON.stringify(fields),
      contact_number: draft.contactNumber,
      format_pack: formatPack.id,
      service_name: service.name,
      content_hash: hashContent({ ...draft, fields, serviceId, serviceName: service.name, formatPack }),
      created_by: caller.actorId,
      author_id: personBehind(caller),
      created_at: clock.now().toString(),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}
