import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { test } from 'node:test';
import { sql } from 'kysely';
import Type from 'typebox';
import { freshDatabase, type FreshDatabase } from '#test/database';
import { listen, testCaller, testHttp } from '#test/http';
import { movableClock, type MovableClock } from '../clock.ts';
import { defineErrors } from '../errors.ts';
import { defineRoutes } from './contract.ts';
import { httpMigrations } from './http-migrations.ts';
import { keepAnswer, registerIdempotency } from './idempotency.ts';
import { registerRoutes } from './routes.ts';

const errors = defineErrors('idempotency_test', {
  taken: { status: 409, zh: '已有', en: 'taken' },
  input: { status: 422, zh: '不對', en: 'wrong' },
});
const routes = defineRoutes({
  send: {
    method: 'POST',
    url: '/api/v1/send/:id',
    access: 'signed-in',
    tag: 'test',
    summary: { zh: '送', en: 'send' },
    params: Type.Object({ id: Type.String() }),
    body: Type.Object({ do: Type.String(), n: Type.Optional(Type.Integer()) }),
    response: { 201: Type.Object({ run: Type.Integer(), secret: Type.String() }) },
    idempotent: true,
  },
  plain: {
    method: 'POST',
    url: '/api/v1/plain',
    access: 'signed-in',
    tag: 'test',
    summary: { zh: '送', en: 'send' },
    response: { 200: Type.Object({ run: Type.Integer() }) },
  },
});

interface Bench extends AsyncDisposable {
  readonly app: Awaited<ReturnType<typeof testHttp>>;
  readonly fresh: FreshDatabase;
  readonly clock: MovableClock;
  runs(): number;
  open(): void;
  post(
    key: string | null,
    body: object,
    who?: string,
    url?: string,
  ): Promise<{ status: number; replayed: boolean; json: Record<string, unknown> }>;
}

