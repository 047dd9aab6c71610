import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { freshDatabase } from '#test/database';
import { permissionsOf, systemCaller, type Caller } from '../access.ts';
import { fixedClock, movableClock, systemClock, type Clock } from '../clock.ts';
import type { AnyTransaction, Database } from '../database.ts';
import { defineErrors } from '../errors.ts';
import { createLog } from '../log.ts';
import type { JobRow } from './job.ts';
import { createJobs, jobsMigrations, type Jobs } from './jobs.ts';
import { cronIn } from './schedule.ts';

const log = createLog('silent');
const errors = defineErrors('jobs_test', { refused: { status: 409, zh: '拒絕', en: 'refused' } });
const title = { zh: '測試工作', en: 'Test job' };
const system = systemCaller('test');

function officer(organisation = 'org_a', actorId = 'usr_a'): Caller {
  return {
    by: 'person',
    actorId,
    organisation: { id: organisation, kind: 'agency', ubn: null },
    roles: ['officer'],
    permissions: permissionsOf('agency', ['officer']),
    space: 'live',
  };
}

function inTransaction<T>(database: Database, work: (transaction: AnyTransaction) => Promise<T>): Promise<T> {
  return database.of<never>('public').transaction().execute(work);
}

async function rowOf(database: Database, id: string): Promise<JobRow | undefined> {
  const { rows } = await sql<JobRow>`select * from jobs.job where id = ${id}`.execute(database.of('jobs'));
  return rows[0];
}

