/** Chunks from the queue to a link: whose turn it is, what is known of their rows, and their content. */
import { sql, type Kysely } from 'kysely';
import type { AnyTransaction, Database } from '#platform/database';
import type { Vault } from '#platform/vault/vault';
import { decodeChunk, type ChunkContent } from '../chunk.ts';
import type { MessageClass, MessagingTables, OutcomePolicy, OutcomeState, Space } from '../tables.ts';
import type { ClaimedChunk, Texts } from './chunk-run.ts';
import { endRows } from './end-rows.ts';
import type { Lease } from './lease.ts';
import { readingChunks } from './reading.ts';
import type { Cause } from './status-cause.ts';
import { PARTS } from './submission-sql.ts';

export interface ClaimDeps {
  readonly database: Database;
  readonly vault: Pick<Vault, 'readMany'>;
  /** Puts texts of a template version together; null where it may no longer be sent. */
  readonly textsOf: (chunk: {
    readonly organisationId: string;
    readonly space: Space;
    readonly templateVersionId: string;
  }) => Promise<Texts | null>;
}

export interface ClaimRequest {
  readonly space: Space;
  readonly telecoms: readonly string[];
  readonly class: MessageClass;
  readonly lease: Lease;
  /** Chunks at most. */
  readonly most: number;
  /** The product's clock: what is due. */
  readonly now: Temporal.Instant;
}

interface Row {
  readonly chunk_id: number;
  readonly organisation_id: string;
  readonly space: Space;
  readonly service_id: string;
  readonly template_version_id: string;
  readonly batch_id: string | null;
  readonly class: MessageClass;
  readonly telecom: string;
  readonly row_count: number;
  readonly part_count: number;
  readonly vault_id: string;
  readonly valid_until: Date;
  readonly policy: OutcomePolicy;
  readonly started: boolean;
}

/** Claims due chunks for a link, shared among agencies and batches, and reads them. */
export async function claimChunks(deps: ClaimDeps, request: ClaimRequest): Promise<ClaimedChunk[]> {
  const db = deps.database.of<MessagingTables>('messaging');
  return db.transaction().execute(async (trx) => {
    const rows: Row[] = [];
    for (const telecom of request.telecoms) {
      if (rows.length < request.most)
        rows.push(...(await take(trx, request, telecom, request.most - rows.length)));
    }
    if (rows.length === 0) return [];
    rows.sort((a, b) => a.chunk_id - b.chunk_id);
    const contents = await contentsOf(trx, deps.vault, rows);
    const settled = await settledRows(
      trx,
      rows.filter(({ started }) => started).map(({ chunk_id }) => chunk_id),
    );
    const claimed: ClaimedChunk[] = [];
    for (const row of rows) {
      const content = contents.get(row.chunk_id) ?? null;
      const texts =
        content === null
          ? null
          : await deps.textsOf({
              organisationId: row.organisation_id,
              space: row.space,
              templateVersionId: row.template_version_id,
            });
      const known = settled.get(row.chunk_id) ?? null;
      if (content === null || texts === null) {
        const [state, cause] = content === null ? rejected : withdrawn;
        await endChunk(trx, row, known, content, state, cause);
        continue;
      }
      claimed.push({
        chunkId: row.chunk_id,
        subjectId: row.batch_id ?? row.service_id,
        batchId: row.batch_id,
        serviceId: row.service_id,
        organisationId: row.organisation_id,
        telecom: row.telecom,
        class: row.class,
        policy: row.policy,
        validUntil: row.valid_until.getTime(),
        content,
        settled: known,
        texts,
      });
    }
    return claimed;
  });
}

const rejected: readonly [OutcomeState, Cause] = ['rejected', 'content_gone'];
const withdrawn: readonly [OutcomeState, Cause] = ['cancelled', 'not_sendable'];

