/** What became of messages, read from the facts. */
import { sql, type Kysely } from 'kysely';
import { PARTS } from '../dispatch/submission-sql.ts';
import type { MessagingTables, OutcomeState } from '../tables.ts';
import type { MessagePlace } from './message-id.ts';

export type MessageState = 'waiting' | 'sending' | 'submitted' | OutcomeState;

export interface StateOfMessage {
  readonly state: MessageState;
  readonly cause: string | null;
  readonly endedAt: Date | null;
}

interface Row {
  readonly place: number;
  readonly state: MessageState;
  readonly cause: string | null;
  readonly ended_at: Date | null;
}

/**
 * States in the order of the places. A message that was tried again has the state of its newest try. A telecom's answer
 * that it did not take a part (status above 0) leaves the message waiting or sending.
 */
export async function statesOf(
  db: Kysely<MessagingTables>,
  places: readonly MessagePlace[],
): Promise<readonly StateOfMessage[]> {
  if (places.length === 0) return [];
  const { rows } = await sql<Row>`
    with recursive asked as (
      select place::integer, chunk_id, row
      from unnest(${places.map(({ chunkId }) => chunkId)}::bigint[], ${places.map(({ row }) => row)}::integer[])
        with ordinality as a (chunk_id, row, place)
    ), tries as (
      select place, chunk_id, row from asked
      union all
      select tries.place, chunk.id, array_position(chunk.retry_rows, tries.row) - 1
      from tries join messaging.chunk on chunk.retry_of = tries.chunk_id and tries.row = any (chunk.retry_rows)
    ), newest as (
      select distinct on (place) place, chunk_id, row from tries order by place, chunk_id desc
    )
    select newest.place,
      case
        when outcome.state is not null then outcome.state
        when exists (select from ${sql.raw(PARTS)} as s
          where s.chunk_id = newest.chunk_id and s.row = newest.row and s.status = 0) then 'submitted'
        when exists (select from messaging.intent i
          where i.chunk_id = newest.chunk_id and newest.row between i.from_row and i.to_row) then 'sending'
        else 'waiting'
      end as state,
      outcome.cause, outcome.at as ended_at
    from newest left join messaging.outcome using (chunk_id, row)
    order by newest.place`.execute(db);
  return rows.map(({ state, cause, ended_at }) => ({ state, cause, endedAt: ended_at }));
}
