/** Cycles of one or several links, written in one statement and one commit; of each link all of it or nothing. */
import type { PoolClient } from 'pg';
import { quoted, type Columns, type CycleFacts } from './facts.ts';
import { ON_CONFLICT, raiseSql, RISES } from './outcome-sql.ts';

export interface Fence {
  readonly linkId: string;
  readonly token: number;
  /** One more than that of the last commit. */
  readonly cycle: number;
  /** The lowest intent without an answer. */
  readonly openFrom: number;
  /** Milliseconds for which the lease holds from this commit on. */
  readonly holdMs: number;
}

export interface Cycle {
  readonly facts: CycleFacts;
  readonly fence: Fence;
}

/**
 * Writes the facts of every link whose lease still holds, and answers the ids of these. A row that ended before breaks the
 * statement (23505): `again` then takes the outcomes one by one, and counts what they change. Of a link no more than one
 * cycle.
 */
export async function commitCycles(
  client: PoolClient,
  cycles: readonly Cycle[],
  again: boolean,
): Promise<ReadonlySet<string>> {
  const fences = cycles.map(({ fence }) => fence);
  const values: string[] = [
    literal(fences.map(({ linkId }) => quoted(linkId))),
    literal(fences.map(({ token }) => token)),
    literal(fences.map(({ cycle }) => cycle)),
    literal(fences.map(({ openFrom }) => openFrom)),
    literal(fences.map(({ holdMs }) => holdMs)),
  ];
  const parts: string[] = [FENCE];
  let mask = 0;
  const use = (bit: number, literals: readonly string[], text: (first: number) => string): void => {
    if (literals[0] === '{}') return;
    mask |= bit;
    parts.push(text(values.length + 1));
    values.push(...literals);
  };
  const of = (pick: (facts: CycleFacts) => Columns): string[] => merged(cycles, pick);
  use(
    1,
    of(({ intents }) => intents),
    intentSql,
  );
  use(2, answers(cycles), submissionSql);
  use(256, digests(cycles), digestSql);
  use(
    again ? 4 : 8,
    of(({ outcomes }) => outcomes),
    again ? changingSql : outcomeSql,
  );
  use(128, rises(cycles, again), risingSql);
  use(
    16,
    of(({ receipts }) => receipts),
    receiptSql,
  );
  use(32, [literal(cycles.flatMap(({ facts }) => facts.doneChunks))], doneSql);
  use(64, [literal(cycles.flatMap(({ facts }) => facts.givenBack))], giveBackSql);
  if ((mask & 132) !== 0) parts.push(tallySql(mask));
  const text = `with ${parts.join(',\n')}\nselect link_id from fence`;
  const { rows } = await client.query<{ link_id: string }>({ name: `messaging-cycle-${mask}`, text, values });
  return new Set(rows.map(({ link_id }) => link_id));
}

const literal = (elements: readonly (string | number)[]): string => `{${elements.join(',')}}`;

/** Columns of all cycles one after the other; before them the place of each row's link. */
function merged(cycles: readonly Cycle[], pick: (facts: CycleFacts) => Columns): string[] {
  const used = cycles.map(({ facts }) => pick(facts));
  const width = used[0]?.texts.length ?? 0;
  const filled = used.filter(({ length }) => length > 0);
  const places = used
    .map(({ length }, place) => `${place + 1},`.repeat(length))
    .join('')
    .slice(0, -1);
  const columns = Array.from({ length: width }, (_, column) =>
    filled.map(({ texts }) => texts[column]).join(','),
  );
  return [places, ...columns].map((column) => `{${column}}`);
}

/** Groups, each with where its parts begin and end in the columns of parts. */
function answers(cycles: readonly Cycle[]): string[] {
  const groups: number[][] = [[], [], [], [], []];
  let end = 0;
  for (const [place, { facts }] of cycles.entries()) {
    for (const { intentId, chunkId, parts } of facts.groups) {
      [place + 1, intentId, chunkId, end + 1, end + parts].forEach((value, column) =>
        groups[column]!.push(value),
      );
      end += parts;
    }
  }
  return [...groups.map(literal), ...merged(cycles, ({ parts }) => parts).slice(1)];
}

function digests(cycles: readonly Cycle[]): string[] {
  const groups: number[][] = [[], [], []];
  let end = 0;
  for (const [place, { facts }] of cycles.entries()) {
    const { length } = facts.digests;
    if (length === 0) continue;
    [place + 1, end + 1, end + length].forEach((value, column) => groups[column]!.push(value));
    end += length;
  }
  const columns = merged(cycles, (facts) => facts.digests).slice(1);
  return [...groups.map(literal), ...columns];
}

function rises(cycles: readonly Cycle[], again: boolean): string[] {
  const all = cycles.flatMap(({ facts }, place) =>
    facts.rises(again).map((rise) => ({ ...rise, place: place + 1 })),
  );
  return [
    literal(all.map(({ place }) => place)),
    literal(all.map(({ subject }) => quoted(subject))),
    literal(all.map(({ kind }) => quoted(kind))),
    literal(all.map(({ cause }) => quoted(cause))),
    literal(all.map(({ messages }) => messages)),
    literal(all.map(({ parts }) => parts)),
  ];
}

