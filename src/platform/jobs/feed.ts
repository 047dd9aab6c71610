import { PassThrough, type Readable } from 'node:stream';
import { sql } from 'kysely';
import type { Caller } from '../access.ts';
import type { Database } from '../database.ts';
import type { Log } from '../log.ts';
import { createPoller } from '../poller.ts';
import { toJob, type JobRow } from './job.ts';
import { jobErrors } from './jobs-errors.ts';

/** Streams of server-sent events with the progress of jobs. */
export interface JobFeed {
  /** A stream of the jobs that a caller started; throws `jobs.too_many_streams` above the limits. */
  open(caller: Caller): Readable;
  /** Ends every stream. */
  close(): Promise<void>;
}

export interface JobFeedOptions {
  readonly database: Database;
  readonly log: Log;
  readonly perCaller?: number;
  readonly total?: number;
  readonly pollMs?: number;
  readonly heartbeatMs?: number;
  /** A stream ends after this long, so that whoever lost the right to it does not keep it. */
  readonly lifeMs?: number;
}

interface Listener {
  readonly caller: Caller;
  readonly stream: PassThrough;
  /** Revision of each job as last sent. */
  sent: Map<string, number>;
  lastWrite: number;
  readonly ends: number;
}

/** Jobs of one caller in a round at most; more are read by the list. */
const JOBS_A_ROUND = 50;

/**
 * One statement a round serves every open stream of the process. A listener that reads slowly gets nothing until it has
 * read, then the newest state: what is kept for it never grows.
 */
export function createJobFeed(options: JobFeedOptions): JobFeed {
  const { database, log, perCaller = 5, total = 500, heartbeatMs = 15_000, lifeMs = 900_000 } = options;
  const listeners = new Set<Listener>();
  const poller = createPoller({
    work: round,
    everyMs: options.pollMs ?? 500,
    onError: (error) => log.warn({ err: error }, 'job feed failed'),
  });
  let started = false;

  async function round(): Promise<boolean> {
    const ready = [...listeners].filter(({ stream }) => !stream.writableNeedDrain);
    if (ready.length === 0) return false;
    const actors = [...new Set(ready.map(({ caller }) => caller.actorId))];
    const { rows } = await sql<JobRow>`
      select job.* from unnest(${actors}::text[]) as actor(id), lateral (
        (select * from jobs.job where started_by = actor.id and state in ('waiting', 'running'))
        union all
        (select * from jobs.job where started_by = actor.id and finished_at > now() - interval '1 minute')
        order by id desc limit ${JOBS_A_ROUND}) as job`.execute(database.of('jobs'));
    const now = performance.now();
    for (const listener of ready) tell(listener, rows, now);
    return false;
  }

  function tell(listener: Listener, rows: readonly JobRow[], now: number): void {
    const { caller, stream } = listener;
    if (now >= listener.ends) {
      stream.end();
      return;
    }
    const mine = rows.filter(
      (row) =>
        row.started_by === caller.actorId &&
        row.organisation_id === caller.organisation.id &&
        row.space === caller.space,
    );
    let text = '';
    for (const row of mine.toReversed()) {
      if (listener.sent.get(row.id) !== row.revision)
        text += `id: ${row.id}.${row.revision}\nevent: job\ndata: ${JSON.stringify(toJob(row))}\n\n`;
    }
    listener.sent = new Map(mine.map(({ id, revision }) => [id, revision]));
    if (text === '' && now - listener.lastWrite >= heartbeatMs) text = ': still here\n\n';
    if (text === '') return;
    listener.lastWrite = now;
    stream.write(text);
  }

  return {
    open(caller) {
      const own = [...listeners].filter((listener) => listener.caller.actorId === caller.actorId).length;
      if (own >= perCaller || listeners.size >= total) throw jobErrors.too_many_streams({ seconds: 30 });
      const stream = new PassThrough();
      const now = performance.now();
      const listener: Listener = { caller, stream, sent: new Map(), lastWrite: now, ends: now + lifeMs };
      listeners.add(listener);
      stream.on('close', () => listeners.delete(listener));
      stream.on('error', () => listeners.delete(listener));
      stream.write('retry: 3000\n\n');
      if (!started) poller.start();
      started = true;
      poller.poke();
      return stream;
    },
    async close() {
      for (const { stream } of listeners) stream.end();
      listeners.clear();
      await poller.stop();
      started = false;
    },
  };
}
