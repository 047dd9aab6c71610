/** What goes by itself: days of facts made ahead and dropped, messages that never had a receipt, what is past its time. */
import { sql, type Kysely } from 'kysely';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Jobs } from '#platform/jobs/jobs';
import { eraseDigests } from '../check/fold.ts';
import type { CheckKeys } from '../check/keys.ts';
import type { MessagingTables } from '../tables.ts';
import { ON_CONFLICT, raiseSql, RISES } from './outcome-sql.ts';
import { PARTS } from './submission-sql.ts';

export interface UpkeepDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly checkKeys: Pick<CheckKeys, 'destroyDue'>;
}

type Db = Kysely<MessagingTables>;

const FACTS = ['intent', 'submission'] as const;
/** Days of facts that are made ahead. */
const DAYS_AHEAD = 3;
/** Days for which facts are kept. */
export const RETENTION_DAYS = 35;
/** Hours for which a receipt is awaited, and one of an unknown message kept. */
const RECEIPT_HOURS = 72;

/** Nightly and every ten minutes, where jobs run. */
export function defineUpkeep(jobs: Jobs, deps: UpkeepDeps): void {
  jobs.define('messaging.upkeep', {
    title: { zh: '清理簡訊發送紀錄', en: 'Clearing records of texts' },
    run: async () => ({
      ...(await keepDays(deps.database)),
      erasedChunks: await eraseOld(deps.database),
      destroyedKeys: await deps.checkKeys.destroyDue(),
    }),
  });
  jobs.schedule({ name: 'messaging.upkeep', cron: '25 3 * * *', kind: 'messaging.upkeep', input: {} });
  jobs.define('messaging.close', {
    title: { zh: '結案逾時未回報的簡訊', en: 'Closing texts without a receipt' },
    keepDone: false,
    run: async () => ({
      closedChunks: await closeChunks(deps.database, deps.clock.now()),
      orphanReceipts: await countOrphans(deps.database),
    }),
  });
  jobs.schedule({ name: 'messaging.close', everySeconds: 600, kind: 'messaging.close', input: {} });
}

/** Makes the partitions of today and the next days, and drops those past the retention. */
export async function keepDays(
  database: Database,
  retentionDays = RETENTION_DAYS,
): Promise<{ made: number; dropped: number }> {
  const db = database.of<MessagingTables>('messaging');
  const { rows } = await sql<{ today: string }>`select (now() at time zone 'UTC')::date as today`.execute(db);
  const today = Temporal.PlainDate.from(rows[0]!.today);
  let made = 0;
  let dropped = 0;
  for (const fact of FACTS) {
    for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
      if (await makeDay(db, fact, today.add({ days: ahead }))) made++;
    }
    dropped += await dropDays(db, fact, today.subtract({ days: retentionDays }));
  }
  return { made, dropped };
}

const nameOf = (fact: string, day: Temporal.PlainDate): string =>
  `${fact}_${day.toString().replaceAll('-', '')}`;

const startOf = (day: Temporal.PlainDate): string => `${day.toString()}T00:00:00Z`;

/** False where the day is there, or rows of it already lie in the default partition: then they stay there. */
async function makeDay(db: Db, fact: (typeof FACTS)[number], day: Temporal.PlainDate): Promise<boolean> {
  const from = startOf(day);
  const to = startOf(day.add({ days: 1 }));
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('messaging.days'))`.execute(trx);
    const { rows } = await sql<{ blocked: boolean }>`
      select to_regclass(${`messaging.${nameOf(fact, day)}`}) is not null
        or exists (select from messaging.${sql.ref(`${fact}_rest`)} where at >= ${from} and at < ${to}) as blocked`.execute(
      trx,
    );
    if (rows[0]?.blocked !== false) return false;
    await sql`create table messaging.${sql.ref(nameOf(fact, day))} partition of messaging.${sql.ref(fact)}
      for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(trx);
    return true;
  });
}

