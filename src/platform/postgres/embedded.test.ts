import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import { loadConfig } from '../config.ts';
import { openDatabase } from '../database.ts';
import { runningEmbeddedUrl, startEmbeddedPostgres } from './embedded.ts';
import { decideRunAs } from './run-as.ts';

function closedFolder(t: { after(work: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-closed-'));
  chmodSync(folder, 0o700);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('it starts below a folder of mode 0700, as root or not, and changes nobody else’s modes', async (t) => {
  const folder = closedFolder(t);
  const postgres = await startEmbeddedPostgres(join(folder, 'data'), ['fsync=off']);
  try {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query(
      `select current_setting('data_checksums') as checksums, current_setting('server_version_num')::int / 10000 as major`,
    );
    assert.deepEqual(rows, [{ checksums: 'on', major: 18 }]);
    await client.end();
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, 'data', 'postgres-password')).mode & 0o777, 0o600);
    assert.equal(runningEmbeddedUrl(join(folder, 'data')), postgres.url);
  } finally {
    await postgres.stop();
  }
  assert.equal(runningEmbeddedUrl(join(folder, 'data')), null);
});

test('a second server on the same data folder is refused, a command line beside it is not', async (t) => {
  const config = loadConfig({ XINLAI_DATA: join(closedFolder(t), 'data') });
  const server = await openDatabase(config, { exclusive: true });
  await assert.rejects(openDatabase(config, { exclusive: true }), { code: 'database.already_running' });
  const command = await openDatabase(config, { exclusive: false });
  await command.close();
  const { rows } = await server.pool.query('select 1 as alive');
  assert.deepEqual(rows, [{ alive: 1 }], 'a command that ends leaves the server alone');
  await server.close();
});

test('a server whose process was killed is taken over with its data', async (t) => {
  const folder = join(closedFolder(t), 'data');
  const first = await startEmbeddedPostgres(folder);
  const client = new pg.Client({ connectionString: first.url });
  await client.connect();
  await client.query('create table kept (n integer); insert into kept values (7)');
  await client.end();
  // The process that started it is gone without a word; the server lives on.
  const second = await startEmbeddedPostgres(folder);
  assert.equal(second.port, first.port);
  const again = new pg.Client({ connectionString: second.url });
  await again.connect();
  assert.deepEqual((await again.query('select n from kept')).rows, [{ n: 7 }]);
  await again.end();
  await second.stop();
});

test(
  'root keeps one capability for the server, and only where a folder on the way is closed',
  { skip: process.getuid?.() !== 0 },
  (t) => {
    const closed = decideRunAs([join(closedFolder(t), 'data')]).command('postgres', ['-D', 'x']);
    assert.equal(closed.file, 'setpriv');
    assert.deepEqual(
      closed.args.filter((arg) => arg.includes('caps')),
      ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
    );
    const open = decideRunAs([join(tmpdir(), 'data')]).command('postgres', []);
    assert.equal(open.file, 'postgres');
    assert.notEqual(open.uid, 0);
  },
);
