import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import Type from 'typebox';
import { defineRoutes } from '#platform/http/contract';
import { addressOf, call } from './call.ts';
import { ProblemError } from './problem.ts';

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const routesAt = (base: string) =>
  defineRoutes({
    getOne: {
      method: 'GET',
      url: `${base}/things/:id`,
      access: 'signed-in',
      tag: 'test',
      summary: { zh: '一', en: 'one' },
      params: Type.Object({ id: Type.String() }),
      query: Type.Object({ q: Type.Optional(Type.String()) }),
      response: { 200: Type.Object({ id: Type.String() }) },
    },
  });

test('parameters are escaped into the path and filters that are not set are left out', () => {
  const { getOne } = routesAt('');
  assert.equal(addressOf(getOne, { params: { id: 'a/b' }, query: { q: undefined } }), '/things/a%2Fb');
  assert.equal(
    addressOf(getOne, { params: { id: '1' }, query: { q: '台 灣' } }),
    '/things/1?q=%E5%8F%B0+%E7%81%A3',
  );
});

test('an answer of success is the typed body', async () => {
  await using server = await serve((request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ id: request.url }));
  });
  const answer = await call(routesAt(server.url).getOne, { params: { id: '7' } });
  assert.equal(answer.id, '/things/7');
});

test('a problem+json answer is thrown with its code, its request id and its wait', async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(429, { 'content-type': 'application/problem+json', 'retry-after': '12' });
    response.end(
      JSON.stringify({
        type: '',
        title: '',
        status: 429,
        detail: 'wait',
        instance: 'req_1',
        code: 'http.too_many',
      }),
    );
  });
  await assert.rejects(call(routesAt(server.url).getOne, { params: { id: '7' } }), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.deepEqual([error.code, error.problem.instance, error.retryAfter], ['http.too_many', 'req_1', 12]);
    return true;
  });
});

test("a proxy's page is told from the product's own problems", async () => {
  await using server = await serve((_request, response) =>
    response.writeHead(502).end('<html>bad gateway</html>'),
  );
  await assert.rejects(call(routesAt(server.url).getOne, { params: { id: '7' } }), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.deepEqual([error.code, error.status], ['client.unexpected', 502]);
    return true;
  });
});

test('a server that cannot be reached is a problem of status 0', async () => {
  const { getOne } = routesAt('http://127.0.0.1:9');
  await assert.rejects(call(getOne, { params: { id: '7' } }), {
    name: 'ProblemError',
    code: 'client.unreachable',
    status: 0,
  });
});
