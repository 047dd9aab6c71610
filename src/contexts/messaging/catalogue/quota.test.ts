import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { freshDatabase, type FreshDatabase } from '#test/database';
import { fixedClock } from '#platform/clock';
import type { Clock } from '#platform/clock';
import { AppError } from '#platform/errors';
import { createNotifications, notificationsMigrations } from '#platform/notifications/notifications';
import { createOutbox, outboxMigrations } from '#platform/outbox/outbox';
import { createLog } from '#platform/log';
import { newId } from '#platform/id';
import type { MessagingTables } from '../tables.ts';
import { limitOf, quotaUse, setAgencyPolicy, type AgencyPolicy } from './agency-policy.ts';
import { reserveParts, returnParts, type QuotaDeps } from './quota.ts';

let fresh: FreshDatabase;
let deps: QuotaDeps;
const messagingMigrations = { schema: 'messaging', folder: new URL('../migrations/', import.meta.url) };
const november = fixedClock('2026-11-21T04:00:00Z');
const policy: AgencyPolicy = {
  monthParts: 100,
  monthNtd: 1000,
  partPriceCents: 100,
  warnPercent: 80,
  fourEyesRows: 10,
};

before(async () => {
  fresh = await freshDatabase([outboxMigrations, notificationsMigrations, messagingMigrations]);
  const { database } = fresh;
  deps = {
    clock: november,
    outbox: createOutbox({ database, log: createLog('silent') }),
    notifications: createNotifications({ database }),
  };
});
after(() => fresh[Symbol.asyncDispose]());

const db = () => fresh.database.of<MessagingTables>('messaging');
async function agency(with_: Partial<AgencyPolicy> = {}): Promise<string> {
  const id = newId('org');
  const today = november.today();
  await db()
    .transaction()
    .execute((trx) => setAgencyPolicy(trx, id, 'test', { ...policy, ...with_ }, today));
  return id;
}
const reserve = (organisationId: string, parts: number, clock: Clock = november): Promise<void> =>
  db()
    .transaction()
    .execute((trx) => reserveParts({ ...deps, clock }, trx, { organisationId, space: 'test', parts }));
const used = async (id: string, clock = november): Promise<number | undefined> =>
  (await quotaUse(db(), id, 'test', clock.today()))?.used;
const withCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;
const count = async (table: 'outbox.event' | 'notifications.notification', id: string): Promise<number> => {
  const { rows } = await fresh.database.pool.query<{ count: number }>(
    `select count(*) from ${table} where organisation_id = $1`,
    [id],
  );
  return rows[0]?.count ?? 0;
};

describe('the quota', () => {
  it('lets nothing through where the ministry set none', async () => {
    await assert.rejects(reserve(newId('org'), 1), withCode('messaging.quota_not_set'));
  });

  it('is never exceeded by many at once, and holds exactly what went through', async () => {
    const id = await agency();
    const tries = await Promise.allSettled(Array.from({ length: 30 }, () => reserve(id, 7)));
    const through = tries.filter(({ status }) => status === 'fulfilled').length;
    assert.equal(through, 14);
    assert.equal(await used(id), 98);
    await assert.rejects(reserve(id, 3), withCode('messaging.quota_exceeded'));
    await reserve(id, 2);
    assert.equal(await used(id), 100);
  });

  it('is not taken by a transaction that does not commit', async () => {
    const id = await agency();
    const failing = db()
      .transaction()
      .execute(async (trx) => {
        await reserveParts(deps, trx, { organisationId: id, space: 'test', parts: 50 });
        throw new Error('rolled back');
      });
    await assert.rejects(failing, /rolled back/);
    assert.equal(await used(id), 0);
  });

  it('refuses a first reservation that alone is too large', async () => {
    const id = await agency();
    await assert.rejects(reserve(id, 101), withCode('messaging.quota_exceeded'));
    assert.equal(await used(id), 0);
  });

  it('ends where the budget ends, if that comes first', async () => {
    const id = await agency({ monthNtd: 10, partPriceCents: 85 });
    assert.equal(limitOf({ ...policy, monthNtd: 10, partPriceCents: 85 }), 11);
    await reserve(id, 11);
    await assert.rejects(reserve(id, 1), withCode('messaging.quota_exceeded'));
    const free = await agency({ monthNtd: 0, partPriceCents: 0 });
    await reserve(free, 100);
  });

  it('warns once a month, in the transaction that crosses the line', async () => {
    const id = await agency();
    await reserve(id, 79);
    assert.deepEqual(
      [await count('outbox.event', id), await count('notifications.notification', id)],
      [0, 0],
    );
    await reserve(id, 1);
    await reserve(id, 5);
    assert.deepEqual(
      [await count('outbox.event', id), await count('notifications.notification', id)],
      [1, 1],
    );
    const atOnce = await agency();
    await reserve(atOnce, 90);
    assert.equal(await count('outbox.event', atOnce), 1);
  });

  it('gets back what was not sent, in the month in which it was taken', async () => {
    const id = await agency();
    await reserve(id, 60);
    const back = (parts: number, clock: Clock, reservedOn?: Temporal.PlainDate) =>
      db()
        .transaction()
        .execute((trx) =>
          returnParts({ clock }, trx, {
            organisationId: id,
            space: 'test',
            parts,
            ...(reservedOn && { reservedOn }),
          }),
        );
    await back(10, november);
    assert.equal(await used(id), 50);
    const december = fixedClock('2026-11-30T17:00:00Z');
    assert.equal(december.today().toString(), '2026-12-01');
    await back(20, december, november.today());
    assert.equal(await used(id), 30);
    await back(500, november);
    assert.equal(await used(id), 0);
  });

  it('begins anew with the month of Asia/Taipei, and is forecast from the days so far', async () => {
    const id = await agency();
    await reserve(id, 70);
    const use = await quotaUse(db(), id, 'test', november.today());
    assert.deepEqual([use?.left, use?.spentNtd, use?.forecast], [30, 70, 100]);
    const december = fixedClock('2026-11-30T16:00:00Z');
    await reserve(id, 40, december);
    const next = await quotaUse(db(), id, 'test', december.today());
    assert.deepEqual(
      [next?.used, next?.forecast, next?.earlier],
      [40, null, [{ month: '2026-11-01', parts: 70 }]],
    );
  });
});
