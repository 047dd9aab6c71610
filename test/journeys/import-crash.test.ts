import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { copyDatabase, freshDatabase } from '#test/database';
import { allMigrations } from '../../src/migrations.ts';
import { generateSources } from '#contexts/operators';

const child = fileURLToPath(new URL('./import-crash-child.ts', import.meta.url));
const ROUNDS = 2;
const imported = /^(?:公司登記|商業登記|金管會|財政部|品牌)/;

/** Everything that an import writes, without ids and times: equal states give equal digests. */
async function stateOf(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ state: string }>(`
    select md5(string_agg(line, ',' order by line)) as state from (
      select concat_ws('|', 'f', kind, natural_key, digest, known_to is null) as line from operators.fact
      union all select concat_ws('|', 'o', ubn, name, register_class, has_item) from operators.operator
      union all select concat_ws('|', 'n', ubn, folded, kind) from operators.operator_name
    ) lines`);
  return rows[0]?.state ?? '';
}

function start(url: string, folder: string, sources: string, asOf: string) {
  return spawn(process.execPath, [child, folder, sources, asOf], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function finish(url: string, folder: string, sources: string, asOf: string): Promise<void> {
  const running = start(url, folder, sources, asOf);
  const [code] = await once(running, 'exit');
  assert.equal(code, 0);
}

/** The state after the same import, not killed, into a copy of the database and of the folder. */
async function undisturbed(url: string, folder: string, sources: string): Promise<string> {
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true });
  await using database = await copyDatabase(url);
  await finish(database.url, copy, sources, '2023-12-31');
  return stateOf(database.database.pool);
}

test('kill -9 in the middle of an import leaves the last good state, and repeating it gives the same result', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-crash-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  await generateSources({ seed: 3, out: first, size: 'small', formats: 'csv' });
  // Lists and closed uploads of each sort; the other six files are read in the same way and cost each import a second.
  for (const name of readdirSync(first)) if (!imported.test(name)) rmSync(join(first, name));
  assert.equal(readdirSync(first).length, 6);
  cpSync(first, second, { recursive: true });
  for (const name of readdirSync(second)) {
    if (!name.startsWith('公司登記-依營業項目別')) continue;
    const lines = readFileSync(join(second, name), 'utf8').replaceAll('2023-11-30', '2023-12-31').split('\n');
    writeFileSync(join(second, name), [lines[0], ...lines.slice(20)].join('\n'));
  }
  await using killed = await freshDatabase(allMigrations);
  const { pool } = killed.database;
  const kept = join(folder, 'kept');
  await finish(killed.url, kept, first, '2023-11-30');
  const before = await stateOf(pool);
  const after = await undisturbed(killed.url, kept, second);
  assert.notEqual(before, after);
  let inTheMiddle = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const running = start(killed.url, kept, second, '2023-12-31');
    for await (const chunk of running.stdout as AsyncIterable<Buffer>)
      if (chunk.toString().includes('importing')) break;
    await sleep(20 + round * 200);
    running.kill('SIGKILL');
    if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
    const state = await stateOf(pool);
    assert.ok(state === before || state === after, `round ${round}: half an import is visible`);
    if (state === before) inTheMiddle++;
    const snapshots = await pool.query(
      `select 1 from operators.snapshot s join operators.import i on i.id = s.import_id where i.state <> 'done'`,
    );
    assert.equal(snapshots.rowCount, 0, 'a snapshot of an import that is not done is visible');
  }
  assert.ok(inTheMiddle > 0, 'no kill came before the commit: the test shows nothing');
  await finish(killed.url, kept, '-', '');
  assert.equal(await stateOf(pool), after);
});
