import { runMigrations } from 'graphile-worker';
import { sql, type RawBuilder } from 'kysely';
import type { Caller } from '../access.ts';
import type { Clock } from '../clock.ts';
import type { AnyTransaction, Database } from '../database.ts';
import type { Bilingual } from '../errors.ts';
import { newId } from '../id.ts';
import type { JsonValue } from '../json.ts';
import type { Log } from '../log.ts';
import type { MigrationSet } from '../migrate.ts';
import { createPoller } from '../poller.ts';
import { findJob, toStoredCaller, type JobRow } from './job.ts';
import { jobErrors } from './jobs-errors.ts';
import { graphileLogger } from './graphile-log.ts';
import { createScheduler, type ScheduleDefinition } from './schedule.ts';
import { tellEnded } from './run-job.ts';
import { startWorker, type Worker } from './worker.ts';

export const jobsMigrations: MigrationSet = {
  schema: 'jobs',
  folder: new URL('./migrations/', import.meta.url),
};

/** What a job gets when it runs. */
export interface JobContext<Input> {
  readonly input: Input;
  readonly jobId: string;
  /** 1 at the first run; a run that died with its process counts too. */
  readonly attempt: number;
  /** Who asked for it, with the permissions of that moment. */
  readonly caller: Caller;
  /** Aborted when somebody cancels the job, when the product stops, or when this process lost its place. */
  readonly signal: AbortSignal;
  /** Tells how far it is; written at most four times a second. Rejects once `signal` is aborted. */
  readonly progress: (done: number, total: number | null, note?: Bilingual) => Promise<void>;
}

export interface JobDefinition<Input> {
  readonly title: Bilingual;
  /** The work. May run more than once: what it changes must bear that. Its answer is kept as the result. */
  run(context: JobContext<Input>): Promise<JsonValue | undefined>;
  /**
   * Told in the transaction in which a job ends for good without being done: cancelled, also while it waited, failed, or
   * dead with its process at every attempt.
   */
  ended?(transaction: AnyTransaction, job: EndedJob<Input>): Promise<void>;
  /** Attempts at most, 5 unless said. A refusal that is not retryable fails at once. */
  readonly maxAttempts?: number;
  /** Jobs of this kind that run at once, over all processes; no limit unless said. */
  readonly concurrency?: number;
  /** False: the row of a job that is done goes away at once (mails, frequent upkeep). */
  readonly keepDone?: boolean;
}

export interface EndedJob<Input> {
  readonly input: Input;
  readonly state: 'failed' | 'cancelled';
  /** Why; null for a job that somebody cancelled. */
  readonly error: (Bilingual & { readonly code: string }) | null;
}

export interface NewJob {
  readonly kind: string;
  readonly input: JsonValue;
  readonly caller: Caller;
  readonly title?: Bilingual;
  /** At most one job of a kind waits or runs under a key; a second request answers the id of the first. */
  readonly key?: string;
}

export interface JobsStatus {
  readonly waiting: number;
  readonly running: number;
  readonly failed: number;
  readonly oldestSeconds: number;
  /** True where this process runs jobs and holds its place. */
  readonly alive: boolean;
}

export interface Jobs {
  /** Names a kind of job, in every process, before anything of that kind is asked for. */
  define<Input extends JsonValue>(kind: string, definition: JobDefinition<Input>): void;
  /** Asks for a job in the caller's transaction: a rollback asks for nothing. Answers its id. */
  enqueue(transaction: AnyTransaction, job: NewJob): Promise<string>;
  /** Repeats a job: by a cron pattern in Asia/Taipei, or every so many seconds. A run missed while down is made up once. */
  schedule(schedule: ScheduleDefinition): void;
  /** Begins to run jobs and schedules in this process. */
  start(): Promise<void>;
  /** Ends: jobs under way are told by their signal, and go back to waiting where they obey. */
  stop(): Promise<void>;
  /** A waiting job is cancelled at once, a running one is told. Answers the job as it is then. */
  cancel(id: string, caller: Caller): Promise<JobRow>;
  /** Puts a failed or cancelled job back in the queue with all its attempts. */
  retry(id: string, caller: Caller): Promise<JobRow>;
  status(): Promise<JobsStatus>;
}

