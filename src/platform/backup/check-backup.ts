import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { backupErrors } from './errors.ts';
import { fileEntry, openBackup, readEntry, type BackedUpTable, type OpenBackup } from './manifest.ts';

const decompress = promisify(zstdDecompress);
/** More than any part holds: a part is cut after the first chunk beyond 8 MiB. */
const PART_LIMIT = 256 * 1024 * 1024;

/** Opens a backup and reads every part of it against its hash; throws `backup.*` at the first that does not match. */
export async function checkBackup(path: string): Promise<OpenBackup> {
  const backup = await openBackup(path);
  for (const table of backup.manifest.tables) {
    const hash = createHash('sha256');
    for await (const text of tableText(backup, table)) hash.update(text);
    if (hash.digest('hex') !== table.sha256) {
      throw backupErrors.corrupt({ file: path, part: `${table.schema}.${table.table}` });
    }
  }
  for (const { sha256, size } of backup.manifest.files) {
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of fileBytes(backup, sha256)) {
      hash.update(chunk);
      length += chunk.length;
    }
    if (length !== size || hash.digest('hex') !== sha256) {
      throw backupErrors.corrupt({ file: path, part: fileEntry(sha256) });
    }
  }
  return backup;
}

/** The COPY text of a table, part by part. */
export async function* tableText(backup: OpenBackup, table: BackedUpTable): AsyncGenerator<Buffer> {
  const damaged = (cause?: unknown): Error =>
    backupErrors.corrupt({ file: backup.path, part: `${table.schema}.${table.table}` }, { cause });
  for (const part of table.parts) {
    const packed = await readEntry(backup.path, backup.entries, part.name);
    if (createHash('sha256').update(packed).digest('hex') !== part.sha256) throw damaged();
    try {
      yield await decompress(packed, { maxOutputLength: PART_LIMIT });
    } catch (cause) {
      throw damaged(cause);
    }
  }
}

/** The bytes of a stored file. */
export function fileBytes(backup: OpenBackup, sha256: string): AsyncIterable<Buffer> {
  const entry = backup.entries.get(fileEntry(sha256));
  if (entry === undefined)
    throw backupErrors.unreadable({ file: backup.path, problem: `${fileEntry(sha256)} is missing` });
  if (entry.size === 0) return emptyBytes();
  return createReadStream(backup.path, { start: entry.offset, end: entry.offset + entry.size - 1 });
}

async function* emptyBytes(): AsyncGenerator<Buffer> {}