async function until(condition: () => boolean | Promise<boolean>, what = 'it'): Promise<void> {
  const end = Date.now() + 40_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const reaches = (database: Database, id: string, state: string): Promise<void> =>
  until(async () => (await rowOf(database, id))?.state === state, `${state} of ${id}`);

interface Bench extends AsyncDisposable {
  readonly database: Database;
  readonly url: string;
  readonly jobs: Jobs;
}

async function bench(
  setUp: (jobs: Jobs) => void,
  options: { clock?: Clock; start?: boolean } = {},
): Promise<Bench> {
  const fresh = await freshDatabase([jobsMigrations]);
  const jobs = createJobs({ database: fresh.database, log, clock: options.clock ?? systemClock, pollMs: 50 });
  setUp(jobs);
  if (options.start !== false) await jobs.start();
  return {
    database: fresh.database,
    url: fresh.url,
    jobs,
    [Symbol.asyncDispose]: async () => {
      await jobs.stop();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

test('a job asked for in a transaction that is rolled back never runs', async () => {
  const ran: string[] = [];
  await using t = await bench((jobs) =>
    jobs.define<string>('note', { title, run: ({ input }) => (ran.push(input), Promise.resolve(undefined)) }),
  );
  await assert.rejects(
    inTransaction(t.database, async (trx) => {
      await t.jobs.enqueue(trx, { kind: 'note', input: 'undone', caller: system });
      throw new Error('undone');
    }),
  );
  const id = await inTransaction(t.database, (trx) =>
    t.jobs.enqueue(trx, { kind: 'note', input: 'done', caller: system }),
  );
  await reaches(t.database, id, 'done');
  assert.deepEqual(ran, ['done']);
});

test('a job knows its input and its caller, tells its progress and keeps its result', async () => {
  let seen: Caller | undefined;
  await using t = await bench((jobs) =>
    jobs.define<{ n: number }>('sum', {
      title,
      async run({ input, caller, progress }) {
        seen = caller;
        await progress(1, 4);
        await progress(4, 4, { zh: '好了', en: 'ready' });
        return { sum: [input.n, 2] };
      },
    }),
  );
  const caller = officer();
  const id = await inTransaction(t.database, (trx) =>
    t.jobs.enqueue(trx, { kind: 'sum', input: { n: 1 }, caller, title: { zh: '加總', en: 'Sum' } }),
  );
  await reaches(t.database, id, 'done');
  const row = await rowOf(t.database, id);
  assert.deepEqual(row?.result, { sum: [1, 2] });
  assert.deepEqual(
    [row?.progress_done, row?.progress_total, row?.note_zh, row?.title_en],
    [4, 4, '好了', 'Sum'],
  );
  assert.deepEqual(seen, caller);
});

test('at most one job waits or runs under a key', async () => {
  const gate = Promise.withResolvers<undefined>();
  await using t = await bench((jobs) => jobs.define('once', { title, run: () => gate.promise }));
  const ask = (): Promise<string> =>
    inTransaction(t.database, (trx) =>
      t.jobs.enqueue(trx, { kind: 'once', input: null, caller: system, key: 'k' }),
    );
  const ids = await Promise.all([ask(), ask(), ask()]);
  assert.equal(new Set(ids).size, 1);
  await reaches(t.database, ids[0] ?? '', 'running');
  assert.equal(await ask(), ids[0]);
  gate.resolve(undefined);
  await reaches(t.database, ids[0] ?? '', 'done');
  assert.notEqual(await ask(), ids[0]);
});

test('an unexpected failure is tried again, a refusal is not; a failed job can be retried by hand', async () => {
  let failures = 1;
  let refuse = true;
  await using t = await bench((jobs) => {
    jobs.define('shaky', {
      title,
      run: ({ attempt }) => {
        if (failures-- > 0) throw new Error('phone 0912345678');
        return Promise.resolve(attempt);
      },
    });
    jobs.define('strict', {
      title,
      run: () => {
        if (refuse) throw errors.refused();
        return Promise.resolve('fine');
      },
    });
  });
  const shaky = await inTransaction(t.database, (trx) =>
    t.jobs.enqueue(trx, { kind: 'shaky', input: null, caller: system }),
  );
  const strict = await inTransaction(t.database, (trx) =>
    t.jobs.enqueue(trx, { kind: 'strict', input: null, caller: system }),
  );
  await reaches(t.database, strict, 'failed');
  const failed = await rowOf(t.database, strict);
  assert.deepEqual(
    [failed?.attempts, failed?.error_code, failed?.error_zh],
    [1, 'jobs_test.refused', '拒絕'],
  );
  await reaches(t.database, shaky, 'done');
  assert.equal((await rowOf(t.database, shaky))?.result, 2);
  refuse = false;
  await assert.rejects(t.jobs.retry(shaky, system), { code: 'jobs.not_retryable' });
  assert.equal((await t.jobs.retry(strict, system)).state, 'waiting');
  await reaches(t.database, strict, 'done');
  const { rows } = await t.database.pool.query<{ n: number }>(
    `select count(*) n from graphile_worker.jobs where last_error like '%0912%'`,
  );
  assert.equal(rows[0]?.n, 0);
});

test('a waiting job is cancelled at once and never runs; a running one is told and ends as cancelled', async () => {
  const ran: string[] = [];
  await using t = await bench((jobs) =>
    jobs.define<string>('long', {
      title,
      concurrency: 1,
      async run({ input, signal, progress }) {
        ran.push(input);
        for (let n = 0; ; n++) {
          await progress(n, null);
          await new Promise((resolve) => setTimeout(resolve, 10));
          if (n > 5000) throw new Error(`not told ${String(signal.aborted)}`);
        }
      },
    }),
  );
  const [first, second] = await inTransaction(t.database, async (trx) => [
    await t.jobs.enqueue(trx, { kind: 'long', input: 'first', caller: system }),
    await t.jobs.enqueue(trx, { kind: 'long', input: 'second', caller: system }),
  ]);
  await reaches(t.database, first ?? '', 'running');
  assert.equal((await t.jobs.cancel(second ?? '', system)).state, 'cancelled');
  // Another process's request reaches the runner by the table alone.
  await t.database.pool.query('update jobs.job set cancel_requested_at = now() where id = $1', [first]);
  await reaches(t.database, first ?? '', 'cancelled');
  await assert.rejects(t.jobs.cancel(first ?? '', system), { code: 'jobs.already_finished' });
  await t.jobs.retry(second ?? '', system);
  await reaches(t.database, second ?? '', 'running');
  await t.jobs.cancel(second ?? '', system);
  await reaches(t.database, second ?? '', 'cancelled');
  assert.deepEqual(ran, ['first', 'second']);
});

test('no more jobs of a kind run at once than its concurrency', async () => {
  let now = 0;
  let most = 0;
  await using t = await bench((jobs) =>
    jobs.define('narrow', {
      title,
      concurrency: 2,
      async run() {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 30));
        now--;
        return undefined;
      },
    }),
  );
  await inTransaction(t.database, async (trx) => {
    for (let n = 0; n < 12; n++) await t.jobs.enqueue(trx, { kind: 'narrow', input: n, caller: system });
  });
  await until(async () => {
    const { rows } = await t.database.pool.query<{ n: number }>(
      `select count(*) n from jobs.job where state = 'done'`,
    );
    return rows[0]?.n === 12;
  });
  assert.ok(most <= 2, `${most} ran at once`);
});

test('jobs under way go back to waiting when the product stops, without losing an attempt', async () => {
  await using t = await bench((jobs) =>
    jobs.define('patient', {
      title,
      run: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    }),
  );
  const id = await inTransaction(t.database, (trx) =>
    t.jobs.enqueue(trx, { kind: 'patient', input: null, caller: system }),
  );
  await reaches(t.database, id, 'running');
  await t.jobs.stop();
  const row = await rowOf(t.database, id);
  assert.deepEqual([row?.state, row?.attempts, row?.worker], ['waiting', 0, null]);
});

test('a job whose process is killed runs again elsewhere, and fails after its attempts', async () => {
  let answer: 'work' | 'wait' = 'work';
  await using t = await bench(
    (jobs) =>
      jobs.define('count', {
        title,
        maxAttempts: 2,
        run: ({ attempt }) => Promise.resolve(`${answer} ${attempt}`),
      }),
    { start: false },
  );
  const ask = (): Promise<string> =>
    inTransaction(t.database, (trx) => t.jobs.enqueue(trx, { kind: 'count', input: null, caller: system }));
  const killOne = async (): Promise<void> => {
    const child: ChildProcess = spawn(
      process.execPath,
      [fileURLToPath(new URL('crash-child.ts', import.meta.url)), t.url],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    if (child.stdout !== null) await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const once1 = await ask();
  await killOne();
  assert.equal((await rowOf(t.database, once1))?.state, 'running');
  await t.jobs.start();
  await reaches(t.database, once1, 'done');
  assert.equal((await rowOf(t.database, once1))?.result, 'work 2');
  await t.jobs.stop();

  answer = 'wait';
  const twice = await ask();
  await killOne();
  // A second child puts the job back, takes it, and is killed too.
  await killOne();
  await t.jobs.start();
  await reaches(t.database, twice, 'failed');
  assert.equal((await rowOf(t.database, twice))?.error_code, 'jobs.worker_died');
  const { rows } = await t.database.pool.query<{ n: number }>('select count(*) n from graphile_worker.jobs');
  assert.equal(rows[0]?.n, 0, 'nothing stays in the queue');
});

test('a worker that loses its connection takes a new place and its jobs run again', async () => {
  const told: string[] = [];
  await using t = await bench((jobs) =>
    jobs.define('steady', {
      title,
      async run({ attempt, signal }) {
        if (attempt > 1) return 'second run';
        const told1 = Promise.withResolvers<undefined>();
        signal.addEventListener('abort', () => told1.resolve(undefined));
        await told1.promise;
        told.push((signal.reason as Error).name);
        throw signal.reason as Error;
      },
    }),
  );
  const id = await inTransaction(t.database, (trx) =>
    t.jobs.enqueue(trx, { kind: 'steady', input: null, caller: system }),
  );
  await reaches(t.database, id, 'running');
  await t.database.pool.query(`
    select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`);
  await reaches(t.database, id, 'done');
  assert.deepEqual(told, ['LostPlace']);
  assert.equal((await rowOf(t.database, id))?.result, 'second run');
});

test('schedules run by the clock of the product, once over all processes, and leave one row each', async () => {
  const clock = movableClock(fixedClock('2026-11-21T01:00:00Z'));
  const ran: string[] = [];
  const declare = (jobs: Jobs): void => {
    jobs.define<string>('tick', { title, run: ({ input }) => (ran.push(input), Promise.resolve(undefined)) });
    jobs.schedule({ name: 'nightly', cron: '30 3 * * *', kind: 'tick', input: 'nightly' });
    jobs.schedule({ name: 'often', everySeconds: 600, kind: 'tick', input: 'often' });
  };
  await using t = await bench(declare, { clock });
  const other = createJobs({ database: t.database, log, clock, pollMs: 50 });
  declare(other);
  await other.start();
  clock.advance(Temporal.Duration.from({ minutes: 11 }));
  await until(() => ran.includes('often'));
  clock.advance(Temporal.Duration.from({ hours: 20 }));
  await until(() => ran.includes('nightly'));
  await until(() => ran.filter((name) => name === 'often').length === 2);
  await other.stop();
  assert.equal(ran.filter((name) => name === 'nightly').length, 1, 'what was missed is made up once');
  const { rows } = await sql<{
    next_at: Date;
  }>`select next_at from jobs.schedule where name = 'nightly'`.execute(t.database.of('jobs'));
  assert.equal(rows[0]?.next_at.toISOString(), '2026-11-22T19:30:00.000Z');
});

test('cron patterns count in Taipei', () => {
  const after = Temporal.Instant.from('2026-11-20T15:59:00Z');
  assert.equal(cronIn('0 0 * * *')(after).toString(), '2026-11-20T16:00:00Z');
  assert.equal(cronIn('15 9 1 1 *')(after).toString(), '2027-01-01T01:15:00Z');
  assert.equal(cronIn('0 8 * * 1')(after).toString(), '2026-11-23T00:00:00Z');
  assert.equal(cronIn('0 0 29 2 *')(after).toString(), '2028-02-28T16:00:00Z');
  assert.throws(() => cronIn('0 0 31 2 *')(after), RangeError);
  assert.throws(() => cronIn('often'));
});

test('a kind is told once of a job that failed for good or was cancelled, waiting or running, in the same transaction', async () => {
  const told: string[] = [];
  await using t = await bench((jobs) =>
    jobs.define<string>('watched', {
      title,
      concurrency: 1,
      async run({ input, signal }) {
        if (input === 'refused') throw errors.refused();
        if (input === 'fine') return 'fine';
        while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 10));
        throw signal.reason;
      },
      async ended(transaction, { input, state, error }) {
        told.push(`${input} ${state} ${error?.code ?? '-'}`);
        await sql`select 1`.execute(transaction);
      },
    }),
  );
  const ask = (input: string): Promise<string> =>
    inTransaction(t.database, (trx) => t.jobs.enqueue(trx, { kind: 'watched', input, caller: system }));
  await reaches(t.database, await ask('fine'), 'done');
  await reaches(t.database, await ask('refused'), 'failed');
  const running = await ask('running');
  await reaches(t.database, running, 'running');
  const waiting = await ask('waiting');
  await t.jobs.cancel(waiting, system);
  await t.jobs.cancel(running, system);
  await reaches(t.database, running, 'cancelled');
  assert.deepEqual(told.toSorted(), [
    'refused failed jobs_test.refused',
    'running cancelled -',
    'waiting cancelled -',
  ]);
});
