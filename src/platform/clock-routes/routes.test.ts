import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testCaller, testHttp } from '#test/http';
import { fixedClock, movableClock } from '../clock.ts';
import { registerClockRoutes } from './routes.ts';

async function bench() {
  const clock = movableClock(fixedClock('2026-11-21T10:00:00Z'));
  const moves: string[] = [];
  const app = await testHttp({
    dev: testCaller('org_a', 'operator', ['developer']),
    viewer: testCaller('org_a', 'operator', ['viewer']),
  });
  registerClockRoutes(app, {
    clock,
    onMoved: (offset) => moves.push(offset.total({ unit: 'hour' }).toString()),
  });
  const call = async (method: 'GET' | 'POST', payload?: object, who = 'dev') => {
    const answer = await app.inject({
      method,
      url: '/api/v1/sandbox/clock',
      headers: { 'x-test-caller': who },
      ...(payload && { payload }),
    });
    return { status: answer.statusCode, json: answer.json<Record<string, unknown>>() };
  };
  return { clock, call, moves };
}

test('the test clock is moved forward and reset by those who may, and its legal day is that of Taipei', async () => {
  const { call, moves } = await bench();
  const start = { now: '2026-11-21T10:00:00Z', today: '2026-11-21', offset: 'PT0S', moved: false };
  assert.deepEqual((await call('GET', undefined, 'viewer')).json, start);
  assert.deepEqual((await call('POST', { advance: 'PT48H' })).json, {
    now: '2026-11-23T10:00:00Z',
    today: '2026-11-23',
    offset: 'P2D',
    moved: true,
  });
  assert.equal((await call('POST', { advance: 'P1M2DT6H' })).json['today'], '2026-12-26');
  assert.deepEqual((await call('POST', { reset: true })).json, start);
  assert.equal(moves.length, 3);
  assert.equal((await call('POST', { advance: 'P1D' }, 'viewer')).status, 403);
  assert.equal((await call('GET', undefined, 'nobody')).status, 401);
});

test('what is no positive duration within ten years is refused and moves nothing', async () => {
  const { call, clock } = await bench();
  for (const advance of ['', 'tomorrow', '-P1D', 'PT0S', 'P11Y', 'P1000000Y', 'P3D; drop']) {
    assert.deepEqual([advance, (await call('POST', { advance })).status], [advance, 422]);
  }
  assert.equal((await call('POST', {})).status, 422);
  assert.equal((await call('POST', { reset: false })).status, 422);
  assert.equal(clock.offset.sign, 0);
});
