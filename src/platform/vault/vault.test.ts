import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import { systemCaller } from '#platform/access';
import { auditMigrations, createAudit, openAuditKeys } from '#platform/audit/audit';
import { fixedClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import type { AnyTransaction, Database } from '#platform/database';
import { freshDatabase } from '#test/database';
import { createRootKey, fileRootKeys } from './key-file.ts';
import { createDataKeys, openValue, sealValue } from './data-keys.ts';
import { localRootKey } from './root-key.ts';
import { rewrap, rotateRootFile } from './rotate.ts';
import { createVault, openRootKeys, vaultMigrations, type Vault } from './vault.ts';

const folder = mkdtempSync(join(tmpdir(), 'xinlai-vault-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const auditKeys = openAuditKeys(folder, { create: true });
const clock = fixedClock('2026-11-20T04:00:00Z');
const caller = systemCaller('test');
const reading = { caller, legalBasis: '個人資料保護法第 15 條' };
const deleteBy = Temporal.PlainDate.from('2027-01-01');
const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
const sets = [auditMigrations, vaultMigrations];

function newKeyFile(): string {
  const file = join(mkdtempSync(join(folder, 'keys-')), 'root.key');
  createRootKey(file);
  return file;
}

function open(database: Database, keyFile: string): Vault {
  const audit = createAudit({ database, keys: auditKeys });
  return createVault({ database, audit, rootKeys: fileRootKeys(keyFile), clock });
}

function within<T>(database: Database, work: (trx: AnyTransaction) => Promise<T>): Promise<T> {
  return database.of('vault').transaction().execute(work);
}

test('a value comes back as it was stored, and each reading is recorded with its legal basis', async () => {
  await using fresh = await freshDatabase(sets);
  const vault = open(fresh.database, newKeyFile());
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (value) => {
      const id = await within(fresh.database, (trx) => vault.put(trx, { purpose: 'sms', value, deleteBy }));
      assert.equal(await within(fresh.database, (trx) => vault.read(trx, id, reading)), value);
      const { rows } = await fresh.database.pool.query(
        `select legal_basis, actor_id from audit.entry where action = 'vault.read' and subject_id = $1`,
        [id],
      );
      assert.deepEqual(rows, [{ legal_basis: reading.legalBasis, actor_id: caller.actorId }]);
    }),
    { numRuns: 40 },
  );
  await assert.rejects(
    within(fresh.database, (trx) => vault.read(trx, 'vlt_x', { caller, legalBasis: ' ' })),
    { code: 'vault.no_legal_basis' },
  );
});

test('a stored number stands nowhere in the database in the clear', async () => {
  await using fresh = await freshDatabase(sets);
  const vault = open(fresh.database, newKeyFile());
  const planted = '+886912345678';
  await within(fresh.database, async (trx) => {
    const id = await vault.put(trx, { purpose: 'sms', value: planted, deleteBy });
    await vault.read(trx, id, reading);
    await vault.putMany(trx, { purpose: 'sms', values: [planted, planted], deleteBy, caller });
    await vault.erase(trx, [id], reading);
  });
  const tables = await fresh.database.pool.query<{ name: string }>(
    `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  assert.ok(tables.rows.some((row) => row.name === 'vault.item'));
  const forms = [
    planted,
    planted.slice(4),
    Buffer.from(planted).toString('hex'),
    Buffer.from(planted).toString('base64'),
  ];
  for (const { name } of tables.rows) {
    const dump = await fresh.database.pool.query<{ text: string }>(`select t::text as text from ${name} t`);
    const text = dump.rows.map((row) => row.text).join('\n');
    for (const form of forms) assert.ok(!text.includes(form), `${form} in ${name}`);
  }
});

test('equal values are found by blind index, within their purpose only and not after their day', async () => {
  await using fresh = await freshDatabase(sets);
  const vault = open(fresh.database, newKeyFile());
  await within(fresh.database, async (trx) => {
    const one = await vault.put(trx, { purpose: 'sms', value: 'A', deleteBy });
    const two = await vault.put(trx, { purpose: 'sms', value: 'A', deleteBy });
    await vault.put(trx, { purpose: 'sms', value: 'B', deleteBy });
    const other = await vault.put(trx, { purpose: 'cases', value: 'A', deleteBy });
    const past = await vault.put(trx, {
      purpose: 'sms',
      value: 'A',
      deleteBy: Temporal.PlainDate.from('2026-11-19'),
    });
    assert.deepEqual(await vault.findByValue(trx, 'sms', 'A'), [one, two]);
    assert.deepEqual(await vault.findByValue(trx, 'cases', 'A'), [other]);
    assert.deepEqual(await vault.findByValue(trx, 'unused', 'A'), []);
    await assert.rejects(vault.read(trx, past, reading), { code: 'vault.not_found' });
  });
});

test('a ciphertext opens only for its own row, purpose and key', () => {
  const key = { id: 7, key: Buffer.alloc(32, 1) };
  const sealed = sealValue(key, 'vlt_a', 'sms', 'secret');
  const row = { id: 'vlt_a', purpose: 'sms', data_key_id: 7, sealed };
  assert.equal(openValue(key.key, row), 'secret');
  for (const wrong of [{ id: 'vlt_b' }, { purpose: 'cases' }, { data_key_id: 8 }]) {
    assert.throws(() => openValue(key.key, { ...row, ...wrong }), { code: 'vault.tampered' });
  }
  assert.throws(() => openValue(Buffer.alloc(32, 2), row), { code: 'vault.tampered' });
});

test('any changed or missing byte of a ciphertext is refused', () => {
  const key = { id: 7, key: Buffer.alloc(32, 1) };
  fc.assert(
    fc.property(
      fc.string({ maxLength: 40 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (value, place, flip) => {
        const sealed = sealValue(key, 'vlt_a', 'sms', value);
        const changed = Buffer.from(sealed);
        changed[place % sealed.length]! ^= flip;
        const row = { id: 'vlt_a', purpose: 'sms', data_key_id: 7 };
        assert.throws(() => openValue(key.key, { ...row, sealed: changed }), { code: 'vault.tampered' });
        const cut = sealed.subarray(0, place % sealed.length);
        assert.throws(() => openValue(key.key, { ...row, sealed: cut }), { code: 'vault.tampered' });
      },
    ),
  );
});

test('a row whose ciphertext was swapped with another is refused with its id', async () => {
  await using fresh = await freshDatabase(sets);
  const vault = open(fresh.database, newKeyFile());
  const [one] = await within(fresh.database, (trx) =>
    vault.putMany(trx, { purpose: 'sms', values: ['A', 'B'], deleteBy, caller }),
  );
  await fresh.database.pool.query(
    'update vault.item a set sealed = b.sealed from vault.item b where a.id <> b.id',
  );
  await assert.rejects(
    within(fresh.database, (trx) => vault.read(trx, one!, reading)),
    {
      code: 'vault.tampered',
      message: new RegExp(one!),
    },
  );
});

test('many values are stored and read with one record each', async () => {
  await using fresh = await freshDatabase(sets);
  const vault = open(fresh.database, newKeyFile());
  const values = Array.from({ length: 3000 }, (_, index) => `09${index}`);
  const ids = await within(fresh.database, (trx) =>
    vault.putMany(trx, { purpose: 'sms', values, deleteBy, caller }),
  );
  const found = await within(fresh.database, (trx) => vault.readMany(trx, ids, reading));
  assert.deepEqual(
    ids.map((id) => found.get(id)),
    values,
  );
  const { rows } = await fresh.database.pool.query(
    `select action, details->>'count' as count, details->>'digest' as digest from audit.entry order by id`,
  );
  assert.equal(rows.length, 2);
  assert.deepEqual(
    rows.map((row) => [row.action, row.count]),
    [
      ['vault.stored', '3000'],
      ['vault.read_many', '3000'],
    ],
  );
  assert.equal(rows[0].digest, rows[1].digest);
});

test('a key made in a transaction that is rolled back is not used again', async () => {
  await using fresh = await freshDatabase(sets);
  const keyFile = newKeyFile();
  const vault = open(fresh.database, keyFile);
  const work = within(fresh.database, async (trx) => {
    await vault.put(trx, { purpose: 'sms', value: 'A', deleteBy });
    throw new Error('no');
  });
  await assert.rejects(work, /no/);
  const id = await within(fresh.database, (trx) => vault.put(trx, { purpose: 'sms', value: 'A', deleteBy }));
  const restarted = open(fresh.database, keyFile);
  assert.equal(await within(fresh.database, (trx) => restarted.read(trx, id, reading)), 'A');
});

test('rows past their day are erased with one record, others stay', async () => {
  await using fresh = await freshDatabase(sets);
  const vault = open(fresh.database, newKeyFile());
  const kept = await within(fresh.database, async (trx) => {
    await vault.putMany(trx, { purpose: 'sms', values: ['A', 'B'], deleteBy: day('2026-11-20'), caller });
    await vault.put(trx, { purpose: 'cases', value: 'C', deleteBy: day('2026-11-20') });
    return vault.put(trx, { purpose: 'sms', value: 'D', deleteBy: day('2026-11-21') });
  });
  assert.equal(await vault.eraseExpired(day('2026-11-20')), 0);
  assert.equal(await vault.eraseExpired(day('2026-11-21')), 3);
  const items = await fresh.database.pool.query('select id from vault.item');
  assert.deepEqual(items.rows, [{ id: kept }]);
  const records = await fresh.database.pool.query(
    `select details from audit.entry where action = 'vault.expired_erased'`,
  );
  assert.deepEqual(records.rows, [{ details: { count: 3, purposes: { cases: 1, sms: 2 } } }]);
});

test('after the keys of a purpose are destroyed, not even an old copy of its rows can be read', async () => {
  await using fresh = await freshDatabase(sets);
  const keyFile = newKeyFile();
  const vault = open(fresh.database, keyFile);
  const { id, other } = await within(fresh.database, async (trx) => ({
    id: await vault.put(trx, { purpose: 'sms', value: 'A', deleteBy }),
    other: await vault.put(trx, { purpose: 'cases', value: 'B', deleteBy }),
  }));
  await fresh.database.pool.query('create table public.copy as select * from vault.item');
  assert.equal(await vault.erasePurpose('sms', reading), 1);
  await assert.rejects(
    within(fresh.database, (trx) => vault.read(trx, id, reading)),
    { code: 'vault.not_found' },
  );
  await fresh.database.pool.query(`insert into vault.item select * from public.copy where id = '${id}'`);
  await assert.rejects(
    within(fresh.database, (trx) => open(fresh.database, keyFile).read(trx, id, reading)),
    {
      code: 'vault.erased',
    },
  );
  assert.equal(await within(fresh.database, (trx) => vault.read(trx, other, reading)), 'B');
  const again = await within(fresh.database, (trx) =>
    vault.put(trx, { purpose: 'sms', value: 'E', deleteBy }),
  );
  assert.equal(await within(fresh.database, (trx) => vault.read(trx, again, reading)), 'E');
});

test('data and index keys rotate under writers and readers, and the old ones are destroyed', async () => {
  await using fresh = await freshDatabase(sets);
  const { database } = fresh;
  const keyFile = newKeyFile();
  const [server, commandLine] = [open(database, keyFile), open(database, keyFile)];
  const written: [string, string][] = [];
  let count = 0;
  const write = async (times: number): Promise<void> => {
    for (let index = 0; index < times; index++) {
      const value = `value ${count++}`;
      written.push([
        await within(database, (trx) => server.put(trx, { purpose: 'sms', value, deleteBy })),
        value,
      ]);
      const [id, expected] = written[index % written.length]!;
      assert.equal(await within(database, (trx) => server.read(trx, id, reading)), expected);
      assert.deepEqual(await within(database, (trx) => server.findByValue(trx, 'sms', expected)), [id]);
    }
  };
  await write(30);
  await Promise.all([
    write(60),
    commandLine.rotate('data', { caller }),
    write(60),
    commandLine.rotate('index', { caller }),
  ]);
  const { rows } = await database.pool.query(
    'select kind, version, active from vault.data_key order by kind',
  );
  assert.deepEqual(rows, [
    { kind: 'data', version: 2, active: true },
    { kind: 'index', version: 2, active: true },
  ]);
  const afterwards = open(database, keyFile);
  for (const [id, value] of written) {
    assert.equal(await within(database, (trx) => afterwards.read(trx, id, reading)), value);
    assert.deepEqual(await within(database, (trx) => afterwards.findByValue(trx, 'sms', value)), [id]);
  }
});

test('a rotation killed in the middle leaves every value readable, and the next call finishes it', async () => {
  await using fresh = await freshDatabase(sets);
  const { database } = fresh;
  const keyFile = newKeyFile();
  const vault = open(database, keyFile);
  const values = Array.from({ length: 12_000 }, (_, index) => `number ${index}`);
  const ids = await within(database, (trx) =>
    vault.putMany(trx, { purpose: 'sms', values, deleteBy, caller }),
  );
  for (const kind of ['data', 'index'] as const) {
    const column = `${kind}_key_id`;
    const program = `
      const { connect } = await import(${JSON.stringify(import.meta.resolve('#platform/database'))});
      const { systemCaller } = await import(${JSON.stringify(import.meta.resolve('#platform/access'))});
      const { systemClock } = await import(${JSON.stringify(import.meta.resolve('#platform/clock'))});
      const { createAudit, openAuditKeys } = await import(${JSON.stringify(import.meta.resolve('#platform/audit/audit'))});
      const { createVault, fileRootKeys } = await import(${JSON.stringify(import.meta.resolve('./vault.ts'))});
      const database = connect(${JSON.stringify(fresh.url)});
      const audit = createAudit({ database, keys: openAuditKeys(${JSON.stringify(folder)}, { create: false }) });
      const vault = createVault({ database, audit, rootKeys: fileRootKeys(${JSON.stringify(keyFile)}), clock: systemClock });
      await vault.rotate('${kind}', { caller: systemCaller('test') });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    const old = await database.pool.query<{ id: number }>(
      `select id from vault.data_key where kind = '${kind}' and active`,
    );
    for (let moved = 0; moved === 0;) {
      const { rows } = await database.pool.query<{ moved: number }>(
        `select count(*)::int as moved from vault.item where ${column} <> $1`,
        [old.rows[0]?.id],
      );
      moved = rows[0]?.moved ?? 0;
    }
    child.kill('SIGKILL');
    assert.equal(await ended, 'SIGKILL');
    const found = await within(database, (trx) => vault.readMany(trx, ids, reading));
    assert.deepEqual(
      ids.map((id) => found.get(id)),
      values,
    );
    for (const place of [0, 6000, 11_999]) {
      assert.deepEqual(await within(database, (trx) => vault.findByValue(trx, 'sms', values[place]!)), [
        ids[place],
      ]);
    }
    const [outcome] = await vault.rotate(kind, { caller });
    assert.deepEqual(outcome, { purpose: 'sms', kind, items: 12_000, done: true });
  }
  const { rows } = await database.pool.query('select version from vault.data_key');
  assert.deepEqual(rows, [{ version: 2 }, { version: 2 }]);
});

test('the root key is replaced while a running process goes on, also after a stop in the middle', async () => {
  await using fresh = await freshDatabase(sets);
  const { database } = fresh;
  const keyFile = newKeyFile();
  const audit = createAudit({ database, keys: auditKeys });
  const running = open(database, keyFile);
  const id = await within(database, (trx) => running.put(trx, { purpose: 'sms', value: 'A', deleteBy }));
  // Stopped after wrapping anew, before the files changed place.
  const files = fileRootKeys(keyFile);
  const next = files.prepareNext();
  await rewrap(database, audit, files, next, caller);
  assert.equal(await within(database, (trx) => open(database, keyFile).read(trx, id, reading)), 'A');
  const late = await within(database, (trx) => running.put(trx, { purpose: 'cases', value: 'B', deleteBy }));
  const done = await rotateRootFile(database, audit, fileRootKeys(keyFile), caller);
  assert.equal(done.rootKeyId, next.id);
  assert.equal(done.rewrapped, 2);
  const { rows } = await database.pool.query('select distinct root_key_id from vault.data_key');
  assert.deepEqual(rows, [{ root_key_id: next.id }]);
  // The new file alone opens everything.
  const alone = join(mkdtempSync(join(folder, 'alone-')), 'root.key');
  copyFileSync(keyFile, alone);
  const restarted = open(database, alone);
  assert.equal(await within(database, (trx) => restarted.read(trx, id, reading)), 'A');
  assert.equal(await within(database, (trx) => restarted.read(trx, late, reading)), 'B');
  assert.equal(await within(database, (trx) => running.read(trx, late, reading)), 'B');
  assert.ok(readdirSync(join(keyFile, '..')).some((name) => name.startsWith('root.key.retired-')));
});

test('with another root key nothing opens, and the message names the key that is needed', async () => {
  await using fresh = await freshDatabase(sets);
  const vault = open(fresh.database, newKeyFile());
  const id = await within(fresh.database, (trx) => vault.put(trx, { purpose: 'sms', value: 'A', deleteBy }));
  const other = open(fresh.database, newKeyFile());
  await assert.rejects(
    within(fresh.database, (trx) => other.read(trx, id, reading)),
    { code: 'vault.root_key_unknown' },
  );
});

test('a key management service can stand in for the key file', async () => {
  await using fresh = await freshDatabase(sets);
  const inside = localRootKey(Buffer.alloc(32, 9));
  const remote = { ...inside, id: 'kms-key-1' };
  const rootKeys = {
    where: 'kms',
    current: () => Promise.resolve(remote),
    find: (id: string) => Promise.resolve(id === remote.id ? remote : null),
  };
  const keys = createDataKeys(rootKeys);
  const made = await within(fresh.database, (trx) => keys.active(trx, 'sms', 'data'));
  assert.equal(made.key.length, 32);
  const { rows } = await fresh.database.pool.query('select root_key_id from vault.data_key');
  assert.deepEqual(rows, [{ root_key_id: 'kms-key-1' }]);
});

test('the sandbox makes its root key; live mode refuses one that is missing, inside the data folder or open to others', () => {
  const data = mkdtempSync(join(folder, 'data-'));
  const sandbox = openRootKeys(loadConfig({ XINLAI_DATA: data }));
  assert.equal(sandbox.file, join(data, 'keys', 'root.key'));
  assert.equal(statSync(sandbox.file).mode & 0o777, 0o600);
  const text = readFileSync(sandbox.file, 'utf8');
  openRootKeys(loadConfig({ XINLAI_DATA: data }));
  assert.equal(readFileSync(sandbox.file, 'utf8'), text);

  const live = (file?: string): (() => unknown) => {
    return () =>
      openRootKeys(loadConfig({ XINLAI_DATA: data, XINLAI_MODE: 'live', XINLAI_VAULT_KEY_FILE: file }));
  };
  const outside = mkdtempSync(join(folder, 'outside-'));
  assert.throws(live(), { code: 'vault.key_file_required' });
  assert.throws(live(sandbox.file), { code: 'vault.key_in_data_folder' });
  symlinkSync(join(data, 'keys'), join(outside, 'link'));
  assert.throws(live(join(outside, 'link', 'root.key')), { code: 'vault.key_in_data_folder' });
  assert.throws(live(join(outside, 'root.key')), { code: 'vault.key_file_missing' });
  assert.deepEqual(readdirSync(outside), ['link']);
  writeFileSync(join(outside, 'root.key'), text, { mode: 0o644 });
  assert.throws(live(join(outside, 'root.key')), { code: 'vault.key_file_open' });
  mkdirSync(join(outside, 'good'));
  writeFileSync(join(outside, 'good', 'root.key'), 'not a key', { mode: 0o600 });
  const keys = openRootKeys(
    loadConfig({
      XINLAI_DATA: data,
      XINLAI_MODE: 'live',
      XINLAI_VAULT_KEY_FILE: join(outside, 'good', 'root.key'),
    }),
  );
  assert.throws(() => keys.current(), { code: 'vault.key_file_invalid' });
});
