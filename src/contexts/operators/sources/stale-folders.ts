import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders that reads and runs make in the temporary folder begin with these. */
const ownPrefixes = ['xinlai-read-', 'xinlai-member-', 'xinlai-run-'];
const A_DAY = 24 * 60 * 60 * 1000;

/**
 * Removes folders of reads and runs that were killed: ours by their name, and untouched for a day, so that none that still
 * runs loses its own. What another user owns stays; nothing is thrown.
 */
export async function sweepStaleFolders(parent = tmpdir(), now = Date.now()): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((one) => ownPrefixes.some((prefix) => one.startsWith(prefix)))) {
    const path = join(parent, name);
    const status = await stat(path).catch(() => undefined);
    if (status?.isDirectory() !== true || now - status.mtimeMs < A_DAY) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
