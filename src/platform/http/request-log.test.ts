import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import Type from 'typebox';
import { freshDatabase } from '#test/database';
import { testCaller, testHttp } from '#test/http';
import { newId } from '../id.ts';
import { defineRoutes, nullable } from './contract.ts';
import { httpMigrations } from './http-migrations.ts';
import { maskPath, maskSample } from './mask.ts';
import { registerRequestLog } from './request-log.ts';
import { registerRequestLogRoutes } from './request-log-routes.ts';
import { registerRoutes } from './routes.ts';

const routes = defineRoutes({
  tell: {
    method: 'POST',
    url: '/api/v1/tell/:id',
    access: 'signed-in',
    tag: 'test',
    summary: { zh: '告知', en: 'tell' },
    params: Type.Object({ id: Type.String() }),
    query: Type.Object({ q: Type.Optional(Type.String()), limit: Type.Optional(Type.Integer()) }),
    body: Type.Object({ phone: Type.String(), count: Type.Integer(), note: nullable(Type.String()) }),
    response: { 200: Type.Object({ id: Type.String(), contactName: Type.String(), state: Type.String() }) },
  },
});

const dev = ['developer', 'administrator'] as const;
const callers = {
  key: testCaller('org_a', 'agency', dev, { by: 'key', actorId: 'key_a' }),
  person: testCaller('org_a', 'agency', dev),
  live: testCaller('org_a', 'agency', dev, { space: 'live' }),
  other: testCaller('org_b', 'operator', dev, { by: 'key', actorId: 'key_b' }),
  viewer: testCaller('org_a', 'agency', ['viewer']),
};

async function bench(options: { queue?: number } = {}) {
  const fresh = await freshDatabase([httpMigrations]);
  const app = await testHttp(callers);
  const requestLog = registerRequestLog(app, { database: fresh.database, ...options });
  registerRequestLogRoutes(app, { database: fresh.database, publicUrl: 'https://xinlai.example/' });
  const id = newId('msg');
  registerRoutes(app, routes, { tell: () => Promise.resolve({ id, contactName: '王小明', state: 'done' }) });
  const tell = (who: string, body: object = { phone: '0912345678', count: 2, note: "it's Wang" }) =>
    app.inject({
      method: 'POST',
      url: `/api/v1/tell/${id}?q=王小明&limit=5`,
      headers: { 'x-test-caller': who },
      payload: body,
    });
  const get = (path: string, who = 'person') =>
    app.inject({ url: `/api/v1/developer/requests${path}`, headers: { 'x-test-caller': who } });
  return {
    fresh,
    requestLog,
    id,
    tell,
    get,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

type Line = { id: string; status: number; errorCode: string | null; path: string; route: string };
type Page = { items: Line[]; nextCursor: string | null };

test('a call with an API key is found by its request id, masked, with a curl line that holds no key', async () => {
  await using t = await bench();
  const answer = await t.tell('key');
  await t.requestLog.flush();
  const read = await t.get(`/${String(answer.headers['x-request-id'])}`);
  assert.equal(read.statusCode, 200);
  const entry = read.json<Record<string, unknown>>();
  assert.deepEqual(entry['requestSample'], { phone: '<text 10>', count: 2, note: '<text 9>' });
  assert.deepEqual(entry['responseSample'], { id: t.id, contactName: '<text 3>', state: 'done' });
  assert.equal(entry['path'], `/api/v1/tell/${t.id}`);
  assert.equal(entry['actorId'], 'key_a');
  assert.equal(
    entry['curl'],
    `curl -X POST 'https://xinlai.example/api/v1/tell/${t.id}?q=%3Ctext%203%3E&limit=5' -H "Authorization: Bearer $XINLAI_KEY" ` +
      `-H 'content-type: application/json' --data '{"note":"<text 9>","count":2,"phone":"<text 10>"}'`,
  );
  const dump = await t.fresh.database.pool.query<{ all: string }>(
    'select string_agg(r::text, $1) as all from http.request_log r',
    [''],
  );
  assert.doesNotMatch(dump.rows[0]?.all ?? '', /0912|王小明|Wang/);
});

test('requests are seen by developers of their own organisation and space only', async () => {
  await using t = await bench();
  const answer = await t.tell('key');
  await t.tell('other');
  await t.tell('person');
  await t.requestLog.flush();
  assert.equal((await t.get('')).json<Page>().items.length, 1, 'calls of people are left out');
  assert.equal((await t.get('', 'live')).json<Page>().items.length, 0);
  assert.equal((await t.get('', 'viewer')).statusCode, 403);
  assert.equal((await t.get(`/${String(answer.headers['x-request-id'])}`, 'other')).statusCode, 404);
});

test('requests are filtered and paged, and carry the code of their refusal', async () => {
  await using t = await bench();
  for (let n = 0; n < 3; n++) await t.tell('key');
  await t.tell('key', { phone: 1 });
  await t.requestLog.flush();
  const list = async (query: string): Promise<Page> => (await t.get(query)).json<Page>();
  const refused = await list('?status=4xx');
  assert.deepEqual(
    refused.items.map(({ status, errorCode }) => [status, errorCode]),
    [[422, 'http.invalid']],
  );
  assert.equal((await list('?method=GET')).items.length, 0);
  assert.equal((await list('?route=/api/v1/tell/:id&status=2xx')).items.length, 3);
  assert.equal((await list(`?requestId=${refused.items[0]?.id}`)).items.length, 1);
  const first = await list('?limit=3');
  const second = await list(`?limit=3&cursor=${first.nextCursor}`);
  assert.equal(new Set([...first.items, ...second.items].map(({ id }) => id)).size, 4);
  assert.equal(second.nextCursor, null);
});

test('when the queue is full requests are dropped and counted, and still answered', async () => {
  await using t = await bench({ queue: 2 });
  for (let n = 0; n < 5; n++) assert.equal((await t.tell('key')).statusCode, 200);
  assert.deepEqual(t.requestLog.status(), { held: 2, dropped: 3 });
  await t.requestLog.flush();
  assert.equal((await t.get('')).json<Page>().items.length, 2);
});

test('no text, long number or foreign member name gets through the mask', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.stringMatching(/^09\d{8}$/), (value, phone) => {
      const sample = JSON.stringify(
        maskSample({ value, [phone]: 1, deep: [{ phone, anything: phone, n: Number(phone) }] }),
      );
      assert.ok(!sample.includes(phone) && !sample.includes(phone.slice(1)));
      assert.ok(sample.length < 2_000_000);
    }),
  );
  assert.deepEqual(maskSample({ name: 'done', state: 'done', amount: 12_345_678, list: [1, 2, 3, 4, 5] }), {
    name: '<text 4>',
    state: 'done',
    amount: '<number>',
    list: [1, 2, 3, '<2 more>'],
  });
  assert.equal(
    maskPath('/api/v1/x/:ubn/y/:phone', { ubn: '12345675', phone: '0912345678' }),
    '/api/v1/x/12345675/y/<text 10>',
  );
});