/** Agencies and batches with something due, found by skipping through the index; each gives the same number of chunks. */
async function take(
  trx: AnyTransaction,
  { space, class: kind, lease, now }: ClaimRequest,
  telecom: string,
  most: number,
): Promise<Row[]> {
  const lane = sql`space = ${space} and telecom = ${telecom} and class = ${kind} and link_id is null`;
  const { rows } = await sql<Row>`
    with recursive pair (organisation_id, batch) as (
      (select organisation_id, coalesce(batch_id, '') from messaging.chunk_queue where ${lane}
        order by organisation_id, coalesce(batch_id, '') limit 1)
      union all
      select next.organisation_id, next.batch from pair cross join lateral (
        select organisation_id, coalesce(batch_id, '') as batch from messaging.chunk_queue
        where ${lane} and (organisation_id, coalesce(batch_id, '')) > (pair.organisation_id, pair.batch)
        order by organisation_id, coalesce(batch_id, '') limit 1
      ) as next
    ), sending as materialized (
      select pair.* from pair left join messaging.batch on batch.id = pair.batch
      where pair.batch = '' or batch.state in ('approved', 'sending') limit 500
    ), due as (
      select due.chunk_id from sending cross join lateral (
        select chunk_id from messaging.chunk_queue
        where ${lane} and organisation_id = sending.organisation_id and coalesce(batch_id, '') = sending.batch
          and not_before <= ${now.toString()}::timestamptz
          and not exists (select from messaging.chunk join messaging.service on service.id = chunk.service_id
            where chunk.id = chunk_queue.chunk_id and service.state = 'paused')
        order by not_before, chunk_id
        limit greatest(1, ${most} / (select count(*) from sending))
        for update skip locked
      ) as due limit ${most}
    )
    update messaging.chunk_queue set link_id = ${lease.linkId}, token = ${lease.token}
    from due, messaging.chunk, messaging.template_version as version
    where chunk_queue.chunk_id = due.chunk_id and chunk.id = due.chunk_id and version.id = chunk.template_version_id
      and exists (select from messaging.link_lease
        where link_lease.link_id = ${lease.linkId} and link_lease.token = ${lease.token})
    returning chunk.id as chunk_id, chunk.organisation_id, chunk.space, chunk.service_id, chunk.template_version_id,
      chunk.batch_id, chunk.class, chunk.telecom, chunk.row_count, chunk.part_count, chunk.vault_id, chunk.valid_until,
      version.outcome_policy as policy, chunk_queue.started`.execute(trx);
  return rows;
}

/** Content by chunk; null where it is not there any more. */
async function contentsOf(
  trx: AnyTransaction,
  vault: Pick<Vault, 'readMany'>,
  rows: readonly Row[],
): Promise<Map<number, ChunkContent | null>> {
  try {
    const values = await vault.readMany(
      trx,
      rows.map(({ vault_id }) => vault_id),
      readingChunks,
    );
    return new Map(rows.map((row) => [row.chunk_id, decodeChunk(values.get(row.vault_id) as string)]));
  } catch (error) {
    if (!isGone(error)) throw error;
    if (rows.length === 1) return new Map([[rows[0]!.chunk_id, null]]);
    const found = new Map<number, ChunkContent | null>();
    for (const row of rows)
      for (const [id, content] of await contentsOf(trx, vault, [row])) found.set(id, content);
    return found;
  }
}

const isGone = (error: unknown): boolean =>
  ['vault.not_found', 'vault.erased'].includes((error as { code?: string }).code ?? '');

/** Rows that were taken by a telecom or have ended. */
export async function settledRows(
  trx: Kysely<MessagingTables>,
  chunkIds: readonly number[],
): Promise<Map<number, ReadonlySet<number>>> {
  const known = new Map(chunkIds.map((id) => [id, new Set<number>()]));
  if (chunkIds.length === 0) return known;
  const { rows } = await sql<{ chunk_id: number; row: number }>`
    select chunk_id, row from messaging.outcome where chunk_id = any (${chunkIds}::bigint[])
    union
    select chunk_id, row from ${sql.raw(PARTS)} as part where chunk_id = any (${chunkIds}::bigint[]) and status = 0`.execute(
    trx,
  );
  for (const { chunk_id, row } of rows) known.get(chunk_id)?.add(row);
  return known;
}

async function endChunk(
  trx: AnyTransaction,
  row: Row,
  settled: ReadonlySet<number> | null,
  content: ChunkContent | null,
  state: OutcomeState,
  cause: Cause,
): Promise<void> {
  const left = Array.from({ length: row.row_count }, (_, place) => place).filter(
    (place) => settled?.has(place) !== true,
  );
  const average = Math.max(1, Math.round(row.part_count / row.row_count));
  await endRows(
    trx,
    left.map((place) => ({
      chunkId: row.chunk_id,
      row: place,
      parts: content?.parts[place] ?? average,
      state,
      cause,
      linkId: null,
    })),
  );
  await sql`delete from messaging.chunk_queue where chunk_id = ${row.chunk_id}`.execute(trx);
}
