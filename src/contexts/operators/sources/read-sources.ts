import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Container } from './container.ts';
import { listFiles, type SourceFile } from './list-files.ts';
import { defaultLimits, type ReadLimits } from './limits.ts';
import { type Problem, problem } from './problems.ts';
import { Run } from './read-run.ts';
import { readSignature } from './signature.ts';
import { sweepStaleFolders } from './stale-folders.ts';
import { createSourceTables, type SourceKind } from './source-tables.ts';
import { type FileChoice, parseSourcesJson, SourcesJsonError } from './sources-json.ts';

/** What a read is given. One of `directory` and `files` is needed; with both, both are read. */
export interface ReadOptions {
  /** Folder whose files are read, in the order of their names; its `sources.json` is followed. */
  directory?: string;
  files?: readonly SourceFile[];
  /** Names in `directory` that are passed over without a word. */
  leaveOut?: ReadonlySet<string>;
  /** The database to fill; its tables are made where they are missing. Nobody else may use the connection meanwhile. */
  connection: DuckDBConnection;
  /** The day of today in Asia/Taipei; days after it are future. */
  today?: Temporal.PlainDate;
  /**
   * Opens another connection to the same database, which the reader closes. With it the largest file is read beside
   * the others, one core each; the result is the same.
   */
  connect?: () => Promise<DuckDBConnection>;
  limits?: Partial<ReadLimits>;
  onProgress?: (progress: ReadProgress) => void;
  signal?: AbortSignal;
  /**
   * Columns of registers, by kind, that nobody will ask for: they are checked as all are, but may stay NULL. Of a
   * national tax register half the work of loading is in columns that no run looks at.
   */
  unused?: Partial<Record<SourceKind, readonly string[]>>;
  /** File name → what a person says of it; goes before `sources.json`. */
  mapping?: Readonly<Record<string, FileChoice>>;
}

/** Where a read stands. */
export interface ReadProgress {
  file: string;
  step: 'reading' | 'loading' | 'done';
  /** Of all files on disk; an unpacked archive counts as its size on disk once it is done. */
  bytes: number;
  totalBytes: number;
}

/** One row of `source_file`. */
export interface ReadFile {
  fileId: number;
  name: string;
  kind: SourceKind | null;
  sha256: string;
  bytes: number;
  encoding: string | null;
  container: Container | null;
  dataDate: Temporal.PlainDate | null;
  goodRows: number;
  rejectedRows: number;
  headers: string[];
  problem: Problem | null;
}

/** What a read did. `anything` is false where no row of any file was taken. */
export interface ReadReport {
  files: ReadFile[];
  anything: boolean;
}

/**
 * Reads files into the typed tables, `source_file` and `rejected_cell`. A file is taken in one transaction with its good
 * rows, or not at all; a file that cannot be taken is listed with the reason and the next one is read.
 * Throws SourcesJsonError, the reason of the signal, and errors of the database.
 */
export async function readSources(options: ReadOptions): Promise<ReadReport> {
  const limits = { ...defaultLimits, ...options.limits };
  const { files, overflow } = await listFiles(
    options.directory,
    options.files ?? [],
    limits.files,
    options.leaveOut,
  );
  const said = { ...(await followed(options.directory)), ...options.mapping };
  const today = options.today ?? Temporal.Now.plainDateISO('Asia/Taipei');
  await sweepStaleFolders();
  const folder = await mkdtemp(join(tmpdir(), 'xinlai-read-'));
  await options.connection.run(createSourceTables());
  const last = await options.connection.runAndReadAll('SELECT coalesce(max(file_id), 0) FROM source_file');
  const run = new Run(options, limits, said, today, folder, Number(last.getRows()[0]?.[0] ?? 0));
  run.totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const interrupt = (): void => options.connection.interrupt();
  options.signal?.addEventListener('abort', interrupt);
  const large = options.connect === undefined ? -1 : await largestAside(files, limits);
  const aside = large < 0 ? undefined : await readAside(run, files[large]!, large, options);
  try {
    for (const [index, file] of files.entries()) {
      if (index === large) run.skipId();
      else {
        // What may hold the same content is read after it, as it would be one after the other.
        if (index > large && (file.bytes === files[large]?.bytes || (await isPacked(file))))
          await aside?.done;
        await run.file(file);
      }
    }
    await aside?.done;
    if (overflow > 0)
      await run.unread(basename(options.directory ?? ''), problem('too_many_files', { limit: limits.files }));
  } finally {
    options.signal?.removeEventListener('abort', interrupt);
    await aside?.close();
    await rm(folder, { recursive: true, force: true });
  }
  const done = run.done.toSorted((a, b) => a.fileId - b.fileId);
  return { files: done, anything: done.some((file) => file.goodRows > 0) };
}

type ListedFile = SourceFile & { bytes: number };

/** The largest file, if it may be read beside the others: those before it are one part each, and none is its twin. */
async function largestAside(files: readonly ListedFile[], limits: ReadLimits): Promise<number> {
  const most = files.reduce((bytes, file) => Math.max(bytes, file.bytes), 0);
  const index = files.findIndex((file) => file.bytes === most);
  if (most < limits.directBytes || files.length < 2) return -1;
  for (const file of files.slice(0, index + 1)) if (await isPacked(file)) return -1;
  return index;
}

/** Whether a file begins as an archive, a workbook or a packed stream does. */
async function isPacked(file: ListedFile): Promise<boolean> {
  if (file.problem !== undefined) return false;
  const head = Buffer.alloc(4);
  try {
    await using handle = await open(file.path);
    await handle.read(head, 0, 4, 0);
  } catch {
    return false;
  }
  const signature = readSignature(head);
  return signature === 'zip' || signature === 'gzip';
}

/** Reads one file over a connection of its own while `run` goes on with the others. */
async function readAside(
  run: Run,
  file: ListedFile,
  index: number,
  options: ReadOptions,
): Promise<{ done: Promise<void>; close(): Promise<void> }> {
  const connection = await options.connect!();
  const side = await run.beside(connection, index);
  const interrupt = (): void => connection.interrupt();
  options.signal?.addEventListener('abort', interrupt);
  const done = side.file(file);
  const settled = done.catch(() => undefined); // whoever awaits `done` hears of it
  return {
    done,
    close: async () => {
      interrupt();
      await settled;
      options.signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
    },
  };
}

async function followed(directory: string | undefined): Promise<Record<string, FileChoice>> {
  if (directory === undefined) return {};
  try {
    return parseSourcesJson(await readFile(join(directory, 'sources.json'), 'utf8'));
  } catch (error) {
    if (error instanceof SourcesJsonError || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return {};
  }
}
