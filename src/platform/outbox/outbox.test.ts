import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { freshDatabase } from '#test/database';
import type { AnyTransaction, Database } from '../database.ts';
import { defineErrors } from '../errors.ts';
import { createLog } from '../log.ts';
import { createOutbox, outboxMigrations, type Outbox, type OutboxEvent } from './outbox.ts';

const log = createLog('silent');
const errors = defineErrors('outbox_test', { never: { status: 409, zh: '不行', en: 'no' } });

function inTransaction<T>(database: Database, work: (transaction: AnyTransaction) => Promise<T>): Promise<T> {
  return database.of<never>('public').transaction().execute(work);
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('did not happen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function publish(database: Database, outbox: Outbox, ...types: string[]): Promise<void> {
  return inTransaction(database, (trx) =>
    outbox.publishAll(
      trx,
      types.map((type) => ({ type, payload: { type } })),
    ),
  );
}

function listen(outbox: Outbox, name: string, types: string[], heard: string[]): void {
  outbox.subscribe({
    name,
    types,
    handle: (_, { type }) => {
      heard.push(type);
      return Promise.resolve();
    },
  });
}

test('an event of a transaction that is rolled back is delivered to nobody', async () => {
  await using fresh = await freshDatabase([outboxMigrations]);
  const outbox = createOutbox({ database: fresh.database, log });
  const heard: string[] = [];
  listen(outbox, 'all', ['*'], heard);
  await assert.rejects(
    inTransaction(fresh.database, async (trx) => {
      await outbox.publish(trx, { type: 'shop.opened', payload: null });
      throw new Error('undone');
    }),
  );
  await publish(fresh.database, outbox, 'shop.closed');
  await outbox.drain();
  assert.deepEqual(heard, ['shop.closed']);
});

test('each subscriber hears the types it asked for, once and in order, with all that was published', async () => {
  await using fresh = await freshDatabase([outboxMigrations]);
  const outbox = createOutbox({ database: fresh.database, log });
  const exact: string[] = [];
  const area: string[] = [];
  const events: OutboxEvent[] = [];
  listen(outbox, 'exact', ['shop.closed'], exact);
  listen(outbox, 'area', ['shop.*', 'shop.closed'], area);
  outbox.subscribe({
    name: 'whole',
    types: ['*'],
    handle: (_, event) => {
      events.push(event);
      return Promise.resolve();
    },
  });
  await publish(fresh.database, outbox, 'shop.opened', 'shop.closed', 'shopping.done');
  await inTransaction(fresh.database, (trx) =>
    outbox.publish(trx, { type: 'x.y', payload: ['列', { a: 1 }], organisationId: 'org_1', space: 'test' }),
  );
  await outbox.drain();
  await outbox.drain();
  assert.deepEqual(exact, ['shop.closed']);
  assert.deepEqual(area, ['shop.opened', 'shop.closed']);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['shop.opened', 'shop.closed', 'shopping.done', 'x.y'],
  );
  const last = events.at(-1);
  assert.deepEqual(last?.payload, ['列', { a: 1 }]);
  assert.equal(last?.organisationId, 'org_1');
  assert.equal(last?.space, 'test');
  assert.match(last?.id ?? '', /^evt_/);
});

test('an event that commits after later ones were delivered is not missed', async () => {
  await using fresh = await freshDatabase([outboxMigrations]);
  const outbox = createOutbox({ database: fresh.database, log });
  const heard: string[] = [];
  listen(outbox, 'all', ['*'], heard);
  await inTransaction(fresh.database, async (late) => {
    await outbox.publish(late, { type: 'late', payload: null });
    await publish(fresh.database, outbox, 'early');
    await outbox.drain();
    assert.deepEqual(heard, ['early'], 'an open transaction holds back nobody else');
  });
  await outbox.drain();
  assert.deepEqual(heard, ['early', 'late']);
});

test('the effect of a handler and its mark hold together', async () => {
  await using fresh = await freshDatabase([outboxMigrations]);
  await fresh.database.pool.query('create table effect (event text)');
  const outbox = createOutbox({ database: fresh.database, log, retryMs: 1 });
  let failures = 2;
  outbox.subscribe({
    name: 'writer',
    types: ['*'],
    async handle(trx, event) {
      await sql`insert into public.effect values (${event.type})`.execute(trx);
      if (event.type === 'b' && failures-- > 0) throw new Error('after the effect');
    },
  });
  await publish(fresh.database, outbox, 'a', 'b', 'c');
  await outbox.drain();
  const { rows } = await fresh.database.pool.query<{ event: string }>(
    'select event from effect order by event',
  );
  assert.deepEqual(
    rows.map(({ event }) => event),
    ['a', 'b', 'c'],
  );
});

