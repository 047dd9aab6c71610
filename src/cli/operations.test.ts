import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemCaller } from '#platform/access';
import { createAudit, openAuditKeys } from '#platform/audit/audit';
import { systemClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import { connect, type Database } from '#platform/database';
import { createVault, openRootKeys } from '#platform/vault/vault';
import { freshDatabase } from '#test/database';
import { allMigrations } from '../migrations.ts';

const base = mkdtempSync(join(tmpdir(), 'xinlai-operations-'));
after(() => rmSync(base, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function xinlai(env: Record<string, string>, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['src/cli/main.ts', ...args],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** A used sandbox: a personal value, an audit record, sealed. Answers the id of the value. */
async function use(database: Database, data: string): Promise<string> {
  const keys = openAuditKeys(join(data, 'keys'), { create: true });
  const audit = createAudit({ database, keys, checkpointFile: join(data, 'audit-checkpoint') });
  const vault = createVault({
    database,
    audit,
    rootKeys: openRootKeys(loadConfig({ XINLAI_DATA: data })),
    clock: systemClock,
  });
  const deleteBy = Temporal.PlainDate.from('2040-01-01');
  const [id] = await database
    .of('public')
    .transaction()
    .execute((trx) =>
      vault.putMany(trx, {
        purpose: 'test',
        values: ['+886912345678'],
        deleteBy,
        caller: systemCaller('test'),
      }),
    );
  await audit.seal();
  return id ?? '';
}

test('the trail is verified, exported and verified again without a database; a change is named with exit 1', async () => {
  await using fresh = await freshDatabase(allMigrations);
  const data = join(base, 'audit');
  const env = { DATABASE_URL: fresh.url, XINLAI_DATA: data };
  await use(fresh.database, data);
  const whole = await xinlai(env, 'audit', 'verify', '--json');
  assert.equal(whole.code, 0, whole.stderr);
  assert.deepEqual((JSON.parse(whole.stdout) as { ok: boolean; entries: number }).entries, 1);
  const out = join(base, 'trail.jsonl');
  assert.equal((await xinlai(env, 'audit', 'export', '--out', out)).code, 0);
  const key = readFileSync(join(data, 'keys', 'audit-verifiers.txt'), 'utf8').trim();
  const nowhere = { XINLAI_DATA: join(base, 'nowhere') };
  const offline = await xinlai(nowhere, 'audit', 'verify-file', out, '--key', key);
  assert.deepEqual([offline.code, offline.stderr], [0, '']);
  writeFileSync(out, readFileSync(out, 'utf8').replace('vault.stored', 'vault.storeD'));
  assert.equal((await xinlai(nowhere, 'audit', 'verify-file', out)).code, 1);
  const client = await fresh.database.pool.connect();
  await client.query(`set session_replication_role = replica; update audit.entry set action = 'x'`);
  client.release(true);
  const broken = await xinlai(env, 'audit', 'verify');
  assert.equal(broken.code, 1);
  assert.match(broken.stdout, /broken: record 1 \(aud_/);
});

test('all keys rotate from the command line and the value still opens', async () => {
  await using fresh = await freshDatabase(allMigrations);
  const data = join(base, 'keys');
  const env = { DATABASE_URL: fresh.url, XINLAI_DATA: data };
  const id = await use(fresh.database, data);
  const before = readFileSync(join(data, 'keys', 'root.key'), 'utf8');
  const rotated = await xinlai(env, 'keys', 'rotate');
  assert.equal(rotated.code, 0, rotated.stderr);
  assert.notEqual(readFileSync(join(data, 'keys', 'root.key'), 'utf8'), before);
  const { rows } = await fresh.database.pool.query('select distinct version from vault.data_key');
  assert.deepEqual(rows, [{ version: 2 }]);
  const audit = createAudit({
    database: fresh.database,
    keys: openAuditKeys(join(data, 'keys'), { create: false }),
  });
  const vault = createVault({
    database: fresh.database,
    audit,
    rootKeys: openRootKeys(loadConfig(env)),
    clock: systemClock,
  });
  const reading = { caller: systemCaller('test'), legalBasis: 'test' };
  const value = await fresh.database
    .of('public')
    .transaction()
    .execute((trx) => vault.read(trx, id, reading));
  assert.equal(value, '+886912345678');
  await audit.seal();
  assert.equal((await xinlai(env, 'audit', 'verify')).code, 0);
});

test('the product is backed up, checked, restored elsewhere and refused where there is data', async () => {
  await using source = await freshDatabase(allMigrations);
  await using target = await freshDatabase();
  const data = join(base, 'backup');
  await use(source.database, data);
  const from = { DATABASE_URL: source.url, XINLAI_DATA: data };
  const into = { DATABASE_URL: target.url, XINLAI_DATA: join(base, 'restored') };
  const out = join(base, 'whole.xinlai');
  const made = await xinlai(from, 'backup', '--out', out);
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stderr, /keys are not in the backup/);
  assert.equal((await xinlai(from, 'backup', '--out', out)).code, 2);
  assert.equal((await xinlai(from, 'backup', '--check', out)).code, 0);
  const restored = await xinlai(into, 'restore', '--from', out);
  assert.equal(restored.code, 0, restored.stderr);
  assert.match(restored.stdout, /audit trail whole: 1 entries/);
  assert.equal((await xinlai(into, 'audit', 'verify')).code, 0);
  const again = await xinlai(into, 'restore', '--from', out);
  assert.equal(again.code, 2);
  const name = /--force (\S+)\.$/m.exec(again.stderr)?.[1] ?? '';
  assert.equal((await xinlai(into, 'restore', '--from', out, '--force', name)).code, 0);
});

test('an upgrade backs up first, applies what is pending, and has nothing to do the second time', async () => {
  await using fresh = await freshDatabase(allMigrations.slice(0, 1));
  const { url } = fresh;
  const data = join(base, 'upgrade');
  const env = { DATABASE_URL: url, XINLAI_DATA: data };
  const first = await xinlai(env, 'upgrade');
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /vault\/0001_item/);
  const backup = /backup\): (\S+)/.exec(first.stdout)?.[1] ?? '';
  assert.equal(statSync(backup).mode & 0o777, 0o600);
  assert.match((await xinlai(env, 'upgrade')).stdout, /nothing to change/);
  const database = connect(url);
  const { rows } = await database.pool.query(
    `select count(*)::int as count from pg_namespace where nspname = 'vault'`,
  );
  await database.close();
  assert.deepEqual(rows, [{ count: 1 }]);
});

test('a database that holds nothing yet is not backed up, but brought up to date', async () => {
  await using fresh = await freshDatabase();
  const env = { DATABASE_URL: fresh.url, XINLAI_DATA: join(base, 'empty') };
  const out = join(base, 'empty.xinlai');
  const refused = await xinlai(env, 'backup', '--out', out);
  assert.deepEqual([refused.code, existsSync(out)], [2, false]);
  const upgraded = await xinlai(env, 'upgrade');
  assert.equal(upgraded.code, 0, upgraded.stderr);
  assert.doesNotMatch(upgraded.stdout, /backup\):/);
});

test('the doctor shows settings with their origin, hides secrets, and fails where something is missing', async () => {
  await using fresh = await freshDatabase(allMigrations);
  const data = join(base, 'doctor');
  const env = { DATABASE_URL: fresh.url, XINLAI_DATA: data, XINLAI_PORT: '8123' };
  const healthy = await xinlai(env, 'doctor');
  assert.equal(healthy.code, 0, healthy.stdout + healthy.stderr);
  assert.match(healthy.stdout, /^XINLAI_PORT=8123 {2}\(XINLAI_PORT\)$/m);
  assert.match(healthy.stdout, /^XINLAI_HOST=127\.0\.0\.1 {2}\(default\)$/m);
  assert.match(healthy.stdout, /^DATABASE_URL=\*{8} /m);
  assert.ok(!healthy.stdout.includes(fresh.url));
  assert.ok(!existsSync(join(data, 'keys')));
  const unreachable = await xinlai({ ...env, DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' }, 'doctor');
  assert.equal(unreachable.code, 1);
  const live = await xinlai({ ...env, XINLAI_MODE: 'live' }, 'doctor', '--json');
  assert.equal(live.code, 1);
  const report = JSON.parse(live.stdout) as { checks: { name: string; state: string }[] };
  assert.equal(report.checks.find((check) => check.name === 'root key')?.state, 'bad');
});