const FENCE = `fence as (
  update messaging.link_lease as lease set cycle = held.cycle, open_from = held.open_from,
    expires_at = now() + held.hold_ms * interval '1 millisecond'
  from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::integer[])
    with ordinality as held (link_id, token, cycle, open_from, hold_ms, place)
  where lease.link_id = held.link_id and lease.token = held.token and lease.cycle = held.cycle - 1
  returning held.place, lease.link_id, lease.token
)`;

const intentSql = (n: number): string => `intents as (
  insert into messaging.intent (id, chunk_id, from_row, to_row, link_id, token, at)
  select id, chunk_id, from_row, to_row, link_id, token, now()
  from fence join unnest($${n}::bigint[], $${n + 1}::bigint[], $${n + 2}::bigint[], $${n + 3}::integer[], $${n + 4}::integer[])
    as fresh (place, id, chunk_id, from_row, to_row) using (place)
)`;

const submissionSql = (n: number): string => `submissions as (
  insert into messaging.submission (intent_id, chunk_id, rows, parts, statuses, message_ids, link_id, at)
  select intent_id, chunk_id, ($${n + 5}::smallint[])[first:last], ($${n + 6}::smallint[])[first:last],
    ($${n + 7}::integer[])[first:last], ($${n + 8}::text[])[first:last], link_id, now()
  from fence join unnest($${n}::bigint[], $${n + 1}::bigint[], $${n + 2}::bigint[], $${n + 3}::integer[], $${n + 4}::integer[])
    as fresh (place, intent_id, chunk_id, first, last) using (place)
)`;

const digestSql = (n: number): string => `digests as (
  insert into messaging.check_fresh (at, count, digests, chunk_ids)
  select now(), last - first + 1, ($${n + 3}::bigint[])[first:last], ($${n + 4}::bigint[])[first:last]
  from fence join unnest($${n}::bigint[], $${n + 1}::integer[], $${n + 2}::integer[])
    as fresh (place, first, last) using (place)
)`;

const risingSql = (n: number): string => `rising as (
  select subject_id, link_id, kind, cause, messages, parts
  from fence join unnest($${n}::bigint[], $${n + 1}::text[], $${n + 2}::text[], $${n + 3}::text[], $${n + 4}::bigint[],
    $${n + 5}::bigint[]) as fresh (place, subject_id, kind, cause, messages, parts) using (place)
)`;

const freshOutcomes = (n: number): string => `
  insert into messaging.outcome (chunk_id, row, parts, state, cause, link_id, at)
  select chunk_id, row, parts, state, cause, link_id, now()
  from fence join unnest($${n}::bigint[], $${n + 1}::bigint[], $${n + 2}::smallint[], $${n + 3}::smallint[],
    $${n + 4}::text[], $${n + 5}::text[]) as fresh (place, chunk_id, row, parts, state, cause) using (place)`;

const outcomeSql = (n: number): string => `outcomes as (${freshOutcomes(n)})`;

/** Only `unknown` gives way; what was counted for it is taken back. */
const changingSql = (n: number): string => `ended as (${freshOutcomes(n)} ${ON_CONFLICT}), ${RISES}`;

const receiptSql = (n: number): string => `receipts as (
  insert into messaging.receipt (link_id, message_id, chunk_id, row, part, state, network_error, destination_digest,
    reference, done_at, at)
  select link_id, message_id, chunk_id, row, part, state, network_error, destination_digest, reference, done_at, now()
  from fence join unnest($${n}::bigint[], $${n + 1}::text[], $${n + 2}::bigint[], $${n + 3}::smallint[],
    $${n + 4}::smallint[], $${n + 5}::text[], $${n + 6}::text[], $${n + 7}::bytea[], $${n + 8}::integer[],
    $${n + 9}::timestamptz[])
    as fresh (place, message_id, chunk_id, row, part, state, network_error, destination_digest, reference, done_at)
    using (place)
)`;

const doneSql = (n: number): string => `done as (
  delete from messaging.chunk_queue using fence
  where chunk_id = any ($${n}::bigint[]) and chunk_queue.link_id = fence.link_id and chunk_queue.token = fence.token
)`;

const giveBackSql = (n: number): string => `given_back as (
  update messaging.chunk_queue set link_id = null, token = null, started = true from fence
  where chunk_id = any ($${n}::bigint[]) and chunk_queue.link_id = fence.link_id and chunk_queue.token = fence.token
)`;

function tallySql(mask: number): string {
  const columns = 'subject_id, link_id, kind, cause, messages, parts';
  const sources = [
    ...((mask & 128) === 0 ? [] : [`select ${columns} from rising`]),
    ...((mask & 4) === 0 ? [] : [`select ${columns} from rises`]),
  ];
  return `counted as (${raiseSql(sources.join(' union all '))})`;
}
