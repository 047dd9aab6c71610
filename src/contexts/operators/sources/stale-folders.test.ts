import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sweepStaleFolders } from './stale-folders.ts';

test('folders of killed reads go after a day; younger ones, files and those of others stay', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'xinlai-sweep-'));
  try {
    for (const name of ['xinlai-read-old', 'xinlai-member-old', 'xinlai-read-new', 'another-read-old'])
      await mkdir(join(parent, name));
    for (const name of ['xinlai-read-old/clean', 'xinlai-read-file'])
      await writeFile(join(parent, name), '1');
    const before = new Date(Date.now() - 25 * 60 * 60 * 1000);
    for (const name of await readdir(parent))
      if (!name.endsWith('new')) await utimes(join(parent, name), before, before);
    await sweepStaleFolders(parent);
    assert.deepEqual((await readdir(parent)).toSorted(), [
      'another-read-old',
      'xinlai-read-file',
      'xinlai-read-new',
    ]);
    await sweepStaleFolders(join(parent, 'nowhere'));
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
});
