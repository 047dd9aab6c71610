/** Ends chunks that no link holds: their batch was cancelled, or their time is over. */
import { sql } from 'kysely';
import type { AnyTransaction } from '#platform/database';
import { ON_CONFLICT, raiseSql, RISES } from './outcome-sql.ts';
import { PARTS } from './submission-sql.ts';

/** Chunks that one round ends. */
const MOST = 200;

/**
 * Ends the unsent rows of queued chunks whose batch is cancelled, or whose time is over at `now` (the product's clock),
 * and takes the chunks out of the queue. Answers how many chunks; chunks that a link holds are its own to end.
 */
export async function endQueued(trx: AnyTransaction, now: Temporal.Instant): Promise<number> {
  const { rows } = await sql<{ chunks: number }>`
    with due as (
      select queue.chunk_id, case when batch.state = 'cancelled' then 'cancelled' else 'expired' end as state
      from messaging.chunk_queue as queue
      join messaging.chunk on chunk.id = queue.chunk_id
      left join messaging.batch on batch.id = queue.batch_id
      where queue.link_id is null
        and (batch.state = 'cancelled' or chunk.valid_until <= ${now.toString()}::timestamptz)
      order by queue.chunk_id limit ${MOST} for update of queue skip locked
    ), gone as (
      delete from messaging.chunk_queue using due where chunk_queue.chunk_id = due.chunk_id returning due.*
    ), taken as materialized (
      select part.chunk_id, part.row from gone join ${sql.raw(PARTS)} as part using (chunk_id) where part.status = 0
    ), ended as (
      insert into messaging.outcome (chunk_id, row, parts, state, cause, at)
      select chunk.id, place, greatest(1, round(chunk.part_count::numeric / chunk.row_count)), gone.state,
        case gone.state when 'cancelled' then 'cancelled' else 'not_sent_in_time' end, now()
      from gone join messaging.chunk on chunk.id = gone.chunk_id
      cross join lateral generate_series(0, chunk.row_count - 1) as place
      where not exists (select from taken where taken.chunk_id = chunk.id and taken.row = place)
      order by chunk.id, place
      ${sql.raw(ON_CONFLICT.replace("where outcome.state = 'unknown' and excluded.state <> 'unknown'", 'where false'))}
    ), ${sql.raw(RISES)}, counted as (
      ${sql.raw(raiseSql('select subject_id, link_id, kind, cause, messages, parts from rises'))}
    )
    select count(*)::int as chunks from gone`.execute(trx);
  return rows[0]?.chunks ?? 0;
}
