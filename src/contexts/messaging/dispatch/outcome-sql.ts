/** The SQL by which rows end and are counted, shared by every place that ends them. */

/** How an `insert into messaging.outcome` meets a row that ended before; answers what changed. */
export const ON_CONFLICT = `on conflict (chunk_id, row) do update
    set state = excluded.state, cause = excluded.cause, at = excluded.at, parts = outcome.parts,
      link_id = coalesce(excluded.link_id, outcome.link_id)
    where outcome.state = 'unknown' and excluded.state <> 'unknown'
  returning chunk_id, new.parts, new.state, new.cause, new.link_id,
    old.state as old_state, old.cause as old_cause, old.link_id as old_link_id`;

/** From `ended`, the rows that changed: what the tallies rise by, and fall by where an unknown outcome gave way. */
export const RISES = `rises as (
  select coalesce(chunk.batch_id, chunk.service_id) as subject_id, change.link_id, change.kind, change.cause,
    sum(change.messages)::bigint as messages, sum(change.parts)::bigint as parts
  from (
    select chunk_id, coalesce(link_id, '') as link_id, state as kind, coalesce(cause, '') as cause,
      count(*) as messages, sum(parts) as parts
    from ended group by 1, 2, 3, 4
    union all
    select chunk_id, coalesce(old_link_id, ''), old_state, coalesce(old_cause, ''), -count(*), -sum(parts)
    from ended where old_state is not null group by 1, 2, 3, 4
    union all
    -- A receipt says that the telecom took what we had no answer for.
    select chunk_id, coalesce(link_id, ''), 'submitted', '', count(*), sum(parts)
    from ended where old_state = 'unknown' and old_cause = 'answer_lost' group by 1, 2
  ) as change join messaging.chunk on chunk.id = change.chunk_id
  group by 1, 2, 3, 4
)`;

/** Raises the tallies by a query of (subject_id, link_id, kind, cause, messages, parts), in an order that cannot deadlock. */
export const raiseSql = (source: string): string => `
  insert into messaging.tally (subject_id, link_id, hour, kind, cause, messages, parts)
  select subject_id, link_id, date_trunc('hour', now()), kind, cause, sum(messages), sum(parts) from (${source}) as rise
  group by subject_id, link_id, kind, cause
  order by subject_id collate "C", link_id collate "C", kind collate "C", cause collate "C"
  on conflict (subject_id, link_id, hour, kind, cause)
  do update set messages = tally.messages + excluded.messages, parts = tally.parts + excluded.parts`;