export interface JobsDependencies {
  readonly database: Database;
  readonly log: Log;
  /** Decides when schedules are due; moving the test clock makes them run. */
  readonly clock: Clock;
  /** Jobs that this process runs at once; 4 unless said. */
  readonly concurrency?: number;
  /** Milliseconds between looks for due jobs beside the notification; 1,000 unless said. */
  readonly pollMs?: number;
}

/** graphile's own count; ours, which people see, decides. */
const GRAPHILE_ATTEMPTS = 1000;

/** Background jobs: our rows over graphile-worker's queue (docs/adr/0004-jobs-graphile-worker.md). */
export function createJobs(dependencies: JobsDependencies): Jobs {
  const { database, log, clock } = dependencies;
  const definitions = new Map<string, JobDefinition<JsonValue>>();
  const scheduler = createScheduler({
    database,
    clock,
    enqueue: (transaction, job) => insert(transaction, job),
  });
  const onError = (error: unknown): void => log.error({ err: error }, 'jobs round failed');
  const ticking = createPoller({ work: () => scheduler.tick().then(() => false), everyMs: 1000, onError });
  const sweeping = createPoller({
    work: () => sweep(database).then(() => false),
    everyMs: 600_000,
    onError,
  });
  let installed: Promise<void> | null = null;
  let worker: Worker | null = null;

  function install(): Promise<void> {
    installed ??= runMigrations({ pgPool: database.pool, logger: graphileLogger(log) }).catch(
      (error: unknown) => {
        installed = null;
        throw error;
      },
    );
    return installed;
  }

  async function insert(
    transaction: AnyTransaction,
    job: NewJob & { readonly schedule?: string; readonly keepDone?: boolean },
  ): Promise<string> {
    const definition = definitions.get(job.kind);
    if (definition === undefined) throw new Error(`no job of the kind ${job.kind} is defined`);
    await install();
    const { caller, kind, key = null, schedule = null } = job;
    const title = job.title ?? definition.title;
    for (;;) {
      const id = newId('job');
      const { rows } = await sql<{ id: string }>`
        with made as (
          insert into jobs.job (id, kind, title_zh, title_en, organisation_id, space, started_by, caller, input, key,
            schedule, keep_done, max_attempts)
          values (${id}, ${kind}, ${title.zh}, ${title.en}, ${caller.organisation.id}, ${caller.space}, ${caller.actorId},
            ${JSON.stringify(toStoredCaller(caller))}::jsonb, ${JSON.stringify(job.input)}::jsonb, ${key}, ${schedule},
            ${job.keepDone ?? definition.keepDone ?? true}, ${definition.maxAttempts ?? 5})
          on conflict (kind, key) where key is not null and state in ('waiting', 'running') do nothing
          returning id
        )
        select made.id from made, lateral ${queue(sql`made.id`, id, kind, definition)} as queued`.execute(
        transaction,
      );
      if (rows[0] !== undefined) return rows[0].id;
      const existing = await sql<{ id: string }>`
        select id from jobs.job where kind = ${kind} and key = ${key} and state in ('waiting', 'running')`.execute(
        transaction,
      );
      if (existing.rows[0] !== undefined) return existing.rows[0].id;
    }
  }

  /** One of `concurrency` serial queues bounds how many jobs of a kind run at once. */
  function queue(
    key: RawBuilder<unknown>,
    id: string,
    kind: string,
    { concurrency }: JobDefinition<JsonValue>,
  ): RawBuilder<unknown> {
    const slot =
      concurrency === undefined ? null : `${kind}:${Number.parseInt(id.slice(-5), 36) % concurrency}`;
    return sql`graphile_worker.add_job(${kind}::text, payload := json_build_object('id', ${key}), queue_name := ${slot}::text,
      max_attempts := ${GRAPHILE_ATTEMPTS}::int, job_key := ${key})`;
  }

  return {
    define(kind, definition) {
      if (definitions.has(kind)) throw new Error(`job kind ${kind} is defined twice`);
      definitions.set(kind, definition);
    },
    enqueue: insert,
    schedule: (schedule) => scheduler.add(schedule),
    async start() {
      if (worker !== null) return;
      await install();
      worker = await startWorker({
        database,
        log,
        definitions,
        concurrency: dependencies.concurrency ?? 4,
        pollMs: dependencies.pollMs ?? 1000,
      });
      await scheduler.settle();
      ticking.start();
      sweeping.start();
    },
    async stop() {
      await Promise.all([ticking.stop(), sweeping.stop()]);
      await worker?.stop();
      worker = null;
    },
    async cancel(id, caller) {
      await install();
      const row = await database
        .of('jobs')
        .transaction()
        .execute(async (transaction) => {
          const found = await findJob(transaction, id, caller);
          if (found === undefined) throw jobErrors.not_found({ id });
          const { rows } = await sql<JobRow>`
            update jobs.job set revision = revision + 1, cancel_requested_at = now(),
              state = case when state = 'waiting' then 'cancelled' else state end,
              finished_at = case when state = 'waiting' then now() end
            where id = ${id} and state in ('waiting', 'running') returning *`.execute(transaction);
          const [updated] = rows;
          if (updated === undefined) throw jobErrors.already_finished({ id });
          if (updated.state === 'cancelled') {
            await sql`select graphile_worker.remove_job(${id})`.execute(transaction);
            await tellEnded(definitions, transaction, updated);
          }
          return updated;
        });
      worker?.cancel(id);
      return row;
    },
    async retry(id, caller) {
      await install();
      return database
        .of('jobs')
        .transaction()
        .execute(async (transaction) => {
          const found = await findJob(transaction, id, caller);
          if (found === undefined) throw jobErrors.not_found({ id });
          const definition = definitions.get(found.kind);
          if (definition === undefined || !['failed', 'cancelled'].includes(found.state)) {
            throw jobErrors.not_retryable({ id, state: found.state });
          }
          const { rows } = await sql<JobRow>`
            update jobs.job j set state = 'waiting', attempts = 0, error_code = null, error_zh = null, error_en = null,
              cancel_requested_at = null, finished_at = null, worker = null, revision = revision + 1
            where id = ${id} and state in ('failed', 'cancelled') and not exists (
              select from jobs.job other where other.kind = j.kind and other.key = j.key and other.state in ('waiting', 'running'))
            returning *`.execute(transaction);
          if (rows[0] === undefined) throw jobErrors.same_under_way();
          await sql`select ${queue(sql`${id}::text`, id, found.kind, definition)}`.execute(transaction);
          return rows[0];
        });
    },
    async status() {
      const { rows } = await sql<{ waiting: number; running: number; failed: number; oldest: number }>`
        select count(*) filter (where state = 'waiting') as waiting, count(*) filter (where state = 'running') as running,
          count(*) filter (where state = 'failed') as failed,
          coalesce(extract(epoch from now() - min(created_at) filter (where state = 'waiting')), 0)::float8 as oldest
        from jobs.job where state in ('waiting', 'running', 'failed')`.execute(database.of('jobs'));
      const row = rows[0];
      return {
        waiting: row?.waiting ?? 0,
        running: row?.running ?? 0,
        failed: row?.failed ?? 0,
        oldestSeconds: Math.max(0, row?.oldest ?? 0),
        alive: worker?.alive() ?? false,
      };
    },
  };
}

/** Rows of jobs that ended 30 days ago go, 5,000 at a time. */
async function sweep(database: Database): Promise<void> {
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from jobs.job where id in (
        select id from jobs.job where finished_at < now() - interval '30 days' limit 5000)`.execute(
      database.of('jobs'),
    );
    if (numAffectedRows < 5000n) return;
  }
}
