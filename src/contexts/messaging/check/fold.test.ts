import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { allMigrations, freshDatabase } from '#test/database';
import { numbersFrom, openRig } from '../dispatch/rig.ts';
import type { MessagingTables } from '../tables.ts';
import { eraseDigests, findDigest, foldDigests } from './fold.ts';

const fresh = await freshDatabase(allMigrations);
const { database } = fresh;
const { pool } = database;
const folder = mkdtempSync(join(tmpdir(), 'xinlai-fold-'));
const rig = await openRig(database, folder);
const db = database.of<MessagingTables>('messaging');
const [chunk] = await rig.send({ numbers: numbersFrom(0, 4) });
after(async () => {
  await fresh[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const add = (at: string, digests: readonly bigint[]) =>
  pool.query(
    `insert into messaging.check_fresh (at, count, digests, chunk_ids)
    values ($1, $2::integer, $3::bigint[], array_fill($4::bigint, array[$2::integer]))`,
    [at, digests.length, digests.map(String), chunk],
  );
const DIGESTS = [-(2n ** 63n), -1n, 0n, 2n ** 63n - 1n, 0x0123_4567_89ab_cdefn] as const;
const momentOf = async (digest: bigint) => (await findDigest(db, [digest], 'test'))?.at.toISOString();

test('a digest is found before and after it went into a run, with the minute of the newest sending', async () => {
  await add('2026-03-01T10:20:30Z', DIGESTS.slice(1));
  await add('2026-03-02T10:20:30Z', DIGESTS.slice(0, 3));
  for (const digest of DIGESTS.slice(0, 3)) assert.equal(await momentOf(digest), '2026-03-02T10:20:30.000Z');
  assert.equal(await foldDigests(database), 0, 'a few are not worth a run');
  assert.equal(await foldDigests(database, true), 7);
  assert.equal((await pool.query('select from messaging.check_fresh')).rowCount, 0);
  for (const digest of DIGESTS.slice(0, 3)) assert.equal(await momentOf(digest), '2026-03-02T10:20:00.000Z');
  for (const digest of DIGESTS.slice(3)) assert.equal(await momentOf(digest), '2026-03-01T10:20:00.000Z');
  assert.equal(await momentOf(1n), undefined, 'one that lies in the same bucket is not it');
});

test('a digest is not known in another space, nor past its days', async () => {
  assert.equal(await findDigest(db, DIGESTS, 'live'), null);
  assert.notEqual(await findDigest(db, DIGESTS, 'test'), null);
  await pool.query(`update messaging.check_run set newest = now() - interval '36 days'`);
  await eraseDigests(db, 35);
  assert.equal(await findDigest(db, DIGESTS, 'test'), null);
});
