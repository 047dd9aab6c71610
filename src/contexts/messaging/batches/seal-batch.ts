/**
 * Seals the good rows of a batch: chunks by telecom, one hash over all of them, quota taken in the transaction that makes
 * it sealed. Chunks are written in groups before that; until the last transaction they belong to a batch that is not
 * sealed, nobody queues them, and a job that starts over discards them first.
 */
import { sql } from 'kysely';
import { personBehind, systemCaller, type Caller } from '#platform/access';
import { TAIPEI } from '#platform/clock';
import type { AnyTransaction } from '#platform/database';
import { AppError } from '#platform/errors';
import type { JobContext, JobDefinition } from '#platform/jobs/jobs';
import { reserveParts } from '../catalogue/quota.ts';
import { loadSendable, type Sendable } from '../catalogue/versions.ts';
import {
  CHUNK_BYTES,
  CHUNK_ROWS,
  decodeChunk,
  encodeChunk,
  ours,
  writeChunks,
  type NewChunk,
} from '../chunk.ts';
import legalBasis from '../legal-basis.json' with { type: 'json' };
import type { Canary, MessagingTables } from '../tables.ts';
import { SEAL_JOB, type BatchDeps } from './batch-deps.ts';
import { batchErrors } from './batch-errors.ts';
import { filesOf, requireBatch, requireState, toBatch, type BatchRow } from './batch-row.ts';
import { ContentHash } from './content-hash.ts';
import { readStaged } from './staging.ts';

/** Hours within which a batch is approved after the moment it was planned for. */
export const APPROVAL_HOURS = 72;
/** Chunks of one transaction. */
const GROUP = 20;

interface Input {
  readonly [key: string]: string;
  readonly batchId: string;
}

/** Asks for the sealing of the good rows. Bad ones stay behind: `goodRowsOnly` says that this is meant. */
export async function sealBatch(deps: BatchDeps, caller: Caller, id: string, requestId: string) {
  const db = deps.database.of<MessagingTables>('messaging');
  return db.transaction().execute(async (trx) => {
    const batch = await requireBatch(trx, caller, id, true);
    requireState(batch, '封存/seal', 'checked');
    if (batch.row_count === 0) throw batchErrors.batch_no_rows();
    const jobId = await deps.jobs.enqueue(trx, { kind: SEAL_JOB, input: { batchId: id }, caller, key: id });
    const row = await trx
      .updateTable('batch')
      .set({
        state: 'sealing',
        job_id: jobId,
        problem: null,
        sealed_by: caller.actorId,
        sealer_id: personBehind(caller),
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await deps.audit.record(trx, {
      caller,
      action: 'messaging.batch_sealing',
      subject: { kind: 'batch', id },
      details: { rows: batch.row_count, parts: batch.part_count },
      requestId,
    });
    return toBatch(row, await filesOf(trx, id));
  });
}

export function sealJob(deps: BatchDeps): JobDefinition<Input> {
  return {
    title: { zh: '封存批次', en: 'Sealing a batch' },
    concurrency: 2,
    run: (context) => run(deps, context),
    async ended(trx, { input, error }) {
      const problem = error ?? { zh: '封存已取消。', en: 'the sealing was cancelled.' };
      await ours(trx)
        .updateTable('batch')
        .set({
          state: 'checked',
          sealed_by: null,
          sealer_id: null,
          problem: JSON.stringify({ zh: problem.zh, en: problem.en }),
        })
        .where('id', '=', input.batchId)
        .where('state', '=', 'sealing')
        .execute();
    },
  };
}

async function run(deps: BatchDeps, context: JobContext<Input>): Promise<{ rows: number } | undefined> {
  const { caller, input, signal } = context;
  const db = deps.database.of<MessagingTables>('messaging');
  const batch = await requireBatch(db, caller, input.batchId);
  if (batch.state !== 'sealing' || batch.staged_key_id === null) return undefined;
  await discardChunks(deps, batch.id);
  const sendable = await loadSendable(db, {
    organisationId: batch.organisation_id,
    space: batch.space,
    templateVersionId: batch.template_version_id,
    for: 'live',
  });
  try {
    const writer = new ChunkWriter(deps, batch, sendable, caller);
    await copyRows(deps, batch, caller, writer, async (rows) => {
      signal.throwIfAborted();
      await context.progress(rows, batch.row_count);
    });
    await finish(deps, caller, batch, writer);
    return { rows: writer.rows };
  } catch (error) {
    if (error instanceof AppError && !error.retryable) await discardChunks(deps, batch.id);
    throw error;
  }
}

/** Takes away what an earlier run wrote: chunks, their contents, their place in the tallies. */
async function discardChunks(deps: BatchDeps, batchId: string): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  const reading = { caller: systemCaller('messaging.seal'), legalBasis: legalBasis.sealed };
  for (;;) {
    const done = await db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ vault_id: string }>`
        delete from messaging.chunk where id in (
          select id from messaging.chunk where batch_id = ${batchId} order by id limit 500)
        returning vault_id`.execute(trx);
      await deps.vault.erase(
        trx,
        rows.map((row) => row.vault_id),
        reading,
      );
      await sql`delete from messaging.tally where subject_id = ${batchId}`.execute(trx);
      return rows.length < 500;
    });
    if (done) return;
  }
}

