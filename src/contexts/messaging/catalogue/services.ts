/** Services: what an agency sends texts for. The registered name opens every text, registered numbers close it. */
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Caller } from '#platform/access';
import { parseCursor, toPage } from '#platform/http/cursor';
import { newId } from '#platform/id';
import type { MessagingTables } from '../tables.ts';
import { findAddresses, readLinkHost } from './addresses.ts';
import { catalogueErrors } from './catalogue-errors.ts';
import { oddKind } from './characters.ts';
import { findPhoneNumbers, readContactNumber } from './phone-numbers.ts';

export type ServiceRow = Selectable<MessagingTables['service']>;
type Db = Kysely<MessagingTables>;
type Trx = Transaction<MessagingTables>;

export interface ServiceSettings {
  readonly name?: string;
  readonly contactNumbers?: readonly string[];
  readonly linkHosts?: readonly string[];
  /** `08:00` */
  readonly sendFrom?: string;
  readonly sendUntil?: string;
  readonly retentionDays?: number;
}

export interface ServiceView {
  readonly id: string;
  readonly organisationId: string;
  readonly name: string;
  readonly state: 'trial' | 'live' | 'paused';
  readonly contactNumbers: string[];
  readonly linkHosts: string[];
  readonly teamNumbers: number;
  readonly sendFrom: string;
  readonly sendUntil: string;
  readonly retentionDays: number;
  readonly createdAt: string;
  readonly liveSince: string | null;
}

export const toService = (row: ServiceRow): ServiceView => ({
  id: row.id,
  organisationId: row.organisation_id,
  name: row.name,
  state: row.state,
  contactNumbers: row.contact_numbers,
  linkHosts: row.link_hosts,
  teamNumbers: row.team_number_ids.length,
  sendFrom: row.send_from.slice(0, 5),
  sendUntil: row.send_until.slice(0, 5),
  retentionDays: row.retention_days,
  createdAt: row.created_at.toISOString(),
  liveSince: row.live_since?.toISOString() ?? null,
});

/** Services of the caller's organisation and space by name; with `all`, of every organisation in the space. */
export async function listServices(
  db: Db,
  caller: Caller,
  page: { limit?: number; cursor?: string; state?: ServiceRow['state'] },
  all = false,
) {
  const limit = page.limit ?? 50;
  const after = parseCursor(page.cursor, 'text', 'text');
  const rows = await db
    .selectFrom('service')
    .selectAll()
    .where('space', '=', caller.space)
    .$if(!all, (query) => query.where('organisation_id', '=', caller.organisation.id))
    .$if(page.state !== undefined, (query) => query.where('state', '=', page.state as ServiceRow['state']))
    .$if(after !== null, (query) =>
      query.where((where) =>
        where(where.refTuple('name', 'id'), '>', where.tuple(after?.[0] ?? '', after?.[1] ?? '')),
      ),
    )
    .orderBy('name')
    .orderBy('id')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, (row) => [row.name, row.id], toService);
}

/** The caller's own service, locked in a transaction where `lock`. Throws `messaging.service_not_found`. */
export async function ownService(db: Db, caller: Caller, id: string, lock = false): Promise<ServiceRow> {
  const row = await db
    .selectFrom('service')
    .selectAll()
    .where('id', '=', id)
    .where('organisation_id', '=', caller.organisation.id)
    .where('space', '=', caller.space)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst();
  if (row === undefined) throw catalogueErrors.service_not_found({ id });
  return row;
}

export async function createService(
  trx: Trx,
  caller: Caller,
  settings: ServiceSettings & { readonly name: string },
  now: Temporal.Instant,
): Promise<ServiceRow> {
  const columns = readSettings(settings);
  const row = await trx
    .insertInto('service')
    .values({
      ...columns,
      id: newId('svc'),
      organisation_id: caller.organisation.id,
      space: caller.space,
      name: readName(settings.name),
      state: 'trial',
      created_by: caller.actorId,
      created_at: now.toString(),
    })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'space', 'name']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw catalogueErrors.service_name_taken({ name: settings.name });
  return row;
}

/**
 * Changes what is given. A name that versions froze stays, and so does a number that approved or waiting versions end with:
 * a text is never changed behind the back of those who approved it.
 */
export async function changeService(
  trx: Trx,
  caller: Caller,
  id: string,
  settings: ServiceSettings,
): Promise<{ readonly before: ServiceRow; readonly after: ServiceRow }> {
  const before = await ownService(trx, caller, id, true);
  const columns = readSettings(settings);
  const versions = await trx
    .selectFrom('template_version as v')
    .innerJoin('template as t', 't.id', 'v.template_id')
    .select(['v.contact_number', 'v.state'])
    .distinct()
    .where('t.service_id', '=', id)
    .execute();
  const name = settings.name === undefined ? before.name : readName(settings.name);
  if (name !== before.name) {
    if (versions.length > 0) throw catalogueErrors.service_name_in_use();
    const taken = await trx
      .selectFrom('service')
      .select('id')
      .where('organisation_id', '=', before.organisation_id)
      .where('space', '=', before.space)
      .where('name', '=', name)
      .executeTakeFirst();
    if (taken !== undefined) throw catalogueErrors.service_name_taken({ name });
  }
  const used = versions.find(
    ({ contact_number: number, state }) =>
      ['submitted', 'with-ministry', 'approved'].includes(state) &&
      columns.contact_numbers?.includes(number) === false,
  );
  if (used !== undefined) throw catalogueErrors.contact_in_use({ value: used.contact_number });
  const after = await trx
    .updateTable('service')
    .set({ ...columns, name })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return { before, after };
}

/** Stops a service, or lets it go on as it was; the same state again changes nothing. */
export async function pauseService(db: Db, row: ServiceRow, paused: boolean): Promise<ServiceRow> {
  if (row.held && !paused) throw catalogueErrors.service_held({ id: row.id });
  const resumed = row.live_since === null ? 'trial' : 'live';
  const state = paused ? 'paused' : row.state === 'paused' ? resumed : row.state;
  return db
    .updateTable('service')
    .set({ state })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

function readSettings(settings: ServiceSettings) {
  const { contactNumbers, linkHosts, sendFrom, sendUntil, retentionDays } = settings;
  return {
    ...(contactNumbers !== undefined && { contact_numbers: unique(contactNumbers, readContact) }),
    ...(linkHosts !== undefined && { link_hosts: unique(linkHosts, readHost) }),
    ...(sendFrom !== undefined && { send_from: sendFrom }),
    ...(sendUntil !== undefined && { send_until: sendUntil }),
    ...(retentionDays !== undefined && { retention_days: retentionDays }),
  };
}

const unique = (values: readonly string[], read: (value: string) => string): string[] => [
  ...new Set(values.map((value) => read(value))),
];

function readContact(value: string): string {
  const found = readContactNumber(value);
  if (found === null) throw catalogueErrors.contact_unfit({ value });
  return found.written;
}

function readHost(value: string): string {
  const host = readLinkHost(value);
  if (host === null) throw catalogueErrors.link_host_unfit({ value });
  return host;
}

/** A digit at its beginning would join the recipient's last three before it. */
function readName(value: string): string {
  const name = value.trim().normalize('NFC');
  const isUnfit =
    name.length < 2 ||
    name.length > 40 ||
    /^[\p{N}\p{P}\p{S}]|[:：\n{}]/u.test(name) ||
    Array.from(name).some((character) => oddKind(character) !== null) ||
    findAddresses(name).length + findPhoneNumbers(name).length > 0;
  if (isUnfit) throw catalogueErrors.service_name_unfit();
  return name;
}
