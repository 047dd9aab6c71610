/** What a new holder of a link does first: it settles what the one before left open. */
import { sql } from 'kysely';
import type { AnyTransaction } from '#platform/database';
import type { Vault } from '#platform/vault/vault';
import { decodeChunk } from '../chunk.ts';
import type { OutcomePolicy } from '../tables.ts';
import { endRows, type EndedRow } from './end-rows.ts';
import type { Lease } from './lease.ts';
import { readingChunks } from './reading.ts';

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
    select distinct chunk.id as chunk_id, open.row, chunk.vault_id, version.outcome_policy as policy,
      chunk.part_count = chunk.row_count as even
    from messaging.intent
    cross join lateral generate_series(intent.from_row, intent.to_row) as open (row)
    join messaging.chunk on chunk.id = intent.chunk_id
    join messaging.template_version as version on version.id = chunk.template_version_id
    where intent.id >= ${openFrom} and intent.link_id = ${linkId} and intent.token < ${token}
      and not exists (select from messaging.submission
        where submission.chunk_id = intent.chunk_id and submission.intent_id = intent.id and submission.row = open.row)
      and not exists (select from messaging.outcome
        where outcome.chunk_id = intent.chunk_id and outcome.row = open.row)
      and not exists (select from messaging.submission as taken
        where taken.chunk_id = intent.chunk_id and taken.row = open.row and taken.status = 0)`.execute(trx);
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
