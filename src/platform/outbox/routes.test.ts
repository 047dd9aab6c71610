import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '#test/database';
import { testCaller, testHttp } from '#test/http';
import { createLog } from '../log.ts';
import { createOutbox, outboxMigrations } from './outbox.ts';
import { registerOutboxRoutes } from './routes.ts';

test("parked events are listed and retried by the ministry's managers of jobs alone", async () => {
  await using fresh = await freshDatabase([outboxMigrations]);
  const outbox = createOutbox({ database: fresh.database, log: createLog('silent') });
  let broken = true;
  const heard: string[] = [];
  outbox.subscribe({
    name: 'statistics',
    types: ['*'],
    maxAttempts: 1,
    handle: (_, { type }) => {
      if (broken) throw new TypeError('broken');
      heard.push(type);
      return Promise.resolve();
    },
  });
  const events = ['a.b', 'c.d', 'e.f'].map((type) => ({ type, payload: { type } }));
  await fresh.database
    .of<never>('public')
    .transaction()
    .execute((trx) => outbox.publishAll(trx, events));
  await outbox.drain();
  await using app = await testHttp({
    ministry: testCaller('org_m', 'ministry', ['administrator']),
    agency: testCaller('org_a', 'agency', ['administrator']),
  });
  registerOutboxRoutes(app, { outbox });
  const get = (who: string, query = '') =>
    app.inject({ url: `/api/v1/events/parked${query}`, headers: { 'x-test-caller': who } });
  assert.equal((await get('agency')).statusCode, 403);
  type Page = { items: { id: string; type: string; error: string }[]; nextCursor: string | null };
  const first = (await get('ministry', '?limit=2')).json<Page>();
  const second = (await get('ministry', `?limit=2&cursor=${first.nextCursor}`)).json<Page>();
  assert.deepEqual(
    [...first.items, ...second.items].map(({ type }) => type),
    ['e.f', 'c.d', 'a.b'],
  );
  assert.match(
    first.items[0]?.error ?? '',
    /^unexpected error: TypeError \(src\/platform\/outbox\/routes\.test\.ts:\d+\)$/,
  );
  assert.equal(second.nextCursor, null);
  broken = false;
  const retry = () =>
    app.inject({
      method: 'POST',
      url: `/api/v1/events/parked/${first.items[0]?.id}/retry`,
      headers: { 'x-test-caller': 'ministry' },
      payload: { subscriber: 'statistics' },
    });
  assert.equal((await retry()).statusCode, 200);
  assert.equal((await retry()).statusCode, 404);
  await outbox.drain();
  assert.deepEqual(heard, ['e.f']);
});