test('an event whose handler keeps failing is parked, the ones behind it go on, and a retry delivers it', async () => {
  await using fresh = await freshDatabase([outboxMigrations]);
  const outbox = createOutbox({ database: fresh.database, log });
  const heard: string[] = [];
  const attempts: string[] = [];
  let broken = true;
  outbox.subscribe({
    name: 'picky',
    types: ['*'],
    maxAttempts: 3,
    handle: (_, { type }) => {
      attempts.push(type);
      if (broken && type === 'bad') throw new Error('no');
      if (broken && type === 'refused') throw errors.never();
      heard.push(type);
      return Promise.resolve();
    },
  });
  await publish(fresh.database, outbox, 'good', 'bad', 'refused', 'better');
  await outbox.drain();
  assert.deepEqual(new Set(heard), new Set(['good', 'better']));
  assert.equal(
    attempts.filter((type) => type === 'refused').length <= 2,
    true,
    'a refusal is not tried again and again',
  );
  const parked = await outbox.parked({ limit: 10 });
  assert.deepEqual(
    parked.map(({ type, errorCode }) => [type, errorCode]),
    [
      ['refused', 'outbox_test.never'],
      ['bad', 'unexpected'],
    ],
  );
  assert.equal((await outbox.status()).parked, 2);
  broken = false;
  for (const { id, subscriber } of parked) assert.equal(await outbox.retryParked(id, subscriber), true);
  assert.equal(await outbox.retryParked('evt_none', 'picky'), false);
  await outbox.drain();
  assert.equal(heard.includes('bad') && heard.includes('refused'), true);
  assert.deepEqual(await outbox.status(), { waiting: 0, parked: 0, oldestSeconds: 0 });
});

test('a slow subscriber does not hold up the others', async () => {
  await using fresh = await freshDatabase([outboxMigrations]);
  const outbox = createOutbox({ database: fresh.database, log, pollMs: 10 });
  const heard: string[] = [];
  const gate = Promise.withResolvers<undefined>();
  outbox.subscribe({ name: 'slow', types: ['*'], handle: () => gate.promise });
  listen(outbox, 'quick', ['*'], heard);
  await outbox.start();
  await publish(fresh.database, outbox, 'a', 'b');
  await until(() => heard.length === 2);
  assert.equal((await outbox.status()).waiting, 2);
  gate.resolve(undefined);
  await until(async () => (await outbox.status()).waiting === 0);
  await outbox.stop();
});

test('a handler that hangs counts as failed', async () => {
  await using fresh = await freshDatabase([outboxMigrations]);
  const outbox = createOutbox({ database: fresh.database, log, handlerTimeoutMs: 50 });
  outbox.subscribe({ name: 'hangs', types: ['*'], maxAttempts: 1, handle: () => new Promise(() => {}) });
  outbox.subscribe({
    name: 'waits in sql',
    types: ['*'],
    maxAttempts: 1,
    handle: async (trx) => {
      await sql`select pg_sleep(60)`.execute(trx);
    },
  });
  await publish(fresh.database, outbox, 'a');
  await outbox.drain();
  assert.equal((await outbox.status()).parked, 2);
});

test('a process that only publishes reaches subscribers it does not know', async () => {
  await using fresh = await freshDatabase([outboxMigrations]);
  const worker = createOutbox({ database: fresh.database, log });
  const heard: string[] = [];
  listen(worker, 'far', ['shop.*'], heard);
  await worker.start({ deliver: false });
  const web = createOutbox({ database: fresh.database, log });
  await publish(fresh.database, web, 'shop.opened');
  await worker.stop();
  await worker.drain();
  assert.deepEqual(heard, ['shop.opened']);
});

test('several processes that deliver at once handle each event once and in order', async () => {
  await using fresh = await freshDatabase([outboxMigrations]);
  const heard: string[] = [];
  const outboxes = [1, 2, 3].map(() => {
    const outbox = createOutbox({ database: fresh.database, log, pollMs: 5 });
    listen(outbox, 'shared', ['*'], heard);
    return outbox;
  });
  await Promise.all(outboxes.map((outbox) => outbox.start()));
  const types = Array.from({ length: 300 }, (_, index) => `e.${index}`);
  for (let at = 0; at < 300; at += 25)
    await publish(fresh.database, outboxes[0] as Outbox, ...types.slice(at, at + 25));
  await until(() => heard.length >= 300);
  await Promise.all(outboxes.map((outbox) => outbox.stop()));
  assert.deepEqual(heard, types);
});

test('a process killed in the middle of handling leaves exactly one effect', async () => {
  await using fresh = await freshDatabase([outboxMigrations]);
  await fresh.database.pool.query('create table effect (event text, pid integer)');
  const outbox = createOutbox({ database: fresh.database, log, pollMs: 20 });
  outbox.subscribe({
    name: 'counter',
    types: ['shop.*'],
    handle: async (trx, event) => {
      await sql`insert into public.effect values (${event.id}, ${process.pid})`.execute(trx);
    },
  });
  await publish(fresh.database, outbox, 'shop.opened');
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('crash-child.ts', import.meta.url)), fresh.url],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await once(child.stdout, 'data');
  await outbox.drain();
  assert.equal((await outbox.status()).waiting, 1, 'the process under way holds the turn');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await outbox.start();
  await until(async () => (await outbox.status()).waiting === 0);
  await outbox.stop();
  const { rows } = await fresh.database.pool.query<{ pid: number }>('select pid from effect');
  assert.deepEqual(rows, [{ pid: process.pid }]);
});

test('events that all have handled go after 30 days, others stay', async () => {
  await using fresh = await freshDatabase([outboxMigrations]);
  const outbox = createOutbox({ database: fresh.database, log });
  const heard: string[] = [];
  listen(outbox, 'all', ['old', 'new'], heard);
  await publish(fresh.database, outbox, 'old', 'new');
  await outbox.drain();
  await publish(fresh.database, outbox, 'old', 'unheard');
  await fresh.database.pool.query(
    `update outbox.event set created_at = now() - interval '31 days' where type <> 'new'`,
  );
  assert.equal(await outbox.sweep(), 2);
  const { rows } = await fresh.database.pool.query<{ type: string }>(
    'select type from outbox.event order by seq',
  );
  assert.deepEqual(
    rows.map(({ type }) => type),
    ['new', 'old'],
  );
});
