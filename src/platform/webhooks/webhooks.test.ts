import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { freshDatabase } from '#test/database';
import { testCaller, testHttp } from '#test/http';
import { fixedClock, movableClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { createNotifications, notificationsMigrations } from '../notifications/notifications.ts';
import { createOutbox, outboxMigrations, type NewEvent } from '../outbox/outbox.ts';
import { gaps } from './dispatch.ts';
import { registerWebhooksRoutes } from './routes.ts';
import { createWebhooks, webhooksMigrations } from './webhooks.ts';

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A receiver on loopback that answers as told. */
async function receiver() {
  const received: Received[] = [];
  const control: { answer: (request: IncomingMessage, response: ServerResponse) => void } = {
    answer: (_, response) => response.end('ok'),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      control.answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return {
    received,
    control,
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const callers = {
  a: testCaller('org_a', 'agency', ['developer']),
  aLive: testCaller('org_a', 'agency', ['developer'], { space: 'live' }),
  b: testCaller('org_b', 'operator', ['developer']),
  ministry: testCaller('org_m', 'ministry', ['administrator']),
  viewer: testCaller('org_a', 'agency', ['viewer']),
};

async function bench(options: { allowLoopback?: boolean; timeoutMs?: number } = {}) {
  const fresh = await freshDatabase([outboxMigrations, notificationsMigrations, webhooksMigrations]);
  const { database } = fresh;
  const log = createLog('silent');
  const clock = movableClock(fixedClock('2026-11-21T00:00:00Z'));
  const outbox = createOutbox({ database, log });
  const notifications = createNotifications({ database });
  const acts: string[] = [];
  const webhooks = createWebhooks({
    database,
    log,
    clock,
    outbox,
    notifications,
    secretBox: {
      seal: (text) => Buffer.from(text).toString('hex'),
      open: (text) => Buffer.from(text, 'hex').toString(),
    },
    audit: {
      record: (_, { action }) => {
        acts.push(action);
        return Promise.resolve();
      },
    },
    guard: {
      allowLoopback: options.allowLoopback ?? true,
      ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
    },
  });
  const app = await testHttp(callers);
  registerWebhooksRoutes(app, { webhooks });
  const call = async (
    who: keyof typeof callers,
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    payload?: object,
  ) => {
    const answer = await app.inject({
      method,
      url: `/api/v1/webhooks/${path}`,
      headers: { 'x-test-caller': who },
      ...(payload && { payload }),
    });
    return {
      status: answer.statusCode,
      json: answer.json<Record<string, never>>() as Record<string, unknown>,
    };
  };
  return {
    database,
    clock,
    webhooks,
    notifications,
    acts,
    call,
    async create(
      who: keyof typeof callers,
      url: string,
      types = ['*'],
    ): Promise<{ id: string; secret: string }> {
      const { status, json } = await call(who, 'POST', 'endpoints', { url, types });
      assert.equal(status, 201);
      return json as { id: string; secret: string };
    },
    async happen(...events: NewEvent[]): Promise<void> {
      await database
        .of<never>('public')
        .transaction()
        .execute((trx) => outbox.publishAll(trx, events));
      await outbox.drain();
      await webhooks.drain();
    },
    async deliveries(who: keyof typeof callers, query = ''): Promise<Record<string, unknown>[]> {
      return (await call(who, 'GET', `deliveries${query}`)).json['items'] as Record<string, unknown>[];
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await webhooks.stop();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

const event = (more: Partial<NewEvent> = {}): NewEvent => ({
  type: 'operators.finding_opened',
  payload: { findingId: 'fnd_1', 中文: true },
  organisationId: 'org_a',
  space: 'test',
  ...more,
});

test('a message is signed so that a Standard Webhooks receiver takes it, and only with its secret', async () => {
  await using target = await receiver();
  await using t = await bench();
  const { secret } = await t.create('a', target.url);
  await t.happen(event());
  const [message] = target.received;
  assert.ok(message);
  const body = new Webhook(secret).verify(message.body, message.headers) as Record<string, unknown>;
  assert.equal(body['type'], 'operators.finding_opened');
  assert.deepEqual(body['data'], { findingId: 'fnd_1', 中文: true });
  assert.equal(body['id'], message.headers['webhook-id']);
  assert.throws(() => new Webhook('whsec_c2VjcmV0').verify(message.body, message.headers));
  const [delivery] = await t.deliveries('a');
  assert.deepEqual(
    [delivery?.['state'], delivery?.['lastStatus'], delivery?.['attempts']],
    ['delivered', 200, 1],
  );
});

test('an event goes to its organisation in its space and to the ministry, for the types asked for', async () => {
  await using target = await receiver();
  await using t = await bench();
  await t.create('a', `${target.url}?a`);
  await t.create('a', `${target.url}?area`, ['operators.*']);
  await t.create('aLive', `${target.url}?live`);
  await t.create('b', `${target.url}?b`);
  await t.create('ministry', `${target.url}?m`, ['operators.finding_opened']);
  const heard = async (who: keyof typeof callers) => (await t.deliveries(who)).map((one) => one['eventType']);
  await t.happen(event(), event({ type: 'supervision.visit_planned' }));
  assert.deepEqual(
    (await heard('a')).map(String).sort((a, b) => a.localeCompare(b)),
    ['operators.finding_opened', 'operators.finding_opened', 'supervision.visit_planned'],
  );
  assert.deepEqual(await heard('aLive'), []);
  assert.deepEqual(await heard('b'), []);
  assert.deepEqual(await heard('ministry'), ['operators.finding_opened']);
  await t.happen(event({ space: null, organisationId: 'org_b' }));
  assert.deepEqual(await heard('b'), ['operators.finding_opened']);
});

test('while secrets overlap, both old and new verify; afterwards only the new one', async () => {
  await using target = await receiver();
  await using t = await bench();
  const { id, secret } = await t.create('a', target.url);
  const rotated = (await t.call('a', 'POST', `endpoints/${id}/rotate`, { overlapHours: 2 })).json as {
    secret: string;
  };
  await t.happen(event());
  t.clock.advance(Temporal.Duration.from({ hours: 3 }));
  await t.happen(event());
  const [during, after] = target.received;
  assert.ok(during && after);
  for (const one of [secret, rotated.secret]) new Webhook(one).verify(during.body, during.headers);
  new Webhook(rotated.secret).verify(after.body, after.headers);
  assert.throws(() => new Webhook(secret).verify(after.body, after.headers));
});

test('errors, redirects, dropped connections and slow answers are tried again with growing gaps, under the same id', async () => {
  await using target = await receiver();
  await using elsewhere = await receiver();
  await using t = await bench({ timeoutMs: 300 });
  await t.create('a', target.url);
  const answers: ((request: IncomingMessage, response: ServerResponse) => void)[] = [
    (_, response) => response.writeHead(500).end('broken\u0000'),
    (_, response) => response.writeHead(302, { location: elsewhere.url }).end(),
    (request) => request.socket.destroy(),
    () => {},
    (_, response) => response.writeHead(200).write('begins, and never ends'),
    (_, response) => response.end('x'.repeat(200_000)),
  ];
  target.control.answer = (request, response) => answers.shift()?.(request, response);
  await t.happen(event());
  for (let n = 0; n < 5; n++) {
    await t.webhooks.drain();
    t.clock.advance(Temporal.Duration.from({ milliseconds: Math.ceil((gaps[n] ?? 0) * 1060) }));
    await t.webhooks.drain();
  }
  const [delivery] = await t.deliveries('a');
  const { history, state } = (await t.call('a', 'GET', `deliveries/${String(delivery?.['id'])}`)).json as {
    state: string;
    history: { status: number | null; errorCode: string | null; responseExcerpt: string | null }[];
  };
  assert.equal(state, 'delivered');
  assert.deepEqual(
    history.map(({ status, errorCode }) => [status, errorCode]),
    [
      [500, 'status'],
      [302, 'redirect'],
      [null, 'connection_connreset'],
      [null, 'timeout'],
      [null, 'timeout'],
      [200, null],
    ],
  );
  assert.equal(history[0]?.responseExcerpt, 'broken');
  assert.equal(history[5]?.responseExcerpt?.length, 500);
  assert.equal(new Set(target.received.map(({ headers }) => headers['webhook-id'])).size, 1);
  assert.equal(new Set(target.received.map(({ body }) => body)).size, 1);
  assert.equal(elsewhere.received.length, 0, 'a redirect is not followed');
});

test('after 72 hours a delivery fails and can be sent again by hand; five days of failure switch the endpoint off with a notice', async () => {
  await using target = await receiver();
  await using t = await bench();
  const { id } = await t.create('a', target.url);
  target.control.answer = (_, response) => response.writeHead(503).end();
  await t.happen(event());
  for (const gap of gaps) {
    t.clock.advance(Temporal.Duration.from({ milliseconds: Math.ceil(gap * 1060) }));
    await t.webhooks.drain();
  }
  const [failed] = await t.deliveries('a', '?state=failed');
  assert.equal(failed?.['attempts'], gaps.length + 1);
  const hours = gaps.reduce((sum, gap) => sum + gap, 0) / 3600;
  assert.ok(hours > 68 && hours <= 72);
  t.clock.advance(Temporal.Duration.from({ hours: 50 }));
  await t.happen(event());
  const endpoint = (await t.call('a', 'GET', `endpoints/${id}`)).json;
  assert.deepEqual([endpoint['enabled'], endpoint['disabledReason']], [false, 'failing']);
  const [notice] = await t.notifications.list(callers.a, { limit: 5 });
  assert.equal(notice?.kind, 'webhooks.endpoint_disabled');
  assert.equal((await t.call('a', 'POST', `deliveries/${String(failed?.['id'])}/resend`)).status, 409);
  target.control.answer = (_, response) => response.end();
  assert.equal((await t.call('a', 'PATCH', `endpoints/${id}`, { enabled: true })).json['failingSince'], null);
  assert.equal((await t.call('a', 'POST', `deliveries/${String(failed?.['id'])}/resend`)).status, 202);
  await t.webhooks.drain();
  assert.deepEqual((await t.deliveries('a', '?state=failed')).length, 0);
});

test('a slow receiver does not hold up another', async () => {
  await using slow = await receiver();
  await using quick = await receiver();
  await using t = await bench({ timeoutMs: 600 });
  await t.create('a', slow.url);
  await t.create('b', quick.url);
  slow.control.answer = () => {};
  t.webhooks.start();
  const draining = t.happen(...Array.from({ length: 12 }, () => event()), event({ organisationId: 'org_b' }));
  while (quick.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(slow.received.length <= 8, 'the slow one has a few places only');
  await draining;
});

test('in live mode an endpoint inside the network is refused when made, and when its name moves there later', async () => {
  await using target = await receiver();
  await using t = await bench({ allowLoopback: false });
  for (const url of [target.url, 'https://169.254.169.254/latest/meta-data', 'https://127.0.0.1/']) {
    assert.equal((await t.call('a', 'POST', 'endpoints', { url, types: ['*'] })).status, 422, url);
  }
  await t.database.pool.query(
    `insert into webhooks.endpoint (id, organisation_id, organisation_kind, space, url, types, secret_sealed, created_by)
     values ('whe_moved', 'org_a', 'agency', 'test', $1, '{*}', $2, 'usr')`,
    [target.url.replace('http:', 'https:'), Buffer.from('whsec_c2VjcmV0').toString('hex')],
  );
  await t.happen(event());
  const [delivery] = await t.deliveries('a');
  assert.deepEqual(
    [delivery?.['state'], delivery?.['lastErrorCode']],
    ['waiting', 'webhooks.address_refused'],
  );
  assert.equal(target.received.length, 0);
});

test('endpoints belong to their organisation and space, their acts are audited, their secrets are told once and kept sealed', async () => {
  await using target = await receiver();
  await using t = await bench();
  const { id, secret } = await t.create('a', target.url);
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  for (const who of ['b', 'aLive', 'ministry'] as const) {
    assert.equal((await t.call(who, 'GET', `endpoints/${id}`)).status, 404);
    assert.equal((await t.call(who, 'DELETE', `endpoints/${id}`)).status, 404);
    assert.equal((await t.call(who, 'POST', `endpoints/${id}/test`)).status, 404);
  }
  assert.equal((await t.call('viewer', 'GET', 'endpoints')).status, 403);
  assert.equal(JSON.stringify((await t.call('a', 'GET', 'endpoints')).json).includes('whsec_'), false);
  const { rows } = await t.database.pool.query<{ text: string }>(
    'select e::text as text from webhooks.endpoint e',
  );
  assert.equal(rows[0]?.text.includes(secret), false);
  const sent = await t.call('a', 'POST', `endpoints/${id}/test`);
  assert.equal(sent.status, 202);
  await t.webhooks.drain();
  assert.equal(JSON.parse(target.received[0]?.body ?? '{}').type, 'webhooks.test');
  for (const types of [[], ['x'], ['a.b; drop'], ['*.x']]) {
    assert.equal((await t.call('a', 'POST', 'endpoints', { url: target.url, types })).status, 422);
  }
  assert.equal((await t.call('a', 'DELETE', `endpoints/${id}`)).status, 200);
  assert.deepEqual(await t.deliveries('a'), []);
  assert.deepEqual(t.acts, ['webhooks.endpoint_created', 'webhooks.endpoint_deleted']);
  const made = await Promise.all(
    Array.from({ length: 22 }, () => t.call('a', 'POST', 'endpoints', { url: target.url, types: ['*'] })),
  );
  assert.equal(made.filter(({ status }) => status === 201).length, 20);
});
