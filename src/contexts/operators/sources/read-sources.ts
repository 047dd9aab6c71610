import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Container, openParts, type Part } from './container.ts';
import { listFiles, type SourceFile } from './list-files.ts';
import { defaultLimits, type ReadLimits } from './limits.ts';
import { loadRows, quoteSql } from './load-rows.ts';
import { FileProblem, type Problem, problem } from './problems.ts';
import { type CanonicalPaths, headersByKey, type ReadPart, readPart } from './read-part.ts';
import { createSourceTables, type SourceKind, tableOf } from './source-tables.ts';
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
  limits?: Partial<ReadLimits>;
  onProgress?: (progress: ReadProgress) => void;
  signal?: AbortSignal;
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

const BYTES_STEP = 8 * 1024 * 1024;

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
  const folder = await mkdtemp(join(tmpdir(), 'xinlai-read-'));
  await options.connection.run(createSourceTables());
  const last = await options.connection.runAndReadAll('SELECT coalesce(max(file_id), 0) FROM source_file');
  const run = new Run(options, limits, said, today, folder, Number(last.getRows()[0]?.[0] ?? 0));
  run.totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const interrupt = (): void => options.connection.interrupt();
  options.signal?.addEventListener('abort', interrupt);
  try {
    for (const file of files) await run.file(file);
    if (overflow > 0)
      await run.unread(basename(options.directory ?? ''), problem('too_many_files', { limit: limits.files }));
  } finally {
    options.signal?.removeEventListener('abort', interrupt);
    await rm(folder, { recursive: true, force: true });
  }
  return { files: run.done, anything: run.done.some((file) => file.goodRows > 0) };
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

