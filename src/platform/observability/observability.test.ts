import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { pino } from 'pino';
import Type from 'typebox';
import { freshDatabase } from '#test/database';
import { testHttp } from '#test/http';
import { defineRoutes } from '../http/contract.ts';
import { registerRoutes } from '../http/routes.ts';
import { createLog } from '../log.ts';
import { registerHealth } from './health.ts';
import { createMetrics, registerMetrics } from './metrics.ts';
import { startTracing } from './tracing.ts';

const routes = defineRoutes({
  thing: {
    method: 'GET',
    url: '/api/v1/things/:id',
    access: 'public',
    tag: 'test',
    summary: { zh: '物', en: 'thing' },
    params: Type.Object({ id: Type.String() }),
    response: { 200: Type.Object({ id: Type.String() }) },
  },
});

test('requests are counted by route pattern and status, never by path', async () => {
  const metrics = createMetrics({ log: createLog('silent'), version: '1.2.3' });
  const app = await testHttp({});
  registerMetrics(app, { metrics });
  registerRoutes(app, routes, {
    thing: ({ params }) => {
      if (params.id === 'bad') throw new Error('broken');
      return Promise.resolve({ id: params.id });
    },
  });
  for (const id of ['0912345678', 'b', 'bad']) await app.inject(`/api/v1/things/${id}`);
  await app.inject('/api/v1/nothing/0912345678');
  const text = (await app.inject('/metrics')).body;
  assert.match(
    text,
    /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/things\/:id",status="200"\} 2/,
  );
  assert.match(
    text,
    /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/things\/:id",status="500"\} 1/,
  );
  assert.match(text, /route="unknown",status="404"\} 1/);
  assert.match(text, /xinlai_info\{version="1\.2\.3"\} 1/);
  assert.match(text, /http_requests_in_flight 1/);
  assert.doesNotMatch(text, /0912345678/);
});

test('metrics are read from loopback, allowed networks or with the token; elsewhere they do not exist', async () => {
  const metrics = createMetrics({ log: createLog('silent'), version: '0' });
  const app = await testHttp({});
  registerMetrics(app, { metrics, allow: ['10.1.0.0/16'], token: 't0ken' });
  const status = async (remoteAddress: string, headers = {}) =>
    (await app.inject({ url: '/metrics', remoteAddress, headers })).statusCode;
  assert.equal(await status('127.0.0.1'), 200);
  assert.equal(await status('::1'), 200);
  assert.equal(await status('10.1.2.3'), 200);
  assert.equal(await status('10.2.2.3'), 404);
  assert.equal(await status('127.0.0.1', { 'x-forwarded-for': '192.0.2.1' }), 404);
  assert.equal(await status('192.0.2.1', { authorization: 'Bearer t0ken' }), 200);
  assert.equal(await status('192.0.2.1', { authorization: 'Bearer wrong' }), 404);
});

test('a network for metrics that is none is refused by name', async () => {
  const metrics = createMetrics({ log: createLog('silent'), version: '0' });
  const app = await testHttp({});
  assert.throws(() => registerMetrics(app, { metrics, allow: ['10.1.0.0/99'] }), {
    code: 'auth.bad_network',
  });
});

test('a gauge is read when asked for, and one that fails is left out', async () => {
  const metrics = createMetrics({ log: createLog('silent'), version: '0' });
  let depth = 3;
  metrics.gauge('xinlai_outbox_waiting', 'events waiting', () => depth);
  metrics.gauge('xinlai_broken', 'broken', () => Promise.reject(new Error('no')));
  assert.match(await metrics.registry.metrics(), /^xinlai_outbox_waiting 3$/m);
  depth = 4;
  const text = await metrics.registry.metrics();
  assert.match(text, /^xinlai_outbox_waiting 4$/m);
  assert.doesNotMatch(text, /^xinlai_broken \d/m);
});

test('a business event is one log line and one count', async () => {
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => lines.push(line) });
  const metrics = createMetrics({ log, version: '0' });
  metrics.businessEvent('operators.finding_opened', { rule: 'large-without-registration', count: 2 });
  metrics.businessEvent('operators.finding_opened');
  assert.match(await metrics.registry.metrics(), /xinlai_event_total\{event="operators\.finding_opened"\} 2/);
  assert.equal(lines.length, 2);
  const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  assert.deepEqual(
    [line['event'], line['rule'], line['count']],
    ['operators.finding_opened', 'large-without-registration', 2],
  );
  assert.throws(() => metrics.businessEvent('Phone 0912345678'), TypeError);
});

test('a process is ready only while its database answers and every check holds', async () => {
  await using fresh = await freshDatabase();
  let workers = true;
  const app = await testHttp({});
  registerHealth(app, {
    database: fresh.database,
    checks: { workers: () => workers, migrations: () => Promise.resolve(true) },
  });
  const ready = async () => {
    const answer = await app.inject('/readyz');
    return { status: answer.statusCode, checks: answer.json<{ checks: Record<string, string> }>().checks };
  };
  assert.deepEqual((await ready()).checks, { database: 'ok', workers: 'ok', migrations: 'ok' });
  workers = false;
  const without = await ready();
  assert.deepEqual([without.status, without.checks['workers']], [503, 'failing']);
  workers = true;
  await fresh.database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  assert.equal((await ready()).status, 200);
  assert.equal((await app.inject('/healthz')).statusCode, 200);
});

test('traces reach the collector with route patterns and without any query or foreign path value', async () => {
  const bodies: Buffer[] = [];
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/v1/traces') bodies.push(Buffer.concat(chunks));
      response.end();
    });
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const tracing = await startTracing({
    otlpEndpoint: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    version: '1',
  });
  const app = await testHttp({});
  await tracing.install(app);
  registerRoutes(app, routes, { thing: ({ params }) => Promise.resolve({ id: params.id }) });
  assert.equal((await app.inject('/api/v1/things/0912345678?q=secretquery')).statusCode, 200);
  await app.close();
  await tracing.stop();
  collector.close();
  collector.closeAllConnections();
  const text = Buffer.concat(bodies).toString('latin1');
  assert.match(text, /\/api\/v1\/things\/:id/);
  assert.doesNotMatch(text, /0912345678|secretquery/);
});
