/** Ends rows outside a link's cycle: by the take-over of a lease, the reconciler, cancelling, upkeep. */
import { sql } from 'kysely';
import type { AnyTransaction } from '#platform/database';
import type { OutcomeState } from '../tables.ts';
import { ON_CONFLICT, raiseSql, RISES } from './outcome-sql.ts';

export interface EndedRow {
  readonly chunkId: number;
  readonly row: number;
  readonly parts: number;
  readonly state: OutcomeState;
  readonly cause: string | null;
  readonly linkId: string | null;
}

/** Writes outcomes and raises the tallies; rows that ended before stay, but for unknown ones. Answers how many changed. */
export async function endRows(trx: AnyTransaction, rows: readonly EndedRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const { rows: counted } = await sql<{ count: number }>`
    with ended as (
      insert into messaging.outcome (chunk_id, row, parts, state, cause, link_id, at)
      select chunk_id, row, parts, state, cause, link_id, now()
      from unnest(
        ${rows.map(({ chunkId }) => chunkId)}::bigint[], ${rows.map(({ row }) => row)}::smallint[],
        ${rows.map(({ parts }) => parts)}::smallint[], ${rows.map(({ state }) => state)}::text[],
        ${rows.map(({ cause }) => cause)}::text[], ${rows.map(({ linkId }) => linkId)}::text[]
      ) as fresh (chunk_id, row, parts, state, cause, link_id)
      order by chunk_id, row
      ${sql.raw(ON_CONFLICT)}
    ), ${sql.raw(RISES)}, counted as (
      ${sql.raw(raiseSql('select subject_id, link_id, kind, cause, messages, parts from rises'))}
    )
    select count(*)::int as count from ended`.execute(trx);
  return counted[0]?.count ?? 0;
}
