import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import Type from 'typebox';
import { listen, testHttp } from '#test/http';
import { defineRoutes, pageOf, pageQuery } from './contract.ts';
import { parseCursor, toCursor } from './cursor.ts';
import { registerRoutes } from './routes.ts';
import { findUnstorable } from './well-formed.ts';

const routes = defineRoutes({
  take: {
    method: 'POST',
    url: '/api/v1/things/:id',
    access: 'public',
    tag: 'things',
    summary: { zh: '東西', en: 'Thing' },
    params: Type.Object({ id: Type.String({ maxLength: 60 }) }),
    query: Type.Object({ q: Type.Optional(Type.String()), ...pageQuery }),
    body: Type.Object({ anything: Type.Unknown() }),
    response: { 200: pageOf(Type.String()) },
    idempotent: true,
  },
  look: {
    method: 'GET',
    url: '/api/v1/things/:token',
    access: 'public',
    tag: 'things',
    summary: { zh: '看', en: 'Look' },
    params: Type.Object({ token: Type.String() }),
    produces: 'text/csv',
    response: { 200: Type.String() },
  },
});

async function app() {
  const http = await testHttp({});
  registerRoutes(http, routes, {
    take: async () => ({ items: [], nextCursor: null }),
    look: async ({ reply }) => reply.type('text/csv').send('a'),
  });
  return http;
}

test('texts that no table can hold are refused by their place before a handler sees them', async () => {
  const http = await app();
  const post = (url: string, payload: string) =>
    http.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } });
  const cases: [url: string, body: string, pointer: string][] = [
    ['/api/v1/things/a%00', '{"anything":1}', '/params/id'],
    ['/api/v1/things/a?q=x%00', '{"anything":1}', '/querystring/q'],
    ['/api/v1/things/a', '{"anything":{"deep":["x","a\\u0000b"]}}', '/anything/deep/1'],
    ['/api/v1/things/a', '{"anything":"half \\ud800"}', '/anything'],
    ['/api/v1/things/a', '{"anything":{"a\\u0000":1}}', '/anything'],
  ];
  for (const [url, body, pointer] of cases) {
    const answer = await post(url, body);
    assert.equal(answer.statusCode, 422, body);
    assert.deepEqual(
      answer.json<{ errors: { pointer: string }[] }>().errors.map((problem) => problem.pointer),
      [pointer],
    );
  }
  assert.equal((await post('/api/v1/things/a', '{"anything":"😀 臺"}')).statusCode, 200);
  const deep = `{"anything":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  assert.equal((await post('/api/v1/things/a', deep)).statusCode, 422);
});

test('every value of storable texts passes, however it is nested', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const refused = findUnstorable(value, '') !== null;
      assert.equal(refused, JSON.stringify(value).includes('\\u0000'));
    }),
  );
});

test('a forged cursor never reaches a query', () => {
  const refused = (cursor: string, ...parts: Parameters<typeof parseCursor>[1][]) =>
    assert.throws(() => parseCursor(cursor, ...parts), { code: 'http.bad_cursor' }, cursor);
  for (const forged of ['', '%00', '====', toCursor([]), toCursor([1, 2]), 'e30', 'bnVsbA'])
    refused(forged, 'integer');
  for (const value of ['1', 'a', 1.5, 2 ** 31, -1e308]) refused(toCursor([value]), 'integer');
  for (const value of ['1', 0.5, 2 ** 60]) refused(toCursor([value]), 'bigint');
  for (const value of ['1', 1e39, -1e308]) refused(toCursor([value]), 'real');
  for (const value of [1, 'a\0b', '\ud800']) refused(toCursor([value]), 'text');
  assert.deepEqual(parseCursor(toCursor([0.25, 'fnd_1']), 'real', 'text'), [0.25, 'fnd_1']);
  assert.deepEqual(parseCursor(toCursor([2 ** 40]), 'bigint'), [2 ** 40]);
});

test('addresses that cannot be read answer problem+json with a request id', async () => {
  const http = await app();
  for (const [url, status] of [
    ['/api/v1/things/%E0%A4%A', 400],
    ['/api/v1/things/%FF', 400],
    [`/api/v1/things/${'x'.repeat(400)}`, 404],
  ] as const) {
    const answer = await http.inject({ method: 'GET', url });
    assert.equal(answer.statusCode, status, url);
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    assert.equal(answer.headers['x-request-id'], answer.json<{ instance: string }>().instance);
  }
});

test('what is not HTTP is answered with problem+json and the line is closed', async (t) => {
  const http = await app();
  t.after(() => http.close());
  const { port } = new URL(await listen(http));
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write('FOO / HTTP/1.1\r\nhost: x\r\n\r\n'),
    );
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
  assert.match(answer, /^HTTP\/1\.1 400 [^]*application\/problem\+json/);
  assert.equal((JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as { code: string }).code, 'http.malformed');
});

test('the OpenAPI document has one entry for each path, refusals, keys and content of other kinds', async () => {
  const http = await app();
  type Operation = {
    parameters: { name: string; in: string }[];
    responses: Record<string, { content?: object }>;
  };
  const { paths } = (await http.inject({ method: 'GET', url: '/openapi.json' })).json<{
    paths: Record<string, Record<string, Operation>>;
  }>();
  assert.deepEqual(Object.keys(paths), ['/api/v1/things/{id}']);
  const { post, get } = paths['/api/v1/things/{id}'] ?? {};
  assert.deepEqual(
    get?.parameters.map(({ name }) => name),
    ['id'],
  );
  assert.deepEqual(Object.keys(get?.responses['200']?.content ?? {}), ['text/csv']);
  assert.ok(post?.responses['4XX'] !== undefined && get?.responses['4XX'] !== undefined);
  assert.ok(
    post?.parameters.some((parameter) => parameter.in === 'header' && parameter.name === 'idempotency-key'),
  );
});
