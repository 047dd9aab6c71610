import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '#test/database';
import { listen, testCaller, testHttp } from '#test/http';
import { systemCaller, type Caller } from '../access.ts';
import { systemClock } from '../clock.ts';
import type { Database } from '../database.ts';
import { createLog } from '../log.ts';
import { createJobs, jobsMigrations, type Jobs } from './jobs.ts';
import { registerJobsRoutes } from './routes.ts';

const log = createLog('silent');
const callers = {
  a: testCaller('org_a', 'agency', ['officer']),
  viewer: testCaller('org_a', 'agency', ['viewer'], { actorId: 'usr_viewer' }),
  live: testCaller('org_a', 'agency', ['officer'], { space: 'live' }),
  b: testCaller('org_b', 'operator', ['administrator']),
  ministry: testCaller('org_m', 'ministry', ['administrator']),
  officer: testCaller('org_m', 'ministry', ['officer']),
};

function enqueue(database: Database, jobs: Jobs, caller: Caller): Promise<string> {
  return database
    .of<never>('public')
    .transaction()
    .execute((trx) => jobs.enqueue(trx, { kind: 'work', input: null, caller }));
}

async function bench(): Promise<
  AsyncDisposable & { database: Database; jobs: Jobs; app: Awaited<ReturnType<typeof testHttp>> }
> {
  const fresh = await freshDatabase([jobsMigrations]);
  const jobs = createJobs({ database: fresh.database, log, clock: systemClock, pollMs: 50 });
  jobs.define('work', {
    title: { zh: '工作', en: 'Work' },
    async run({ progress, signal }) {
      for (let n = 0; !signal.aborted; n++) {
        await progress(n, 100);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw signal.reason as Error;
    },
  });
  const app = await testHttp(callers);
  registerJobsRoutes(app, { jobs, database: fresh.database, log });
  return {
    database: fresh.database,
    jobs,
    app,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await jobs.stop();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

test("jobs are seen by their organisation in their space, and by the ministry's administrators", async () => {
  await using t = await bench();
  const own = await enqueue(t.database, t.jobs, callers.a);
  const system = await enqueue(t.database, t.jobs, systemCaller('upkeep'));
  const seen = async (who: string): Promise<string[]> => {
    const answer = await t.app.inject({ url: '/api/v1/jobs', headers: { 'x-test-caller': who } });
    assert.equal(answer.statusCode, 200);
    return answer.json<{ items: { id: string }[] }>().items.map(({ id }) => id);
  };
  assert.deepEqual(await seen('a'), [own]);
  assert.deepEqual(await seen('viewer'), [own]);
  assert.deepEqual(await seen('live'), []);
  assert.deepEqual(await seen('b'), []);
  assert.deepEqual(await seen('officer'), []);
  assert.deepEqual(await seen('ministry'), [system, own]);
  for (const [who, status] of [
    ['a', 200],
    ['b', 404],
    ['nobody', 401],
  ] as const) {
    const answer = await t.app.inject({ url: `/api/v1/jobs/${own}`, headers: { 'x-test-caller': who } });
    assert.equal(answer.statusCode, status);
  }
});

test('a list of jobs is paged by its cursor', async () => {
  await using t = await bench();
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.push(await enqueue(t.database, t.jobs, callers.a));
  const read: string[] = [];
  let cursor: string | null = null;
  do {
    const url: string = `/api/v1/jobs?limit=2&mine=true&state=waiting${cursor === null ? '' : `&cursor=${cursor}`}`;
    const answer = await t.app.inject({ url, headers: { 'x-test-caller': 'a' } });
    const page = answer.json<{ items: { id: string }[]; nextCursor: string | null }>();
    read.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  assert.deepEqual(read, ids.toReversed());
});

test('a job is cancelled and retried by its starter or by a manager of jobs, nobody else', async () => {
  await using t = await bench();
  const id = await enqueue(t.database, t.jobs, callers.a);
  const post = (who: string, what: string) =>
    t.app.inject({ method: 'POST', url: `/api/v1/jobs/${id}/${what}`, headers: { 'x-test-caller': who } });
  assert.equal((await post('viewer', 'cancel')).statusCode, 403);
  assert.equal((await post('b', 'cancel')).statusCode, 404);
  const cancelled = await post('a', 'cancel');
  assert.deepEqual([cancelled.statusCode, cancelled.json<{ state: string }>().state], [200, 'cancelled']);
  assert.equal((await post('a', 'cancel')).statusCode, 409);
  assert.equal((await post('ministry', 'retry')).json<{ state: string }>().state, 'waiting');
});

test('the stream of progress tells each change of the caller’s own jobs, is bounded, and ends with the client', async () => {
  await using t = await bench();
  const url = `${await listen(t.app)}/api/v1/jobs/events`;
  const open = async (who: string): Promise<{ abort: AbortController; answer: Response }> => {
    const abort = new AbortController();
    return { abort, answer: await fetch(url, { headers: { 'x-test-caller': who }, signal: abort.signal }) };
  };
  const { answer, abort } = await open('a');
  assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  const other = await open('b');
  const id = await enqueue(t.database, t.jobs, callers.a);
  await t.jobs.start();
  const states: string[] = [];
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString('utf8');
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data === undefined) continue;
      const job = JSON.parse(data) as { id: string; state: string; progress: { done: number } };
      assert.equal(job.id, id);
      if (states.at(-1) !== job.state) states.push(job.state);
      if (job.state === 'running' && job.progress.done > 5) await t.jobs.cancel(id, callers.a);
    }
    if (states.at(-1) === 'cancelled') break;
  }
  assert.deepEqual(states.slice(-2), ['running', 'cancelled']);
  abort.abort();

  const more = await Promise.all([1, 2, 3, 4, 5].map(() => open('viewer')));
  assert.deepEqual(
    more.map((one) => one.answer.status),
    [200, 200, 200, 200, 200],
  );
  const sixth = await open('viewer');
  assert.equal(sixth.answer.status, 429);
  assert.equal(sixth.answer.headers.get('retry-after'), '30');
  more[0]?.abort.abort();
  for (let tries = 0; ; tries++) {
    const again = await open('viewer');
    again.abort.abort();
    if (again.answer.status === 200) break;
    assert.ok(tries < 100, 'a closed stream frees its place');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const reader = other.answer.body?.getReader();
  const first = await reader?.read();
  assert.equal(Buffer.from(first?.value ?? []).toString('utf8'), 'retry: 3000\n\n');
  await reader?.cancel();
  for (const one of more.slice(1)) one.abort.abort();
});
