/** What a new holder of a link does first: it settles what the one before left open. */
import { sql } from 'kysely';
import type { AnyTransaction } from '#platform/database';
import type { Vault } from '#platform/vault/vault';
import { decodeChunk } from '../chunk.ts';
import type { OutcomePolicy } from '../tables.ts';
import { endRows, type EndedRow } from './end-rows.ts';
import type { Lease } from './lease.ts';
import { readingChunks } from './reading.ts';
import { PARTS } from './submission-sql.ts';

interface OpenRow {
  readonly chunk_id: number;
  readonly row: number;
  readonly vault_id: string;
  readonly policy: OutcomePolicy;
  readonly even: boolean;
}

export interface Settled {
  /** Rows whose outcome is unknown now. */
  readonly unknown: number;
  /** Rows that are sent again, because their template allows it. */
  readonly again: number;
}

/**
 * Rows that an older lease was about to write, and of which no answer is recorded, may have been sent. `once`: their
 * outcome is unknown, and a receipt may still tell it. `at-least-once`: they stay to be sent again, under a new intent.
 * Chunks of older leases go back into the queue.
 */
export async function settleOlder(
  trx: AnyTransaction,
  vault: Pick<Vault, 'readMany'>,
  { linkId, token, openFrom }: Lease,
): Promise<Settled> {
  const { rows } = await sql<OpenRow>`
    with open as materialized (
      select intent.id as intent_id, chunk_id, place as row
      from messaging.intent cross join lateral generate_series(from_row, to_row) as place
      where intent.id >= ${openFrom} and link_id = ${linkId} and token < ${token}
    ), answered as materialized (
      select part.intent_id, part.chunk_id, part.row, part.status
      from (select distinct chunk_id from open) as one join ${sql.raw(PARTS)} as part using (chunk_id)
    )
    select distinct chunk.id as chunk_id, open.row, chunk.vault_id, version.outcome_policy as policy,
      chunk.part_count = chunk.row_count as even
    from open
    join messaging.chunk on chunk.id = open.chunk_id
    join messaging.template_version as version on version.id = chunk.template_version_id
    where not exists (select from answered
        where answered.chunk_id = open.chunk_id and answered.row = open.row
          and (answered.intent_id = open.intent_id or answered.status = 0))
      and not exists (select from messaging.outcome
        where outcome.chunk_id = open.chunk_id and outcome.row = open.row)`.execute(trx);
  const lost = rows.filter(({ policy }) => policy === 'once');
  const parts = await partsOf(trx, vault, lost);
  await endRows(
    trx,
    lost.map((row): EndedRow => ({
      chunkId: row.chunk_id,
      row: row.row,
      parts: parts.get(row.chunk_id)?.[row.row] ?? 1,
      state: 'unknown',
      cause: 'answer_lost',
      linkId,
    })),
  );
  await sql`update messaging.chunk_queue set link_id = null, token = null, started = true
    where link_id = ${linkId} and token < ${token}`.execute(trx);
  return { unknown: lost.length, again: rows.length - lost.length };
}

/** Parts by row of chunks in which not every text is of one part. */
async function partsOf(
  trx: AnyTransaction,
  vault: Pick<Vault, 'readMany'>,
  rows: readonly OpenRow[],
): Promise<Map<number, readonly number[]>> {
  const uneven = new Map(rows.filter(({ even }) => !even).map((row) => [row.chunk_id, row.vault_id]));
  const found = new Map<number, readonly number[]>();
  if (uneven.size === 0) return found;
  const values = await vault.readMany(trx, [...new Set(uneven.values())], readingChunks);
  for (const [chunkId, vaultId] of uneven)
    found.set(chunkId, decodeChunk(values.get(vaultId) as string).parts);
  return found;
}
