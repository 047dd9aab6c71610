import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import Type from 'typebox';
import { testCaller, testHttp } from '#test/http';
import { defineRoutes } from './contract.ts';
import { createCounter, networkOf, registerRateLimits, type RateLimits } from './rate-limit.ts';
import { registerRoutes } from './routes.ts';

const base = {
  method: 'GET',
  tag: 'test',
  summary: { zh: '測', en: 'test' },
  response: { 200: Type.Object({}) },
} as const;
const routes = defineRoutes({
  own: { ...base, url: '/api/v1/own', access: 'signed-in', limitPerMinute: 3 },
  one: { ...base, url: '/api/v1/one', access: 'signed-in' },
  two: { ...base, url: '/api/v1/two', access: 'signed-in' },
  open: { ...base, url: '/api/v1/open', access: 'public' },
});

const nothing = () => Promise.resolve({});

async function bench(options: Parameters<typeof registerRateLimits>[1] = {}) {
  const time = { ms: 0 };
  let limits: RateLimits | undefined;
  const app = await testHttp(
    {
      a: testCaller('org_a', 'agency', []),
      a2: testCaller('org_a', 'agency', [], { actorId: 'usr_2' }),
      b: testCaller('org_b', 'agency', []),
    },
    { admit: (request) => limits?.admit(request) },
  );
  limits = registerRateLimits(app, { ...options, now: () => time.ms });
  registerRoutes(app, routes, { own: nothing, one: nothing, two: nothing, open: nothing });
  const get = (path: string, who = '', headers: Record<string, string> = {}, remoteAddress = '192.0.2.1') =>
    app.inject({ url: `/api/v1/${path}`, headers: { 'x-test-caller': who, ...headers }, remoteAddress });
  return { app, get, time };
}

test('above the limit of a route the answer is 429, says when to come again, and the others are not touched', async () => {
  const { get, time } = await bench();
  for (const left of ['2', '1', '0']) {
    const answer = await get('own', 'a');
    assert.deepEqual(
      [answer.statusCode, answer.headers['ratelimit-remaining'], answer.headers['ratelimit-limit']],
      [200, left, '3'],
    );
  }
  const refused = await get('own', 'a');
  assert.equal(refused.statusCode, 429);
  assert.equal(refused.json<{ code: string }>().code, 'http.too_many_requests');
  const seconds = Number(refused.headers['retry-after']);
  assert.equal(refused.headers['ratelimit-policy'], '"route";q=3;w=60');
  assert.equal(refused.headers['ratelimit'], `"route";r=0;t=${seconds}`);
  assert.equal(refused.headers['ratelimit-reset'], String(seconds));
  assert.equal((await get('own', 'b')).statusCode, 200);
  assert.equal((await get('one', 'a')).statusCode, 200);
  time.ms += seconds * 1000;
  assert.equal((await get('own', 'a')).statusCode, 200, 'after the time told, a request passes');
});

test('routes without a limit share the one of the caller; those without a sign-in that of their address', async () => {
  const { get } = await bench({ callerPerMinute: 4, addressPerMinute: 2 });
  const codes: number[] = [];
  for (const path of ['one', 'two', 'one', 'two', 'one']) codes.push((await get(path, 'a')).statusCode);
  assert.deepEqual(codes, [200, 200, 200, 200, 429]);
  const open: number[] = [];
  for (let n = 0; n < 3; n++) open.push((await get('open')).statusCode);
  assert.deepEqual(open, [200, 200, 429]);
  assert.equal((await get('open', '', {}, '192.0.2.2')).statusCode, 200);
  assert.equal((await get('open')).headers['ratelimit-policy'], '"default";q=2;w=60');
});

test('an organisation cannot multiply its limit by its keys', async () => {
  const { get } = await bench({ organisationPerMinute: 3 });
  const codes: number[] = [];
  for (const who of ['a', 'a2', 'a', 'a2']) codes.push((await get('one', who)).statusCode);
  assert.deepEqual(codes, [200, 200, 200, 429]);
  assert.equal((await get('one', 'b')).statusCode, 200);
});

test('an address that keeps sending wrong keys waits before they are looked up; people beside it do not', async () => {
  const { get } = await bench({ wrongKeysPerMinute: 2 });
  const key = { authorization: 'Bearer wrong' };
  assert.equal((await get('one', 'x', key)).statusCode, 401);
  assert.equal((await get('one', 'x', key)).statusCode, 401);
  assert.equal((await get('one', 'x', key)).statusCode, 429);
  assert.equal((await get('one', 'a')).statusCode, 200);
  assert.equal((await get('one', 'a', key, '192.0.2.9')).statusCode, 200);
});

test('whatever the arrivals, no 60 seconds see twice the limit, a refused request may come when told, and memory is bounded', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 200 }),
      (limit, gaps) => {
        let now = 0;
        const counter = createCounter(10, () => now);
        const passed: number[] = [];
        for (const gap of gaps) {
          now += gap;
          const verdict = counter.take('k', limit);
          if (verdict.allowed) {
            passed.push(now);
            continue;
          }
          now += verdict.reset * 1000;
          assert.ok(counter.take('k', limit).allowed, 'after the time told there is room');
          passed.push(now);
        }
        for (const start of passed)
          assert.ok(
            passed.filter((at) => at >= start && at < start + 60_000).length < 2 * limit || limit === 1,
          );
      },
    ),
  );
  const counter = createCounter(10, () => 0);
  for (let n = 0; n < 100; n++) counter.take(`k${n}`, 5);
  assert.equal(counter.size(), 10);
});

test('addresses of one IPv6 network count as one', () => {
  assert.equal(networkOf('192.0.2.1'), '192.0.2.1');
  assert.equal(networkOf('::ffff:192.0.2.1'), '192.0.2.1');
  assert.equal(networkOf('2001:db8:1:2:aaaa::1'), networkOf('2001:0db8:1:2::ffff'));
  assert.notEqual(networkOf('2001:db8:1:2::1'), networkOf('2001:db8:1:3::1'));
  assert.equal(networkOf('::1'), '0:0:0:0::/64');
});
