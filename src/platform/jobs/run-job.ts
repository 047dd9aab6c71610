import { sql, type RawBuilder } from 'kysely';
import type { AnyTransaction, Database } from '../database.ts';
import type { Bilingual } from '../errors.ts';
import { describeFailure } from '../failure.ts';
import type { JsonValue } from '../json.ts';
import type { Log } from '../log.ts';
import { toCaller, type JobRow } from './job.ts';
import type { JobContext, JobDefinition } from './jobs.ts';

/** The process no longer counts as the runner of its jobs; somebody else may run them by now. */
export class LostPlace extends Error {
  override readonly name = 'LostPlace';
}

export interface RunOptions {
  readonly database: Database;
  readonly log: Log;
  readonly definitions: ReadonlyMap<string, JobDefinition<JsonValue>>;
  /** The jobs under way in this process. */
  readonly running: Map<string, AbortController>;
  readonly workerId: string;
  /** Aborted when the product stops. */
  readonly stopSignal: AbortSignal;
}

const PROGRESS_MS = 250;

/**
 * Runs one job that the queue handed out. Resolves where the queue should forget it (done, failed for good, cancelled),
 * throws where it should come again. Every write holds only while this worker still owns the job.
 */
export async function runJob(options: RunOptions, payload: unknown): Promise<void> {
  const { database, log, definitions, running, workerId, stopSignal } = options;
  const connection = database.of('jobs');
  const { id } = payload as { readonly id: string };
  const claimed = await sql<JobRow>`
    update jobs.job set state = 'running', worker = ${workerId}, attempts = attempts + 1, revision = revision + 1,
      started_at = now(), progress_done = 0, progress_total = null, note_zh = null, note_en = null
    where id = ${id} and state = 'waiting' returning *`.execute(connection);
  const [job] = claimed.rows;
  const definition = job && definitions.get(job.kind);
  // Cancelled meanwhile, or done by a process that died before the queue heard of it.
  if (job === undefined || definition === undefined) return;

  const cancelled = new AbortController();
  running.set(id, cancelled);
  const signal = AbortSignal.any([cancelled.signal, stopSignal]);
  const progress = createProgress(options, id, signal);
  const mine = sql`where id = ${id} and worker = ${workerId} and state = 'running'`;
  try {
    const context: JobContext<JsonValue> = {
      input: job.input,
      jobId: id,
      attempt: job.attempts,
      caller: toCaller(job.caller),
      signal,
      progress: progress.tell,
    };
    const result = await definition.run(context);
    await progress.flush();
    if (job.keep_done) {
      await sql`update jobs.job set state = 'done', finished_at = now(), revision = revision + 1, worker = null,
        error_code = null, error_zh = null, error_en = null, result = ${result === undefined ? null : JSON.stringify(result)}::jsonb ${mine}`.execute(
        connection,
      );
    } else {
      await sql`delete from jobs.job ${mine}`.execute(connection);
    }
  } catch (error) {
    await progress.flush().catch(() => {});
    if (cancelled.signal.reason instanceof LostPlace)
      throw new Error('the place in the queue was lost', { cause: error });
    if (cancelled.signal.aborted) {
      await end(options, sql`state = 'cancelled', finished_at = now(), error_code = null`, mine);
      return;
    }
    if (stopSignal.aborted) {
      await sql`update jobs.job set state = 'waiting', attempts = attempts - 1, revision = revision + 1, worker = null ${mine}`.execute(
        connection,
      );
      throw new Error('the product stopped', { cause: error });
    }
    const failure = describeFailure(error);
    const again = failure.retryable && job.attempts < job.max_attempts;
    const told = sql`error_code = ${failure.code}, error_zh = ${failure.zh}, error_en = ${failure.en}`;
    await end(
      options,
      again ? sql`state = 'waiting', ${told}` : sql`state = 'failed', finished_at = now(), ${told}`,
      mine,
    );
    const line = { job: id, kind: job.kind, attempt: job.attempts, code: failure.code, detail: failure.en };
    if (!again) {
      log.error({ ...line, ...(failure.code === 'unexpected' && { err: error }) }, 'job failed');
      return;
    }
    log.warn(line, 'job will be tried again');
    // The queue keeps the message of what is thrown, so it gets the code and nothing that may be personal.
    // oxlint-disable-next-line preserve-caught-error
    throw new Error(failure.code);
  } finally {
    running.delete(id);
  }
}

/** Writes how a run ended, and tells the definition where the job ended for good. */
async function end(
  { database, definitions }: RunOptions,
  set: RawBuilder<unknown>,
  mine: RawBuilder<unknown>,
): Promise<void> {
  await database
    .of('jobs')
    .transaction()
    .execute(async (transaction) => {
      const { rows } =
        await sql<JobRow>`update jobs.job set ${set}, revision = revision + 1, worker = null ${mine} returning *`.execute(
          transaction,
        );
      for (const row of rows) await tellEnded(definitions, transaction, row);
    });
}

/** Tells the definition of a job that ended for good without being done. */
export async function tellEnded(
  definitions: ReadonlyMap<string, JobDefinition<JsonValue>>,
  transaction: AnyTransaction,
  row: JobRow,
): Promise<void> {
  if (row.state !== 'failed' && row.state !== 'cancelled') return;
  const { error_code: code, error_zh: zh, error_en: en } = row;
  const error = row.state === 'cancelled' || code === null ? null : { code, zh: zh ?? code, en: en ?? code };
  await definitions.get(row.kind)?.ended?.(transaction, { input: row.input, state: row.state, error });
}

interface Progress {
  readonly tell: JobContext<JsonValue>['progress'];
  readonly flush: () => Promise<void>;
}

function createProgress({ database, workerId }: RunOptions, id: string, signal: AbortSignal): Progress {
  let written = 0;
  let waiting: { done: number; total: number | null; note: Bilingual | undefined } | null = null;
  const flush = async (): Promise<void> => {
    if (waiting === null) return;
    const { done, total, note } = waiting;
    waiting = null;
    written = performance.now();
    await sql`update jobs.job set progress_done = ${Math.trunc(done)}, progress_total = ${total === null ? null : Math.trunc(total)},
      note_zh = coalesce(${note?.zh ?? null}, note_zh), note_en = coalesce(${note?.en ?? null}, note_en), revision = revision + 1
      where id = ${id} and worker = ${workerId} and state = 'running'`.execute(database.of('jobs'));
  };
  return {
    tell: async (done, total, note) => {
      signal.throwIfAborted();
      waiting = { done, total, note: note ?? waiting?.note };
      if (performance.now() - written >= PROGRESS_MS) await flush();
    },
    flush,
  };
}
