import assert from 'node:assert/strict';
import { test } from 'node:test';
import Type from 'typebox';
import { testCaller, testHttp } from '#test/http';
import { defineRoutes } from './contract.ts';
import { registerRoutes } from './routes.ts';

const thing = Type.Object({ id: Type.String() });
const common = { access: 'signed-in', tag: 'test', summary: { zh: '物', en: 'thing' } } as const;
const routes = defineRoutes({
  read: {
    ...common,
    method: 'GET',
    url: '/api/v1/things/:id',
    params: thing,
    response: { 200: thing },
  },
  change: {
    ...common,
    method: 'PATCH',
    url: '/api/v1/things/:id',
    params: thing,
    response: { 200: thing },
  },
  find: { ...common, method: 'POST', url: '/api/v1/things/search', response: { 200: thing } },
});

async function server() {
  const app = await testHttp({ one: testCaller('one', 'agency', ['administrator']) });
  const answer = () => Promise.resolve({ id: 'a' });
  registerRoutes(app, routes, { read: answer, change: answer, find: answer });
  app.get('/files/*', { schema: { hide: true } }, (_request, reply) => reply.callNotFound());
  app.get('/hidden', { schema: { hide: true }, config: { concealed: true } }, () => 'here');
  return app;
}

test('a path that is there answers a wrong method with 405 and the methods it has, before anybody signs in', async () => {
  const app = await server();
  const answer = await app.inject({ method: 'DELETE', url: '/api/v1/things/a?x=1' });
  assert.equal(answer.statusCode, 405);
  assert.equal(answer.headers.allow, 'GET, HEAD, PATCH');
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(answer.json().code, 'http.method_not_allowed');
  assert.match(answer.json().detail, /\/api\/v1\/things\/a 不接受 DELETE，請改用 GET, HEAD, PATCH/);
});

test('Allow names the methods of every pattern that fits the path', async () => {
  const app = await server();
  const answer = await app.inject({ method: 'PUT', url: '/api/v1/things/search' });
  assert.equal(answer.headers.allow, 'GET, HEAD, PATCH, POST');
  const under = await app.inject({ method: 'POST', url: '/files/%E6%AA%94/b.txt' });
  assert.deepEqual([under.statusCode, under.headers.allow], [405, 'GET, HEAD']);
});

test('a path that is not there, or whose route finds nothing, stays 404 without Allow', async () => {
  const app = await server();
  const requests = [
    ['DELETE', '/api/v1/nothing'],
    ['DELETE', '/api/v1/things'],
    ['DELETE', '/api/v1/things/'],
    ['DELETE', '/api/v1/things/a/b'],
    ['GET', '/files/gone.txt'],
    ['GET', `/api/v1/things/${'a'.repeat(400)}`],
  ] as const;
  for (const [method, url] of requests) {
    const answer = await app.inject({ method, url });
    assert.deepEqual([answer.statusCode, answer.headers.allow], [404, undefined], `${method} ${url}`);
  }
});

test('a wrong method does not tell that a concealed route is there', async () => {
  const app = await server();
  assert.equal((await app.inject('/hidden')).statusCode, 200);
  assert.equal((await app.inject({ method: 'POST', url: '/hidden' })).statusCode, 404);
});
