import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { allMigrations, freshDatabase } from '#test/database';
import { readLedger } from './ledger.ts';
import { numbersFrom, openRig } from './rig.ts';
import { closeChunks, countOrphans, eraseOld, keepDays } from './upkeep.ts';

const fresh = await freshDatabase(allMigrations);
const { database } = fresh;
const { pool } = database;
const folder = mkdtempSync(join(tmpdir(), 'xinlai-upkeep-'));
const rig = await openRig(database, folder);
after(async () => {
  await fresh[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const countOf = async (text: string): Promise<number> => (await pool.query(text)).rowCount ?? 0;

test('days of facts are made ahead once, and dropped as a whole past the retention', async () => {
  assert.deepEqual(await keepDays(database), { made: 8, dropped: 0 });
  assert.deepEqual(await keepDays(database), { made: 0, dropped: 0 });
  await pool.query(`create table messaging.intent_20200101 partition of messaging.intent
    for values from ('2020-01-01T00:00:00Z') to ('2020-01-02T00:00:00Z')`);
  await pool.query(`insert into messaging.intent values (1, 1, 0, 9, 'lnk_x', 1, '2020-01-01T12:00:00Z')`);
  assert.deepEqual(await keepDays(database), { made: 0, dropped: 1 });
  assert.equal(await countOf('select from messaging.intent'), 0);
});

test('what has no receipt 72 hours after its time is unknown, counted, and erased past the retention', async () => {
  const [chunk] = await rig.send({ numbers: numbersFrom(0, 3) });
  await pool.query('delete from messaging.chunk_queue');
  await pool.query(
    `insert into messaging.submission (intent_id, chunk_id, rows, parts, statuses, message_ids, link_id, at)
    values (1, $1, '{0,1,2}', '{1,1,1}', '{0,0,0}', '{a,b,c}', 'lnk_cht', now())`,
    [chunk],
  );
  const now = Temporal.Now.instant();
  assert.equal(await closeChunks(database, now.add({ hours: 24 + 71 })), 0);
  assert.equal(await closeChunks(database, now.add({ hours: 24 + 73 })), 1);
  const { rows } = await pool.query('select state, cause, link_id from messaging.outcome');
  const unknown = { state: 'unknown', cause: 'no_receipt', link_id: 'lnk_cht' };
  assert.deepEqual(rows, [unknown, unknown, unknown]);
  const { ended, miscounted } = await readLedger(database);
  assert.deepEqual({ ended, miscounted }, { ended: 3, miscounted: 0 });
  assert.equal(await eraseOld(database), 0);
  await pool.query(`update messaging.chunk set closed_at = now() - interval '36 days'`);
  assert.equal(await eraseOld(database), 1);
  assert.equal(await countOf('select from messaging.outcome'), 0);
});

test('a receipt that finds no message in 72 hours is counted under its link, once', async () => {
  await pool.query(`insert into messaging.receipt (link_id, message_id, state, at)
    values ('lnk_cht', 'a', 'delivered', now() - interval '73 hours'), ('lnk_cht', 'b', 'delivered', now())`);
  assert.equal(await countOrphans(database), 1);
  assert.equal(await countOrphans(database), 0);
  assert.equal(
    await countOf(
      `select from messaging.tally where subject_id = 'lnk_cht' and kind = 'orphan_receipt' and messages = 1`,
    ),
    1,
  );
});
