/** Messages on their way into storage: chunks, their place in the queue, and their count in the tallies. */
import { sql, type Kysely } from 'kysely';
import type { Caller } from '#platform/access';
import type { AnyTransaction } from '#platform/database';
import type { Vault } from '#platform/vault/vault';
import type { MessageClass, MessagingTables, Space } from './tables.ts';
import { raiseTallies } from './tally.ts';

/** Most messages of a chunk; with the vault's 64 KiB, the smaller of both. */
export const CHUNK_ROWS = 1000;
/** Bytes of values that a chunk holds at most: the vault takes 64 KiB, field names and brackets want some of it. */
export const CHUNK_BYTES = 60_000;
/** Purpose of chunks in the vault. */
export const CHUNK_PURPOSE = 'messaging.recipients';

/** What a chunk keeps of its messages, by column. Values of a field stand in the order of the numbers. */
export interface ChunkContent {
  /** Nine digits, `912345678`. */
  readonly numbers: readonly string[];
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Parts of each message. */
  readonly parts: readonly number[];
}

export interface NewChunk {
  /** Taken from the sequence before; left out where the database shall choose it. */
  readonly id?: number;
  readonly organisationId: string;
  readonly space: Space;
  readonly serviceId: string;
  readonly templateVersionId: string;
  readonly batchId: string | null;
  readonly class: MessageClass;
  readonly telecom: string;
  readonly content: ChunkContent;
  readonly notBefore: Temporal.Instant;
  readonly validUntil: Temporal.Instant;
  /** Last day on which numbers and fields may be kept. */
  readonly deleteBy: Temporal.PlainDate;
  readonly retry?: {
    readonly of: number;
    readonly rows: readonly number[];
    readonly possibleDuplicate: boolean;
  };
}

export const encodeChunk = (content: ChunkContent): string => JSON.stringify(content);
export const decodeChunk = (value: string): ChunkContent => JSON.parse(value) as ChunkContent;

/** A transaction of the kernel, for tables of this context. */
export const ours = (trx: AnyTransaction): Kysely<MessagingTables> =>
  trx.withSchema('messaging') as unknown as Kysely<MessagingTables>;

/**
 * Stores chunks (each with at most 1,000 messages) in a few statements, whatever their number; answers their ids in order.
 * They are not sent before `queueChunks`. The tallies count a first try as accepted, never a retry.
 */
export async function writeChunks(
  trx: AnyTransaction,
  vault: Pick<Vault, 'put' | 'putMany'>,
  chunks: readonly NewChunk[],
  caller: Caller,
): Promise<number[]> {
  const vaultIds = await storeContents(trx, vault, chunks, caller);
  const ids = await insertChunks(trx, chunks, vaultIds);
  await countAccepted(trx, chunks);
  return ids;
}

/** The rows of chunks whose content the vault has; answers their ids in order. */
export async function insertChunks(
  trx: AnyTransaction,
  chunks: readonly NewChunk[],
  vaultIds: readonly string[],
): Promise<number[]> {
  const rows = chunks.map((chunk, place) => ({
    id: chunk.id ?? null,
    organisation_id: chunk.organisationId,
    space: chunk.space,
    service_id: chunk.serviceId,
    template_version_id: chunk.templateVersionId,
    batch_id: chunk.batchId,
    class: chunk.class,
    telecom: chunk.telecom,
    row_count: chunk.content.numbers.length,
    part_count: partsOf(chunk.content),
    vault_id: vaultIds[place] as string,
    not_before: chunk.notBefore.toString(),
    valid_until: chunk.validUntil.toString(),
    retry_of: chunk.retry?.of ?? null,
    retry_rows: chunk.retry === undefined ? null : [...chunk.retry.rows],
    possible_duplicate: chunk.retry?.possibleDuplicate ?? false,
  }));
  const { rows: ids } = await sql<{ id: number }>`
    insert into messaging.chunk (id, organisation_id, space, service_id, template_version_id, batch_id, class, telecom,
      row_count, part_count, vault_id, not_before, valid_until, retry_of, retry_rows, possible_duplicate)
    select coalesce(id, nextval('messaging.chunk_id_seq')), organisation_id, space, service_id, template_version_id,
      batch_id, class, telecom, row_count, part_count, vault_id, not_before, valid_until, retry_of,
      (select array_agg(value::integer) from jsonb_array_elements_text(nullif(retry_rows, 'null'::jsonb)) value),
      possible_duplicate
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as fresh (id bigint, organisation_id text, space text, service_id text,
      template_version_id text, batch_id text, class text, telecom text, row_count integer, part_count integer,
      vault_id text, not_before timestamptz, valid_until timestamptz, retry_of bigint, retry_rows jsonb,
      possible_duplicate boolean)
    returning id`.execute(trx);
  return ids.map((row) => row.id);
}

/** Counts chunks as accepted; a retry was counted at its first try. */
export function countAccepted(trx: AnyTransaction, chunks: readonly NewChunk[]): Promise<void> {
  return raiseTallies(
    trx,
    chunks
      .filter(({ retry }) => retry === undefined)
      .map(({ batchId, serviceId, content }) => ({
        subjectId: batchId ?? serviceId,
        kind: 'accepted',
        messages: content.numbers.length,
        parts: partsOf(content),
      })),
  );
}

const partsOf = ({ parts }: ChunkContent): number => parts.reduce((sum, one) => sum + one, 0);

/** Gives chunks to the dispatchers, who see them at the commit; whoever queues wakes those of this process after it. */
export async function queueChunks(trx: AnyTransaction, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    insert into messaging.chunk_queue (chunk_id, space, class, telecom, organisation_id, batch_id, not_before)
    select id, space, class, telecom, organisation_id, batch_id, not_before
    from messaging.chunk where id = any (${ids}::bigint[])`.execute(trx);
}

/**
 * Puts contents into the vault; answers their ids in order. One statement for chunks of equal delete-by day, with one audit
 * record; a lone chunk is stored without.
 */
export async function storeContents(
  trx: AnyTransaction,
  vault: Pick<Vault, 'put' | 'putMany'>,
  chunks: readonly NewChunk[],
  caller: Caller,
): Promise<string[]> {
  const ids: string[] = Array.from({ length: chunks.length });
  const places = Map.groupBy(chunks.keys(), (place) => chunks[place]?.deleteBy.toString() ?? '');
  for (const [day, group] of places) {
    const values = group.map((place) => encodeChunk((chunks[place] as NewChunk).content));
    const deleteBy = Temporal.PlainDate.from(day);
    const stored =
      values.length === 1
        ? [await vault.put(trx, { purpose: CHUNK_PURPOSE, value: values[0] as string, deleteBy })]
        : await vault.putMany(trx, { purpose: CHUNK_PURPOSE, values, deleteBy, caller });
    group.forEach((place, index) => {
      ids[place] = stored[index] as string;
    });
  }
  return ids;
}
