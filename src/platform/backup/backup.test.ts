import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { systemCaller } from '#platform/access';
import { auditMigrations, createAudit, openAuditKeys } from '#platform/audit/audit';
import { systemClock } from '#platform/clock';
import type { Database } from '#platform/database';
import { createFiles, filesMigrations, type Files } from '#platform/files/files';
import { createVault, openRootKeys, vaultMigrations, type Vault } from '#platform/vault/vault';
import { loadConfig } from '#platform/config';
import { freshDatabase } from '#test/database';
import { checkBackup, restoreBackup, writeBackup, type BackupRequest, type Restored } from './backup.ts';

const base = mkdtempSync(join(tmpdir(), 'xinlai-backup-'));
after(() => rmSync(base, { recursive: true, force: true }));
const caller = systemCaller('test');
const sets = [auditMigrations, vaultMigrations, filesMigrations];
const rootKeys = openRootKeys(loadConfig({ XINLAI_DATA: join(base, 'source') }));
const keyFolder = join(base, 'source', 'keys');
const keys = openAuditKeys(keyFolder, { create: true });
const filesFolder = join(base, 'source', 'files');
const deleteBy = Temporal.PlainDate.from('2030-01-01');

interface Parts {
  readonly vault: Vault;
  readonly files: Files;
  readonly seal: () => Promise<number>;
  /** One act: a personal value, a record of it, in one transaction. */
  act(value: string): Promise<void>;
}

function partsOf(database: Database, folder: string): Parts {
  const audit = createAudit({ database, keys });
  const vault = createVault({ database, audit, rootKeys, clock: systemClock });
  const files = createFiles({ database, audit, clock: systemClock, folder, limitBytes: 1e8 });
  return {
    vault,
    files,
    seal: () => audit.seal(),
    act: (value) =>
      database
        .of('public')
        .transaction()
        .execute(async (trx) => {
          const id = await vault.put(trx, { purpose: 'sms', value, deleteBy });
          const details = { odd: 'tab\tline\nback\\slash \u0001 "信賴" \\N' };
          await audit.record(trx, { caller, action: 'test.done', subject: { kind: 'thing', id }, details });
        }),
  };
}

function storeText(files: Files, text: string): Promise<{ sha256: string; id: string }> {
  const stream = Readable.from([Buffer.from(text)]);
  return files.store({
    stream,
    name: 'a.txt',
    declaredType: 'text/plain',
    caller,
    purpose: 'test',
    accept: ['text'],
  });
}

let made = 0;
function backUp(database: Database, more: Partial<BackupRequest> = {}): Promise<string> {
  const out = join(base, `backup-${made++}.xinlai`);
  return writeBackup({ database, sets, filesFolder, out, product: '0.0.0', ...more }).then(() => out);
}

function restore(from: string, database: Database, into: string, force?: string): Promise<Restored> {
  const folder = join(base, into);
  return restoreBackup({
    from,
    database,
    target: into,
    sets,
    filesFolder: join(folder, 'files'),
    keyFolder: join(folder, 'keys'),
    checkpointFile: join(folder, 'audit-checkpoint'),
    force,
  });
}

/** Number of rows and a hash over them, independent of their order, of every table. */
async function digest(database: Database): Promise<Record<string, string>> {
  const tables = await database.pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = any($1) order by 1`,
    [sets.map((set) => set.schema)],
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables.rows) {
    const { rows } = await database.pool.query<{ sum: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as sum from ${name} t`,
    );
    digests[name] = rows[0]?.sum ?? '';
  }
  return digests;
}

test('a restored backup has the same rows, sequences, files and a trail that verifies', async () => {
  await using source = await freshDatabase(sets);
  await using target = await freshDatabase();
  const parts = partsOf(source.database, filesFolder);
  for (let index = 0; index < 200; index++) await parts.act(`number ${index}`);
  const file = await storeText(parts.files, '證據');
  await parts.seal();
  await parts.act('after the seal');
  const from = await backUp(source.database);
  const { audit, manifest } = await restore(from, target.database, 'same');
  assert.deepEqual([audit.ok, audit.entries, audit.firstBroken], [true, 201, null]);
  assert.deepEqual(await digest(target.database), await digest(source.database));
  assert.ok(manifest.sequences.length >= 3);
  const restored = partsOf(target.database, join(base, 'same', 'files'));
  assert.deepEqual(await restored.files.verifyAll(), { checked: 1, missing: [], changed: [] });
  assert.equal(manifest.files[0]?.sha256, file.sha256);
  // Work goes on there: values open with the key of the source, new rows get new numbers, the chain grows.
  const trx = target.database.of('public').transaction();
  const [id] = await trx.execute((inside) => restored.vault.findByValue(inside, 'sms', 'number 7'));
  assert.ok(id !== undefined);
  await restored.act('there');
  await storeText(restored.files, '再一份');
  assert.equal(await restored.seal(), 4 - 1);
  await assert.rejects(target.database.pool.query('delete from audit.entry'), { code: '42501' });
});

