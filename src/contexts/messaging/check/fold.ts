/**
 * Where digests of sent texts lie. A cycle of a link appends them as they come, to `check_fresh`, without an index: one in
 * the order of a keyed digest costs more than all else that is recorded of a text. When there are many they are folded into
 * a run: 4,096 rows in `check_run`, found by the first bits. A question looks through what is fresh and one row of each run.
 */
import { sql, type Kysely } from 'kysely';
import type { Database } from '#platform/database';
import type { MessagingTables, Space } from '../tables.ts';

/** Digests or rows from which on a run is worth making; a look through so many takes about ten milliseconds. */
const MOST_DIGESTS = 200_000;
const MOST_ROWS = 20_000;

/** Makes a run of the fresh digests where they are many, or at once; answers how many went. */
export async function foldDigests(database: Database, atOnce = false): Promise<number> {
  const db = database.of<MessagingTables>('messaging');
  const { rows } = await sql<{ digests: number; rows: number }>`
    select coalesce(sum(count), 0)::int as digests, count(*)::int as rows from messaging.check_fresh`.execute(
    db,
  );
  const { digests = 0, rows: held = 0 } = rows[0] ?? {};
  if (held === 0 || (!atOnce && digests < MOST_DIGESTS && held < MOST_ROWS)) return 0;
  return db.transaction().execute(async (trx) => {
    const lock = await sql<{ own: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('messaging.check_run')) as own`.execute(trx);
    if (lock.rows[0]?.own !== true) return 0;
    const folded = await sql<{ digests: number }>`
      with gone as (
        delete from messaging.check_fresh
        returning at, count, digests, chunk_ids, floor(extract(epoch from at) / 60)::integer as minute
      ), run as (
        insert into messaging.check_run (bucket, newest, digests, chunk_ids, minutes)
        select (one.digest >> 52) & 4095, max(at), array_agg(one.digest), array_agg(one.chunk_id),
          array_agg(minute)
        from gone cross join lateral unnest(digests, chunk_ids) as one (digest, chunk_id) group by 1
      )
      select coalesce(sum(count), 0)::int as digests from gone`.execute(trx);
    return folded.rows[0]?.digests ?? 0;
  });
}

/** Name of the service and moment of the newest text in a space with one of the digests; null where there is none. */
export async function findDigest(
  db: Kysely<MessagingTables>,
  digests: readonly bigint[],
  space: Space,
): Promise<{ readonly name: string; readonly at: Date } | null> {
  const asked = sql`${digests.map(String)}::bigint[]`;
  const buckets = [...new Set(digests.map((digest) => Number(BigInt.asUintN(64, digest) >> 52n)))];
  const { rows } = await sql<{ name: string; at: Date }>`
    with found as (
      select chunk_id, at from messaging.check_fresh
      cross join lateral unnest(digests, chunk_ids) as one (digest, chunk_id)
      where digests && ${asked} and digest = any (${asked})
      union all
      select chunk_id, to_timestamp(minute * 60::float8) from messaging.check_run
      cross join lateral unnest(digests, chunk_ids, minutes) as one (digest, chunk_id, minute)
      where bucket = any (${buckets}::integer[]) and digests && ${asked} and digest = any (${asked})
    )
    select service.name, found.at from found
    join messaging.chunk on chunk.id = found.chunk_id
    join messaging.service on service.id = chunk.service_id
    where chunk.space = ${space} order by found.at desc limit 1`.execute(db);
  return rows[0] ?? null;
}

/** Takes digests away whose key is long destroyed. */
export async function eraseDigests(db: Kysely<MessagingTables>, days: number): Promise<void> {
  await sql`delete from messaging.check_fresh where at < now() - ${days} * interval '1 day'`.execute(db);
  await sql`delete from messaging.check_run where newest < now() - ${days} * interval '1 day'`.execute(db);
}