async function dropDays(db: Db, fact: (typeof FACTS)[number], before: Temporal.PlainDate): Promise<number> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = ${`messaging.${fact}`}::regclass and relname ~ ${`^${fact}_[0-9]{8}$`}
      and relname < ${nameOf(fact, before)} order by relname`.execute(db);
  for (const { name } of rows) await sql`drop table messaging.${sql.ref(name)}`.execute(db);
  await sql`delete from messaging.${sql.ref(`${fact}_rest`)} where at < ${startOf(before)}`.execute(db);
  return rows.length;
}

/** Chunks that one statement closes or erases. */
const CHUNKS = 200;

/** 72 hours after its time is over, what has no outcome is unknown: no telecom tells it any more. */
export async function closeChunks(database: Database, now: Temporal.Instant): Promise<number> {
  const db = database.of<MessagingTables>('messaging');
  for (let total = 0; ;) {
    const { rows } = await sql<{ closed: number }>`
      with due as (
        select chunk.id, chunk.row_count from messaging.chunk
        where closed_at is null and valid_until < ${now.subtract({ hours: RECEIPT_HOURS }).toString()}::timestamptz
          and not exists (select from messaging.chunk_queue where chunk_queue.chunk_id = chunk.id)
        order by valid_until limit ${CHUNKS} for update skip locked
      ), closed as (
        update messaging.chunk set closed_at = now() from due where chunk.id = due.id returning chunk.id
      ), taken as materialized (
        select part.chunk_id, part.row, count(distinct part.part) as parts, max(part.link_id) as link_id
        from due join ${sql.raw(PARTS)} as part on part.chunk_id = due.id where part.status = 0 group by 1, 2
      ), ended as (
        insert into messaging.outcome (chunk_id, row, parts, state, cause, link_id, at)
        select due.id, place, greatest(1, taken.parts), 'unknown', 'no_receipt', taken.link_id, now()
        from due cross join lateral generate_series(0, due.row_count - 1) as place
        left join taken on taken.chunk_id = due.id and taken.row = place
        where not exists (select from messaging.outcome where outcome.chunk_id = due.id and outcome.row = place)
        order by due.id, place
        ${sql.raw(ON_CONFLICT)}
      ), ${sql.raw(RISES)}, counted as (
        ${sql.raw(raiseSql('select subject_id, link_id, kind, cause, messages, parts from rises'))}
      )
      select count(*)::int as closed from closed`.execute(db);
    const closed = rows[0]?.closed ?? 0;
    total += closed;
    if (closed < CHUNKS) return total;
  }
}

/** Receipts that found no message in 72 hours are counted under their link, and settled so. */
export async function countOrphans(database: Database): Promise<number> {
  const { rows } = await sql<{ orphans: number }>`
    with orphan as (
      update messaging.receipt set settled_at = now()
      where settled_at is null and at < now() - ${RECEIPT_HOURS} * interval '1 hour'
      returning link_id
    ), counted as (
      ${sql.raw(
        raiseSql(
          "select link_id as subject_id, link_id, 'orphan_receipt' as kind, '' as cause, count(*) as messages, count(*) as parts from orphan group by 1, 2",
        ),
      )}
    )
    select count(*)::int as orphans from orphan`.execute(database.of<MessagingTables>('messaging'));
  return rows[0]?.orphans ?? 0;
}

/** Chunks with their outcomes and receipts, keys of idempotency: past the retention. Tallies stay. */
export async function eraseOld(database: Database, retentionDays = RETENTION_DAYS): Promise<number> {
  const db = database.of<MessagingTables>('messaging');
  await sql`delete from messaging.receipt where settled_at < now() - interval '7 days'`.execute(db);
  await eraseDigests(db, retentionDays);
  await sql`delete from messaging.accept_key where expires_at < now()`.execute(db);
  for (let total = 0; ;) {
    const { rows } = await sql<{ erased: number }>`
      with due as (
        select id from messaging.chunk
        where closed_at < now() - ${retentionDays} * interval '1 day'
        order by closed_at limit ${CHUNKS} for update skip locked
      ), outcomes as (delete from messaging.outcome using due where chunk_id = due.id),
      receipts as (delete from messaging.receipt using due where chunk_id = due.id),
      erased as (delete from messaging.chunk using due where chunk.id = due.id returning chunk.id)
      select count(*)::int as erased from erased`.execute(db);
    const erased = rows[0]?.erased ?? 0;
    total += erased;
    if (erased < CHUNKS) return total;
  }
}
