import { sql } from 'kysely';
import type { Database } from '../database.ts';
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
      await sql`update jobs.job set state = 'cancelled', finished_at = now(), revision = revision + 1, worker = null ${mine}`.execute(
        connection,
      );
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
    await sql`update jobs.job set state = ${again ? 'waiting' : 'failed'}, finished_at = ${again ? null : sql`now()`},
      revision = revision + 1, worker = null, error_code = ${failure.code}, error_zh = ${failure.zh}, error_en = ${failure.en} ${mine}`.execute(
      connection,
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