async function digest(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

class Run {
  readonly done: ReadFile[] = [];
  totalBytes = 0;
  #bytes = 0;
  readonly #seen = new Map<string, string>();
  readonly #options: ReadOptions;
  readonly #limits: ReadLimits;
  readonly #said: Readonly<Record<string, FileChoice>>;
  readonly #today: Temporal.PlainDate;
  readonly #folder: string;
  #lastId: number;

  constructor(
    options: ReadOptions,
    limits: ReadLimits,
    said: Readonly<Record<string, FileChoice>>,
    today: Temporal.PlainDate,
    folder: string,
    lastId: number,
  ) {
    this.#options = options;
    this.#limits = limits;
    this.#said = said;
    this.#today = today;
    this.#folder = folder;
    this.#lastId = lastId;
  }

  async file(file: SourceFile & { bytes: number }): Promise<void> {
    const { signal } = this.#options;
    const name = file.name ?? basename(file.path);
    const before = this.#bytes;
    try {
      if (file.problem !== undefined) throw new FileProblem(file.problem);
      for await (const part of openParts(file.path, name, this.#limits, signal)) {
        signal?.throwIfAborted();
        const choice = this.#said[part.name] ?? this.#said[name] ?? {};
        await this.#part(part, choice, before + file.bytes);
      }
    } catch (error) {
      signal?.throwIfAborted();
      const known = error instanceof FileProblem ? error.problem : systemProblem(error);
      if (known === undefined) throw error;
      const identity = await digest(file.path).catch(() => ({ sha256: '', bytes: file.bytes }));
      await this.unread(name, known, identity);
    }
    this.#bytes = before + file.bytes;
    this.#tell(name, 'done');
  }

  /** Lists a file that is not taken. */
  async unread(name: string, found: Problem, identity = { sha256: '', bytes: 0 }): Promise<void> {
    await this.#list({
      fileId: this.#nextId(),
      name,
      kind: null,
      ...identity,
      encoding: null,
      container: null,
      dataDate: null,
      goodRows: 0,
      rejectedRows: 0,
      headers: [],
      problem: found,
    });
  }

  async #part(part: Part, choice: FileChoice, ceiling: number): Promise<void> {
    const paths = { clean: join(this.#folder, 'clean'), checked: join(this.#folder, 'checked') };
    let untold = 0;
    const read = await readPart(part, paths, choice, this.#limits, this.#today, (bytes) => {
      this.#options.signal?.throwIfAborted();
      untold += bytes;
      if (untold < BYTES_STEP) return;
      this.#bytes = Math.min(this.#bytes + untold, ceiling);
      untold = 0;
      this.#tell(part.name, 'reading');
    });
    const identity = part.sheet === undefined ? read : await digest(part.sheet.workbook);
    const file: ReadFile = {
      fileId: this.#nextId(),
      name: part.name,
      kind: read.layout?.kind ?? null,
      sha256: identity.sha256,
      bytes: identity.bytes,
      encoding: part.sheet === undefined ? read.encoding : null,
      container: part.container,
      dataDate: read.dataDate,
      goodRows: 0,
      rejectedRows: read.brokenRows,
      headers: read.headers,
      problem: read.problem,
    };
    const same = `${identity.sha256} ${part.sheet?.name ?? ''} ${file.kind} ${String(file.dataDate)}`;
    const twin = this.#seen.get(same);
    if (file.problem === null && twin !== undefined)
      file.problem = problem('duplicate_content', { detail: twin });
    if (file.problem !== null) return this.#list({ ...file, rejectedRows: 0 });
    this.#seen.set(same, part.name);
    this.#tell(part.name, 'loading');
    await this.#load(part, read, file, paths);
    this.done.push(file);
  }

  async #load(part: Part, read: ReadPart, file: ReadFile, paths: CanonicalPaths): Promise<void> {
    const { connection } = this.#options;
    const kind = read.layout!.kind;
    this.#options.signal?.throwIfAborted();
    await connection.run('BEGIN TRANSACTION');
    try {
      const loaded = await loadRows(
        connection,
        {
          kind,
          fileId: file.fileId,
          fileName: file.name,
          paths,
          columns: read.columns,
          headers: headersByKey(read),
          rowBytes: this.#limits.rowBytes,
          today: this.#today.toString(),
        },
        read.rows,
      );
      file.goodRows = loaded.good;
      file.rejectedRows += loaded.rejected;
      if (kind === 'company' || kind === 'company_by_item') {
        const newest = await connection.runAndReadAll(
          `SELECT max(produced_on)::VARCHAR FROM ${tableOf(kind)} WHERE file_id = ${file.fileId}`,
        );
        const day = newest.getRows()[0]?.[0];
        if (typeof day === 'string') file.dataDate = Temporal.PlainDate.from(day);
      }
      await this.#listBroken(part, read, file);
      await connection.run(fileRow(file));
      this.#options.signal?.throwIfAborted();
      await connection.run('COMMIT');
    } catch (error) {
      await connection.run('ROLLBACK');
      throw error;
    }
  }

  async #listBroken(part: Part, read: ReadPart, file: ReadFile): Promise<void> {
    const lines = read.broken.map((row) =>
      rejectedRow(file, row.line, null, row.text, row.problem, row.kept),
    );
    const layout = read.layout!;
    const wanted = new Map(Object.values(layout.columns).map((index) => [index, layout.headers[index]!]));
    for (const note of part.sheet?.notes ?? []) {
      const header = wanted.get(note.column - 1);
      if (header === undefined || note.row <= layout.headerLine || lines.length >= this.#limits.listedRejects)
        continue;
      lines.push(rejectedRow(file, note.row, header, note.text, problem('formula_value_taken'), true));
    }
    const hidden = read.brokenRows - read.broken.filter((row) => !row.kept).length;
    if (hidden > 0)
      lines.push(
        rejectedRow(file, null, null, null, problem('rejects_not_listed', { found: hidden }), false),
      );
    for (let at = 0; at < lines.length; at += 500)
      await this.#options.connection.run(
        `INSERT INTO rejected_cell VALUES ${lines.slice(at, at + 500).join(', ')}`,
      );
  }

  async #list(file: ReadFile): Promise<void> {
    await this.#options.connection.run(fileRow(file));
    this.done.push(file);
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #tell(file: string, step: ReadProgress['step']): void {
    this.#options.onProgress?.({ file, step, bytes: this.#bytes, totalBytes: this.totalBytes });
  }
}

/** Errors of the file system become a problem of the file; anything else is ours. */
function systemProblem(error: unknown): Problem | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && typeof syscall === 'string'
    ? problem('unreadable', { detail: code })
    : undefined;
}

const sql = (value: string | number | null): string =>
  value === null ? 'NULL' : typeof value === 'number' ? String(value) : quoteSql(value.replaceAll('\0', ' '));

function fileRow(file: ReadFile): string {
  const { problem: found } = file;
  const headers = `[${file.headers.map((header) => quoteSql(header.slice(0, 200))).join(', ')}]::VARCHAR[]`;
  const values = [
    ...[file.fileId, file.name, file.kind, file.sha256, file.bytes, file.encoding, file.container].map(sql),
    file.dataDate === null ? 'NULL' : `DATE '${file.dataDate.toString()}'`,
    ...[file.goodRows, file.rejectedRows].map(sql),
    headers,
    ...[found?.code ?? null, found?.zh ?? null, found?.en ?? null].map(sql),
  ];
  return `INSERT INTO source_file VALUES (${values.join(', ')})`;
}

function rejectedRow(
  file: ReadFile,
  row: number | null,
  column: string | null,
  value: string | null,
  found: Problem,
  kept: boolean,
): string {
  const cells = [file.fileId, file.name, row, column, value, found.code, found.zh, found.en].map(sql);
  return `(${cells.join(', ')}, ${kept})`;
}
