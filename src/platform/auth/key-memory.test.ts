import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freshDatabase } from '#test/database';
import { createLog } from '../log.ts';
import { createKeyMemory } from './key-memory.ts';
import { createRig, type AuthRig } from './rig.ts';

const log = createLog('silent');

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 500; round++) {
    if (await holds()) return;
    await sleep(10);
  }
  assert.fail('did not come to hold');
}

/** A memory over a database that counts how often a key is read. */
async function counted() {
  const fresh = await freshDatabase();
  const clock = { now: 0 };
  const memory = createKeyMemory<string>({ url: fresh.url, log, now: () => clock.now });
  const state = { reads: 0 };
  const ask = () => memory.know('digest', () => Promise.resolve(`read ${++state.reads}`));
  const hear = () => until(async () => (await ask()) === (await ask()));
  return {
    fresh,
    memory,
    clock,
    state,
    ask,
    hear,
    [Symbol.asyncDispose]: async () => {
      await memory.close();
      await fresh[Symbol.asyncDispose]();
    },
  };
}

test('a key that is known is not read again for five seconds', async () => {
  await using t = await counted();
  await t.hear();
  const first = await t.ask();
  t.clock.now += 4999;
  assert.equal(await t.ask(), first);
  t.clock.now += 1;
  assert.notEqual(await t.ask(), first);
});

test('a key that is not there is asked for every time', async () => {
  await using t = await counted();
  await t.hear();
  let reads = 0;
  const nothing = () => t.memory.know('other', () => Promise.resolve((reads++, null)));
  assert.deepEqual([await nothing(), await nothing(), reads], [null, null, 2]);
});

test('a reading that began before a change is not remembered', async () => {
  await using t = await counted();
  await t.hear();
  let answer: (value: string) => void = () => {};
  const slow = t.memory.know('slow', () => new Promise((resolve) => (answer = resolve)));
  t.memory.forget();
  answer('old');
  assert.equal(await slow, 'old');
  assert.equal(await t.memory.know('slow', () => Promise.resolve('new')), 'new');
});

test('while notices cannot be heard every request reads, and later none is missed', async () => {
  await using t = await counted();
  await t.hear();
  const known = await t.ask();
  await t.fresh.database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await until(async () => (await t.ask()) !== known);
  assert.notEqual(await t.ask(), await t.ask());
  t.clock.now += 1000;
  await t.hear();
});

const here = '127.0.0.1';

/** A key that is remembered: who calls with it is told without a query. */
async function remembered(rig: AuthRig): Promise<string> {
  const secret = await rig.key(await rig.organisation('ministry'), 'ministry', ['developer']);
  let queries = 0;
  const count = () => void queries++;
  rig.deps.database.pool.on('acquire', count);
  await until(async () => {
    queries = 0;
    await rig.auth.keys.identify(secret, here);
    return queries === 0;
  });
  rig.deps.database.pool.off('acquire', count);
  return secret;
}

test('a key that is remembered is refused soon after any process takes its rights away, and has new rights as soon', async () => {
  const changes = [
    ['update auth.api_key set revoked_at = now()', 'auth.key_revoked'],
    ["update auth.api_key set expires_at = '2020-01-01'", 'auth.key_expired'],
    ["update auth.api_key set networks = '{10.0.0.0/8}'", 'auth.key_address'],
    ["update auth.organisation set spaces = '{live}'", 'auth.key_invalid'],
    ['delete from auth.api_key', 'auth.key_invalid'],
  ] as const;
  await using rig = await createRig({ mode: 'sandbox' });
  for (const [change, refusal] of changes) {
    const secret = await remembered(rig);
    await rig.deps.database.pool.query(change);
    const refused = (error: { code?: string }) => error.code === refusal;
    await until(() => rig.auth.keys.identify(secret, here).then(() => false, refused));
    await rig.deps.database.pool.query("update auth.organisation set spaces = '{test}'");
  }
});

test('a key that is remembered is refused from the very next request after it is revoked or rotated here', async () => {
  for (const end of ['revoke', 'rotate'] as const) {
    await using rig = await createRig({ mode: 'sandbox' });
    const secret = await remembered(rig);
    const { rows } = await rig.deps.database.pool.query<{ id: string; organisation_id: string }>(
      'select id, organisation_id from auth.api_key',
    );
    const [key] = rows;
    assert.ok(key);
    const caller = rig.callerOf(key.organisation_id, 'ministry', ['developer']);
    await rig.deps.database.pool.query('alter table auth.api_key disable trigger key_change');
    if (end === 'revoke') await rig.auth.keys.revoke(caller, key.id);
    else await rig.auth.keys.rotate(caller, key.id, 0);
    await assert.rejects(rig.auth.keys.identify(secret, here), { code: 'auth.key_revoked' });
  }
});