test('a backup made while the product writes is one moment of it', async () => {
  await using source = await freshDatabase(sets);
  await using target = await freshDatabase();
  const parts = partsOf(source.database, filesFolder);
  const stop = new AbortController();
  const warm = Promise.withResolvers<void>();
  let written = 0;
  const write = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await parts.act(`number ${written++}`);
      if (written % 20 === 0) await parts.seal();
      if (written > 50) warm.resolve();
    }
  };
  const writers = [write(), write(), write()];
  await warm.promise;
  const from = await backUp(source.database);
  stop.abort();
  await Promise.all(writers);
  const { audit } = await restore(from, target.database, 'moment');
  assert.ok(audit.ok, JSON.stringify(audit));
  const { rows } = await target.database.pool.query<{ items: number; acts: number }>(
    `select (select count(*) from vault.item)::int as items,
       (select count(*) from audit.entry where action = 'test.done')::int as acts`,
  );
  assert.ok(rows[0]!.items >= 40);
  assert.equal(rows[0]!.items, rows[0]!.acts);
});

test('a damaged backup is refused, wherever the damage is, and the target stays empty', async () => {
  await using source = await freshDatabase(sets);
  await using target = await freshDatabase();
  const parts = partsOf(source.database, filesFolder);
  for (let index = 0; index < 20; index++) await parts.act(`number ${index}`);
  await storeText(parts.files, 'x'.repeat(3000));
  await parts.seal();
  const whole = readFileSync(await backUp(source.database));
  const broken = join(base, 'broken.xinlai');
  // Every 97th byte that is not padding: headers, rows, files, manifest.
  let tried = 0;
  for (let place = 0; place < whole.length; place += 97) {
    if (whole[place] === 0) continue;
    const changed = Buffer.from(whole);
    changed[place]! ^= 1;
    writeFileSync(broken, changed);
    await assert.rejects(checkBackup(broken), { code: /^backup\.(corrupt|unreadable)$/ }, `byte ${place}`);
    tried++;
  }
  assert.ok(tried > 50);
  for (const length of [0, 100, 5000, whole.length - 2000]) {
    writeFileSync(broken, whole.subarray(0, length));
    await assert.rejects(
      restore(broken, target.database, 'damaged'),
      { code: 'backup.unreadable' },
      `${length} bytes`,
    );
  }
  const { rows } = await target.database.pool.query(`select from pg_namespace where nspname = 'audit'`);
  assert.equal(rows.length, 0);
});

test('a target that holds data is refused unless it is named, and a failed restore leaves it as it was', async () => {
  await using source = await freshDatabase(sets);
  await using target = await freshDatabase(sets);
  await partsOf(source.database, filesFolder).act('from the backup');
  const other = partsOf(target.database, join(base, 'full', 'files'));
  await other.act('one');
  await other.act('two');
  const from = await backUp(source.database);
  const before = await digest(target.database);
  await assert.rejects(restore(from, target.database, 'full'), { code: 'backup.not_empty' });
  await assert.rejects(restore(from, target.database, 'full', 'another name'), { code: 'backup.not_empty' });
  // The folder of the files cannot be made: the restore fails after the schemas were built.
  writeFileSync(join(base, 'blocked'), '');
  await storeText(partsOf(source.database, filesFolder).files, 'needs a folder');
  const withFile = await backUp(source.database);
  await assert.rejects(restore(withFile, target.database, 'blocked', 'blocked'));
  assert.deepEqual(await digest(target.database), before);
  await restore(from, target.database, 'full', 'full');
  const { rows } = await target.database.pool.query('select count(*)::int as count from vault.item');
  assert.deepEqual(rows, [{ count: 1 }]);
  const aside = await target.database.pool.query(
    `select nspname from pg_namespace where nspname like '%before_restore'`,
  );
  assert.deepEqual(aside.rows, []);
});

test('a backup of a newer version is refused by name', async () => {
  await using source = await freshDatabase(sets);
  await using target = await freshDatabase();
  const client = await source.database.pool.connect();
  await client.query(`insert into vault.kysely_migration (name, timestamp) values ('0999_future', '2030')`);
  client.release();
  const from = await backUp(source.database);
  await assert.rejects(restore(from, target.database, 'newer'), {
    code: 'backup.newer',
    message: /vault\/0999_future/,
  });
});

test('nothing is overwritten, and a stored file that is damaged stops the backup', async () => {
  await using source = await freshDatabase(sets);
  const out = await backUp(source.database);
  await assert.rejects(backUp(source.database, { out }), { code: 'backup.exists' });
  const folder = join(base, 'damaged-store');
  const { sha256 } = await storeText(partsOf(source.database, folder).files, 'whole');
  const path = join(folder, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  rmSync(path);
  writeFileSync(path, 'bent!');
  const failed = join(base, 'failed.xinlai');
  await assert.rejects(backUp(source.database, { out: failed, filesFolder: folder }), {
    code: 'backup.file_corrupt',
  });
  assert.deepEqual([existsSync(failed), existsSync(`${failed}.partial`)], [false, false]);
});

test('any tar program lists a backup, keys are not in it, and nobody else can read it', async () => {
  await using source = await freshDatabase(sets);
  await partsOf(source.database, filesFolder).act('number');
  const out = await backUp(source.database);
  const listing = spawnSync('tar', ['-tf', out], { encoding: 'utf8' });
  assert.equal(listing.status, 0, listing.stderr);
  assert.match(listing.stdout, /^manifest\.json$/m);
  assert.doesNotMatch(listing.stdout, /key/);
  assert.equal(statSync(out).mode & 0o777, 0o600);
  const root = readFileSync(join(keyFolder, 'root.key'), 'utf8').trim();
  assert.ok(!readFileSync(out).includes(Buffer.from(root)));
  assert.ok(!readFileSync(out).includes(Buffer.from(root, 'base64')));
});
