import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshDatabase } from '#test/database';
import { testCaller, testHttp } from '#test/http';
import { createNotifications, notificationsMigrations, type NewNotification } from './notifications.ts';
import { registerNotificationsRoutes } from './routes.ts';

const text = { zh: '有事', en: 'news' };

async function bench() {
  const fresh = await freshDatabase([notificationsMigrations]);
  const notifications = createNotifications({ database: fresh.database });
  const app = await testHttp({
    amy: testCaller('org_a', 'agency', ['officer'], { actorId: 'usr_amy' }),
    bo: testCaller('org_a', 'agency', ['administrator'], { actorId: 'usr_bo' }),
    live: testCaller('org_a', 'agency', ['officer'], { actorId: 'usr_amy', space: 'live' }),
    other: testCaller('org_b', 'agency', ['administrator']),
  });
  registerNotificationsRoutes(app, { notifications });
  const call = async (who: string, path = '', method: 'GET' | 'POST' = 'GET') => {
    const answer = await app.inject({
      method,
      url: `/api/v1/notifications${path}`,
      headers: { 'x-test-caller': who },
    });
    return { status: answer.statusCode, json: answer.json<Record<string, unknown>>() };
  };
  return {
    notifications,
    call,
    notify: (notification: Partial<NewNotification>) =>
      fresh.database
        .of<never>('public')
        .transaction()
        .execute((trx) =>
          notifications.notify(trx, { organisationId: 'org_a', kind: 'test', text, ...notification }),
        ),
    kinds: async (who: string, query = '') =>
      ((await call(who, query)).json['items'] as { kind: string }[]).map(({ kind }) => kind),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

test('a notification is seen by its person, its role or its organisation, in its space', async () => {
  await using t = await bench();
  await t.notify({ kind: 'all' });
  await t.notify({ kind: 'amy', personId: 'usr_amy' });
  await t.notify({ kind: 'administrators', role: 'administrator' });
  await t.notify({ kind: 'live', space: 'live' });
  await t.notify({ kind: 'theirs', organisationId: 'org_b' });
  assert.deepEqual(await t.kinds('amy'), ['amy', 'all']);
  assert.deepEqual(await t.kinds('bo'), ['administrators', 'all']);
  assert.deepEqual(await t.kinds('live'), ['live', 'amy', 'all']);
  assert.deepEqual(await t.kinds('other'), ['theirs']);
});

test('what one person has read is still unread for another', async () => {
  await using t = await bench();
  const id = await t.notify({ kind: 'all', link: '/jobs' });
  await t.notify({ kind: 'second' });
  assert.equal((await t.call('amy', `/${id}/read`, 'POST')).status, 200);
  assert.equal((await t.call('amy', `/${id}/read`, 'POST')).status, 200);
  assert.equal((await t.call('other', `/${id}/read`, 'POST')).status, 404);
  assert.deepEqual((await t.call('amy', '/unread-count')).json, { unread: 1 });
  assert.deepEqual((await t.call('bo', '/unread-count')).json, { unread: 2 });
  assert.deepEqual(await t.kinds('amy', '?unread=true'), ['second']);
  assert.deepEqual((await t.call('bo', '/read-all', 'POST')).json, { marked: 2 });
  assert.deepEqual((await t.call('bo', '/unread-count')).json, { unread: 0 });
  const [, first] = (await t.call('amy')).json['items'] as { read: boolean; link: string }[];
  assert.deepEqual([first?.read, first?.link], [true, '/jobs']);
});

test('a notification is paged, and never links outside the product', async () => {
  await using t = await bench();
  for (let n = 0; n < 5; n++) await t.notify({ kind: `n${n}` });
  const page = (await t.call('amy', '?limit=3')).json;
  assert.deepEqual(await t.kinds('amy', `?limit=3&cursor=${String(page['nextCursor'])}`), ['n1', 'n0']);
  await assert.rejects(t.notify({ link: 'https://elsewhere.example' }), TypeError);
  await assert.rejects(t.notify({ link: '//elsewhere.example' }), TypeError);
});
