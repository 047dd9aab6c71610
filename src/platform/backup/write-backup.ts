import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Database } from '../database.ts';
import type { MigrationSet } from '../migrate.ts';
import { backupErrors } from './errors.ts';
import { fileEntry, FORMAT, type BackedUpTable, type Manifest } from './manifest.ts';
import {
  COPY_SETTINGS,
  copySource,
  migrationsOf,
  sequencesOf,
  tablesOf,
  type TableShape,
} from './schema-contents.ts';
import { tarWriter, type TarWriter } from './tar.ts';

const compress = promisify(zstdCompress);
/** COPY text that goes into one compressed entry. */
const PART_BYTES = 8 * 1024 * 1024;

/** What to back up, and where to. */
export interface BackupRequest {
  readonly database: Database;
  readonly sets: readonly MigrationSet[];
  /** Folder of the file store. */
  readonly filesFolder: string;
  /** The new archive; must not exist. */
  readonly out: string;
  /** Version of the product. */
  readonly product: string;
  onProgress?(what: string): void;
}

/**
 * Writes every table of the product as one snapshot sees it, its sequences and the whole file store into one archive.
 * The product may go on working. Keys are left out. The archive appears under its name when it is whole and synced.
 */
export async function writeBackup(request: BackupRequest): Promise<Manifest> {
  const { out } = request;
  if ((await stat(out).catch(() => null)) !== null) throw backupErrors.exists({ file: out });
  const partial = `${out}.partial`;
  const file = await open(partial, 'wx', 0o600).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST') throw backupErrors.exists({ file: partial }, { cause });
    throw backupErrors.unreadable({ file: out, problem: cause.message }, { cause });
  });
  try {
    const writer = tarWriter(file);
    const contents = await writeTables(request, writer);
    const files = await writeFiles(request, writer);
    const manifest: Manifest = { format: FORMAT, version: 1, product: request.product, ...contents, files };
    const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
    await writer.add('manifest.json', text);
    await writer.add('manifest.sha256', Buffer.from(`${createHash('sha256').update(text).digest('hex')}\n`));
    await writer.end();
    await file.close();
    await rename(partial, out);
    const folder = await open(dirname(out), 'r');
    await folder.sync();
    await folder.close();
    return manifest;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(partial, { force: true });
    throw error;
  }
}

type Contents = Pick<Manifest, 'postgres' | 'madeAt' | 'migrations' | 'tables' | 'sequences'>;

async function writeTables(request: BackupRequest, writer: TarWriter): Promise<Contents> {
  const client = await request.database.pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query(COPY_SETTINGS);
    const { rows } = await client.query<{ at: string; version: string }>(
      `select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, current_setting('server_version') as version`,
    );
    const schemas = request.sets.map((set) => set.schema);
    const migrations = await migrationsOf(client, schemas);
    if (migrations.length === 0) throw backupErrors.nothing();
    const tables: BackedUpTable[] = [];
    for (const [index, shape] of (await tablesOf(client, schemas)).entries()) {
      request.onProgress?.(`${shape.schema}.${shape.table}`);
      tables.push(await writeTable(client, writer, shape, index));
    }
    const sequences = await sequencesOf(client, schemas);
    await client.query('commit');
    client.release();
    return { postgres: rows[0]?.version ?? '', madeAt: rows[0]?.at ?? '', migrations, tables, sequences };
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function writeTable(
  client: pg.ClientBase,
  writer: TarWriter,
  shape: TableShape,
  index: number,
): Promise<BackedUpTable> {
  const hash = createHash('sha256');
  const parts: BackedUpTable['parts'] = [];
  let waiting: Buffer[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (bytes === 0) return;
    const name = `tables/${String(index).padStart(4, '0')}/${String(parts.length).padStart(6, '0')}.copy.zst`;
    const packed = await compress(Buffer.concat(waiting));
    await writer.add(name, packed);
    parts.push({ name, sha256: createHash('sha256').update(packed).digest('hex') });
    waiting = [];
    bytes = 0;
  };
  const stream = client.query(copyTo(`copy ${copySource(shape)} to stdout`));
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes >= PART_BYTES) await flush();
  }
  await flush();
  const { schema, table, columns } = shape;
  return { schema, table, columns: [...columns], rows: stream.rowCount, sha256: hash.digest('hex'), parts };
}

/** Every stored file, also those without a row: contexts keep originals there too. Each is checked while it is read. */
async function writeFiles(request: BackupRequest, writer: TarWriter): Promise<Manifest['files']> {
  const files: Manifest['files'] = [];
  const names = await readdir(request.filesFolder, { recursive: true }).catch(() => []);
  for (const name of names
    .filter((path) => /^[0-9a-f]{2}[/\\][0-9a-f]{2}[/\\][0-9a-f]{64}$/.test(path))
    .sort()) {
    const path = join(request.filesFolder, name);
    const sha256 = name.slice(-64);
    const { size } = await stat(path);
    const hash = createHash('sha256');
    const hashed = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await writer.addStream(fileEntry(sha256), size, hashed());
    if (hash.digest('hex') !== sha256) throw backupErrors.file_corrupt({ sha256 });
    files.push({ sha256, size });
    if (files.length % 1000 === 0) request.onProgress?.(`${files.length} files`);
  }
  return files;
}
