import { EventEmitter } from 'node:events';
import { run, type Runner, type Task, type WorkerEvents } from 'graphile-worker';
import { sql } from 'kysely';
import { Client } from 'pg';
import type { Database } from '../database.ts';
import type { JsonValue } from '../json.ts';
import type { Log } from '../log.ts';
import { createPoller } from '../poller.ts';
import { graphileLogger } from './graphile-log.ts';
import type { JobDefinition } from './jobs.ts';
import { recoverAbandoned } from './recovery.ts';
import { LostPlace, runJob } from './run-job.ts';

export interface WorkerOptions {
  readonly database: Database;
  readonly log: Log;
  readonly definitions: ReadonlyMap<string, JobDefinition<JsonValue>>;
  readonly concurrency: number;
  readonly pollMs: number;
}

/** This process as a runner of jobs. */
export interface Worker {
  /** Tells a job of this process that it was cancelled; jobs of others are told by their own process. */
  cancel(jobId: string): void;
  alive(): boolean;
  stop(): Promise<void>;
}

/** One stay in the queue: graphile's pool and the connection whose lock says that this process lives. */
interface Stay {
  readonly runner: Runner;
  readonly place: Client;
  readonly workerId: string;
}

/** How long a job that does not obey its signal is waited for when the product stops. */
const STOP_MS = 10_000;

/**
 * Runs jobs until stopped. The process holds an advisory lock on its worker id over a connection of its own: when it is
 * killed, the lock goes with it and any other process (or its successor) puts its jobs back within seconds, against
 * four hours by graphile-worker itself. When that connection is lost, the jobs under way are told and a new stay begins.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { database, log } = options;
  const running = new Map<string, AbortController>();
  let stay: Stay | null = null;
  let stopping = false;

  async function begin(): Promise<Stay> {
    const registered = Promise.withResolvers<string>();
    registered.promise.catch(() => {});
    const events = new EventEmitter() as WorkerEvents;
    let workerId = '';
    events.on('pool:create', ({ workerPool }) => (workerId = workerPool.id));
    const place = new Client({ connectionString: database.url, keepAlive: true });
    let lost = false;
    const lose = (): void => {
      if (lost || stopping) return;
      lost = true;
      log.warn({ worker: workerId }, 'the place in the job queue was lost; taking a new one');
      for (const controller of running.values()) controller.abort(new LostPlace());
      void renew();
    };
    place.on('error', lose);
    await place.connect();
    const task: Task = async (payload, { abortSignal }) => {
      const id = await registered.promise;
      await runJob(
        { database, log, definitions: options.definitions, running, workerId: id, stopSignal: abortSignal },
        payload,
      );
    };
    const taskList = Object.fromEntries([...options.definitions.keys()].map((kind) => [kind, task]));
    const runner = await run({
      pgPool: database.pool,
      taskList,
      concurrency: options.concurrency,
      pollInterval: options.pollMs,
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: 0,
      crontab: '',
      logger: graphileLogger(log),
      events,
    });
    runner.promise.catch(() => {});
    try {
      await place.query('select pg_advisory_lock(hashtextextended($1, 0))', [`jobs.worker:${workerId}`]);
      await place.query(
        `set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3`,
      );
      await place.query('insert into jobs.worker (id) values ($1)', [workerId]);
    } catch (error) {
      registered.reject(error);
      lost = true;
      await leave({ runner, place, workerId });
      throw error;
    }
    place.on('end', lose);
    registered.resolve(workerId);
    return { runner, place, workerId };
  }

  /** Takes a new place after one was lost, as soon as the database lets it. */
  async function renew(): Promise<void> {
    const old = stay;
    stay = null;
    if (old !== null) await leave(old);
    while (!isStopping()) {
      try {
        stay = await begin();
        return;
      } catch (error) {
        log.warn({ err: error }, 'no place in the job queue yet');
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  function isStopping(): boolean {
    return stopping;
  }

  stay = await begin();
  let rounds = 0;
  const recovery = createPoller({
    work: async () => {
      await recoverAbandoned(database, options.definitions, log, rounds++ % 30 === 0);
      return false;
    },
    everyMs: 2000,
    onError: (error) => log.error({ err: error }, 'recovery of jobs failed'),
  });
  const cancelling = createPoller({
    work: async () => {
      if (running.size === 0) return false;
      const { rows } = await sql<{ id: string }>`
        select id from jobs.job where id = any(${[...running.keys()]}::text[]) and cancel_requested_at is not null`.execute(
        database.of('jobs'),
      );
      for (const { id } of rows) cancel(id);
      return false;
    },
    everyMs: 500,
    onError: (error) => log.error({ err: error }, 'look for cancelled jobs failed'),
  });
  recovery.start();
  cancelling.start();

  function cancel(jobId: string): void {
    running.get(jobId)?.abort(new DOMException('the job was cancelled', 'AbortError'));
  }

  return {
    cancel,
    alive: () => stay !== null,
    async stop() {
      stopping = true;
      await Promise.all([recovery.stop(), cancelling.stop()]);
      if (stay !== null) await leave(stay);
      stay = null;
    },
  };
}

async function leave({ runner, place, workerId }: Stay): Promise<void> {
  const stopped = runner.stop('the product stops').catch(() => {});
  const patience = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => patience.resolve('late'), STOP_MS);
  const end = await Promise.race([stopped, patience.promise]);
  clearTimeout(timer);
  if (end === 'late') await runner.kill('the jobs under way did not end').catch(() => {});
  // With its row gone and its lock free, what it still held is put back by the next recovery round.
  await place
    .query(
      'delete from jobs.worker where id = $1 and not exists (select from jobs.job where worker = $1 and state = $2)',
      [workerId, 'running'],
    )
    .catch(() => {});
  await place.end().catch(() => {});
}