async function copyRows(
  deps: BatchDeps,
  batch: BatchRow,
  caller: Caller,
  writer: ChunkWriter,
  onProgress: (rows: number) => Promise<void>,
): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  const keyId = batch.staged_key_id as string;
  const key = await db
    .transaction()
    .execute((trx) => deps.staging.readKey(trx, keyId, { caller, legalBasis: legalBasis.staged }));
  for (const file of await filesOf(db, batch.id)) {
    if (file.state !== 'read') continue;
    const place = deps.staging.place(batch.id, file.number, 'good');
    for (const { content } of readStaged(place, key)) {
      const rows = decodeChunk(content.toString());
      const telecoms = await deps.router.telecomOf(rows.numbers, batch.space);
      const fields = writer.fieldNames.map((name) => rows.fields[name] ?? []);
      for (let at = 0; at < rows.numbers.length; at += 1) {
        writer.add(
          telecoms[at] as string,
          rows.numbers[at] as string,
          fields.map((values) => values[at] ?? ''),
          rows.parts[at] as number,
        );
      }
      await writer.write(false);
      await onProgress(writer.rows);
    }
  }
  await writer.write(true);
}

interface Open {
  readonly numbers: string[];
  readonly fields: string[][];
  readonly parts: number[];
  bytes: number;
}

/** Gathers rows by telecom into chunks and writes them in groups; the hash follows the order of writing. */
class ChunkWriter {
  readonly fieldNames: readonly string[];
  readonly hash: ContentHash;
  readonly canaryIds: number[] = [];
  readonly #deps: BatchDeps;
  readonly #batch: BatchRow;
  readonly #caller: Caller;
  readonly #notBefore: Temporal.Instant;
  readonly #deleteBy: Temporal.PlainDate;
  readonly #open = new Map<string, Open>();
  #full: NewChunk[] = [];
  /** Chunks before this place of the whole order are the canary's. */
  #canaryChunks: number | null = null;
  #written = 0;
  rows = 0;
  parts = 0;
  chunks = 0;

  constructor(deps: BatchDeps, batch: BatchRow, { service, version }: Sendable, caller: Caller) {
    this.#deps = deps;
    this.#batch = batch;
    this.#caller = caller;
    this.fieldNames = version.fields.map(({ name }) => name);
    this.hash = new ContentHash(version.contentHash);
    const now = deps.clock.now();
    this.#notBefore = batch.send_at === null ? now : Temporal.Instant.from(batch.send_at.toISOString());
    this.#deleteBy = this.#notBefore
      .add({ hours: APPROVAL_HOURS + batch.valid_hours })
      .toZonedDateTimeISO(TAIPEI)
      .toPlainDate()
      .add({ days: service.retentionDays });
  }

  add(telecom: string, number: string, values: readonly string[], parts: number): void {
    let open = this.#open.get(telecom);
    const size = 16 + values.reduce((sum, value) => sum + 3 + value.length * 3, 0);
    if (open !== undefined && (open.numbers.length === CHUNK_ROWS || open.bytes + size > CHUNK_BYTES)) {
      this.#close(telecom, open);
      open = undefined;
    }
    if (open === undefined) {
      open = { numbers: [], fields: this.fieldNames.map(() => []), parts: [], bytes: 0 };
      this.#open.set(telecom, open);
    }
    open.numbers.push(number);
    open.parts.push(parts);
    values.forEach((value, field) => open.fields[field]?.push(value));
    open.bytes += size;
    this.rows += 1;
    this.parts += parts;
    if (this.rows === this.#batch.canary?.rows) {
      this.#closeAll();
      this.#canaryChunks = this.chunks;
    }
  }