async function bench(): Promise<Bench> {
  const fresh = await freshDatabase([httpMigrations]);
  const clock = movableClock();
  const app = await testHttp({ a: testCaller('org_a', 'agency', []), b: testCaller('org_b', 'agency', []) });
  registerIdempotency(app, { database: fresh.database, clock, leaseSeconds: 1 });
  let runs = 0;
  const gate = Promise.withResolvers<undefined>();
  registerRoutes(app, routes, {
    async send({ body, request }) {
      runs++;
      const answer = { run: runs, secret: 'whsec_planted' };
      switch (body.do) {
        case 'wait':
          await gate.promise;
          break;
        case 'break':
          throw new Error('broken');
        case 'take':
          throw errors.taken();
        case 'input':
          throw errors.input();
        case 'keep then break':
          await fresh.database
            .of<never>('public')
            .transaction()
            .execute((trx) => keepAnswer(trx, request, { status: 201, body: answer }));
          // As a process that dies before it answers: nobody releases the key.
          request.idempotency = null;
          throw new Error('died');
        default:
      }
      return answer;
    },
    plain: () => Promise.resolve({ run: ++runs }),
  });
  return {
    app,
    fresh,
    clock,
    runs: () => runs,
    open: () => gate.resolve(undefined),
    async post(key, body, who = 'a', url = '/api/v1/send/1') {
      const answer = await app.inject({
        method: 'POST',
        url,
        headers: { 'x-test-caller': who, ...(key !== null && { 'idempotency-key': key }) },
        payload: body,
      });
      return {
        status: answer.statusCode,
        replayed: answer.headers['idempotency-replayed'] === 'true',
        json: answer.json<Record<string, unknown>>(),
      };
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

test('the same key and content answer again what was answered, however the JSON was ordered', async () => {
  await using t = await bench();
  const first = await t.post('k1', { do: 'it', n: 1 });
  const again = await t.post('k1', { n: 1, do: 'it' });
  assert.deepEqual([first.status, first.replayed, again.status, again.replayed], [201, false, 201, true]);
  assert.deepEqual(again.json, first.json);
  assert.equal(t.runs(), 1);
});

test('the same key with another content, path or query is refused', async () => {
  await using t = await bench();
  await t.post('k1', { do: 'it' });
  for (const other of [
    await t.post('k1', { do: 'that' }),
    await t.post('k1', { do: 'it' }, 'a', '/api/v1/send/2'),
    await t.post('k1', { do: 'it' }, 'a', '/api/v1/send/1?x=1'),
  ]) {
    assert.deepEqual([other.status, other.json['code']], [422, 'http.idempotency_key_reused']);
  }
  assert.equal(t.runs(), 1);
});

test('keys of two organisations are apart', async () => {
  await using t = await bench();
  await t.post('k1', { do: 'it' });
  const other = await t.post('k1', { do: 'other' }, 'b');
  assert.deepEqual([other.status, other.replayed], [201, false]);
});

test('of many requests at once under one key only one runs', async () => {
  await using t = await bench();
  const answers = Promise.all(Array.from({ length: 12 }, () => t.post('k1', { do: 'wait' })));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  // Longer than the lease: a request that lives keeps its key.
  assert.equal((await t.post('k1', { do: 'wait' })).json['code'], 'http.idempotency_in_progress');
  t.open();
  const statuses = (await answers).map(({ status }) => status).sort((a, b) => a - b);
  assert.deepEqual(statuses, [201, ...Array<number>(11).fill(409)]);
  assert.equal(t.runs(), 1);
  assert.equal((await t.post('k1', { do: 'wait' })).replayed, true);
});

test('refused input and server errors leave the key free, other refusals are answered again', async () => {
  await using t = await bench();
  assert.equal((await t.post('k1', { wrong: true })).status, 422);
  assert.equal((await t.post('k1', { do: 'input' })).status, 422);
  assert.equal((await t.post('k1', { do: 'break' })).status, 500);
  assert.equal((await t.post('k1', { do: 'it' })).status, 201);
  const refused = await t.post('k2', { do: 'take' });
  const again = await t.post('k2', { do: 'take' });
  assert.deepEqual(
    [refused.status, again.status, again.replayed, again.json['code']],
    [409, 409, true, 'idempotency_test.taken'],
  );
});

test('a request whose process died blocks its key only for the lease, and for its own content', async () => {
  await using t = await bench();
  await t.post('k1', { do: 'it' });
  // As left by a process killed in the middle.
  const set = (when: string) =>
    t.fresh.database.pool.query(
      `update http.idempotency set status = null, answer = null, locked_until = now() + $1::interval`,
      [when],
    );
  await set('1 minute');
  assert.equal((await t.post('k1', { do: 'it' })).status, 409);
  await set('-1 second');
  assert.equal((await t.post('k1', { do: 'that' })).status, 422);
  const again = await t.post('k1', { do: 'it' });
  assert.deepEqual([again.status, again.replayed, again.json['run']], [201, false, 2]);
});

test('an answer kept in the transaction of the handler survives a death before it is sent', async () => {
  await using t = await bench();
  assert.equal((await t.post('k1', { do: 'keep then break' })).status, 500);
  const again = await t.post('k1', { do: 'keep then break' });
  assert.deepEqual([again.status, again.replayed, again.json['run']], [201, true, 1]);
});

test('a client that goes away before the answer finds it under its key', async () => {
  await using t = await bench();
  const base = await listen(t.app);
  const gone = httpRequest(`${base}/api/v1/send/1`, {
    method: 'POST',
    headers: { 'x-test-caller': 'a', 'idempotency-key': 'k1', 'content-type': 'application/json' },
  });
  gone.on('error', () => {});
  gone.end(JSON.stringify({ do: 'wait' }));
  while (t.runs() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  gone.destroy();
  t.open();
  for (let tries = 0; ; tries++) {
    const again = await t.post('k1', { do: 'wait' });
    if (again.status === 201) {
      assert.equal(again.replayed, true);
      break;
    }
    assert.ok(tries < 200);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(t.runs(), 1);
});

test('a key is forgotten after 24 hours, and neither key nor answer stand in the table', async () => {
  await using t = await bench();
  await t.post('key-of-the-client', { do: 'it' });
  const { rows } = await sql<{ text: string }>`
    select encode(answer, 'escape') || encode(key_digest, 'escape') || i::text as text from http.idempotency i`.execute(
    t.fresh.database.of('http'),
  );
  assert.equal(rows.length, 1);
  assert.doesNotMatch(rows[0]?.text ?? '', /planted|key-of-the-client/);
  t.clock.advance(Temporal.Duration.from({ hours: 23 }));
  assert.equal((await t.post('key-of-the-client', { do: 'it' })).replayed, true);
  t.clock.advance(Temporal.Duration.from({ hours: 2 }));
  assert.deepEqual((await t.post('key-of-the-client', { do: 'other' })).replayed, false);
});

test('a key that is not one is refused; routes that are not idempotent ignore it', async () => {
  await using t = await bench();
  for (const key of ['x'.repeat(256), 'a b']) {
    assert.equal((await t.post(key, { do: 'it' })).json['code'], 'http.idempotency_key_invalid');
  }
  assert.equal((await t.post('x'.repeat(255), { do: 'it' })).status, 201);
  const before = t.runs();
  await t.post('k', {}, 'a', '/api/v1/plain');
  await t.post('k', {}, 'a', '/api/v1/plain');
  assert.equal(t.runs(), before + 2);
});
