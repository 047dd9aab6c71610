/** The account of every accepted message: the states together are what was accepted, at every moment. */
import { sql } from 'kysely';
import type { Database } from '#platform/database';
import type { MessagingTables } from '../tables.ts';
import { PARTS } from './submission-sql.ts';

export interface Ledger {
  readonly accepted: number;
  /** Not begun, or not taken by the telecom: in the queue. */
  readonly waiting: number;
  /** Intended, without an answer on record. */
  readonly sending: number;
  readonly submitted: number;
  readonly ended: number;
  /** In none of these states. */
  readonly lost: number;
  /** In two: with an outcome or an answer, and intended again since. */
  readonly twice: number;
  /** Tallies that differ from the facts. */
  readonly miscounted: number;
}

/** Reads the account from the facts, in one snapshot. It looks at every row: for tests, campaigns and after an incident. */
export async function readLedger(database: Database): Promise<Ledger> {
  const { rows } = await sql<Ledger>`
    with message as (
      select chunk.id as chunk_id, row, version.outcome_policy as policy
      from messaging.chunk join messaging.template_version as version on version.id = chunk.template_version_id
      cross join lateral generate_series(0, chunk.row_count - 1) as row
    ), answer as materialized (
      select * from ${sql.raw(PARTS)} as part
    ), answered as (
      select intent_id, row, bool_and(status <> 0) as refused from answer group by 1, 2
    ), intended as (
      select intent.chunk_id, place as row, count(*) filter (where answered.refused is not true) as open
      from messaging.intent cross join lateral generate_series(from_row, to_row) as place
      left join answered on answered.intent_id = intent.id and answered.row = place
      group by 1, 2
    ), taken as (
      select distinct chunk_id, row::integer as row from answer where status = 0
    ), account as (
      select message.*, intended.open, taken.row is not null as is_taken, outcome.state, queue.chunk_id is not null as queued
      from message left join intended using (chunk_id, row) left join taken using (chunk_id, row)
      left join messaging.outcome on outcome.chunk_id = message.chunk_id and outcome.row = message.row
      left join messaging.chunk_queue as queue on queue.chunk_id = message.chunk_id
    ), facts as (
      select state as kind, count(*) as messages from messaging.outcome group by 1
      union all select 'accepted', count(*) from message
    ), counted as (
      select kind, sum(messages) as messages from messaging.tally group by 1 having sum(messages) <> 0
    )
    select count(*)::int as accepted,
      count(*) filter (where state is null and not is_taken and queued and coalesce(open, 0) = 0)::int as waiting,
      count(*) filter (where state is null and not is_taken and open > 0)::int as sending,
      count(*) filter (where state is null and is_taken)::int as submitted,
      count(*) filter (where state is not null)::int as ended,
      count(*) filter (where state is null and not is_taken and not queued and coalesce(open, 0) = 0)::int as lost,
      count(*) filter (where policy = 'once' and open > 1)::int as twice,
      (select count(*)::int from facts full join counted using (kind)
        where kind <> 'submitted' and coalesce(facts.messages, 0) <> coalesce(counted.messages, 0)) as miscounted
    from account`.execute(database.of<MessagingTables>('messaging'));
  return rows[0] as Ledger;
}