  /** Writes full groups; with `all`, everything. */
  async write(all: boolean): Promise<void> {
    if (all) this.#closeAll();
    const db = this.#deps.database.of<MessagingTables>('messaging');
    const least = all ? 1 : GROUP;
    while (this.#full.length >= least) {
      const group = this.#full.splice(0, GROUP);
      const ids = await db
        .transaction()
        .execute((trx) => writeChunks(trx, this.#deps.vault, group, this.#caller));
      group.forEach((chunk, place) => {
        this.hash.chunk(chunk.telecom, encodeChunk(chunk.content));
        const isCanary = this.#batch.canary !== null && this.#written < (this.#canaryChunks ?? Infinity);
        if (isCanary) this.canaryIds.push(ids[place] as number);
        this.#written += 1;
      });
    }
  }

  #closeAll(): void {
    for (const [telecom, open] of this.#open) this.#close(telecom, open);
  }

  #close(telecom: string, open: Open): void {
    this.#open.delete(telecom);
    this.chunks += 1;
    const { numbers, parts } = open;
    const batch = this.#batch;
    this.#full.push({
      organisationId: batch.organisation_id,
      space: batch.space,
      serviceId: batch.service_id,
      templateVersionId: batch.template_version_id,
      batchId: batch.id,
      class: 'batch',
      telecom,
      content: {
        numbers,
        fields: Object.fromEntries(this.fieldNames.map((name, at) => [name, open.fields[at] as string[]])),
        parts,
      },
      notBefore: this.#notBefore,
      validUntil: this.#notBefore.add({ hours: batch.valid_hours }),
      deleteBy: this.#deleteBy,
    });
  }
}

async function finish(deps: BatchDeps, caller: Caller, batch: BatchRow, writer: ChunkWriter): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  const hash = writer.hash.digest();
  const { id } = batch;
  await db.transaction().execute(async (trx) => {
    const now = deps.clock.now();
    const canary: Canary | null =
      batch.canary === null ? null : { ...batch.canary, chunkIds: writer.canaryIds, passed: false };
    const sealed = await trx
      .updateTable('batch')
      .set({
        state: 'sealed',
        row_count: writer.rows,
        part_count: writer.parts,
        chunk_count: writer.chunks,
        content_hash: hash,
        canary: canary === null ? null : JSON.stringify(canary),
        reserved_on: deps.clock.today().toString(),
        sealed_at: now.toString(),
      })
      .where('id', '=', id)
      .where('state', '=', 'sealing')
      .returning('id')
      .executeTakeFirst();
    if (sealed === undefined) return;
    const details = { rows: writer.rows, parts: writer.parts, hash: hash.toString('hex') };
    await deps.audit.record(trx, {
      caller,
      action: 'messaging.batch_sealed',
      subject: { kind: 'batch', id },
      details,
    });
    await announce(deps, trx, batch, 'messaging.batch_sealed', { ...details });
    await deps.notifications.notify(trx, {
      organisationId: batch.organisation_id,
      space: batch.space,
      role: 'reviewer',
      kind: 'messaging.batch_sealed',
      text: {
        zh: `批次待核准：${writer.rows} 列、${writer.parts} 則`,
        en: `a batch waits for approval: ${writer.rows} rows, ${writer.parts} parts`,
      },
      link: `/console/messaging/batches/${id}`,
    });
    await reserveParts(deps, trx, {
      organisationId: batch.organisation_id,
      space: batch.space,
      parts: writer.parts,
    });
  });
}

/** News of a batch, with figures alone. */
export function announce(
  deps: Pick<BatchDeps, 'outbox'>,
  trx: AnyTransaction,
  batch: Pick<BatchRow, 'id' | 'organisation_id' | 'space' | 'service_id'>,
  type: string,
  figures: Readonly<Record<string, string | number>>,
): Promise<void> {
  return deps.outbox.publish(trx, {
    type,
    payload: { batchId: batch.id, serviceId: batch.service_id, ...figures },
    organisationId: batch.organisation_id,
    space: batch.space,
  });
}
