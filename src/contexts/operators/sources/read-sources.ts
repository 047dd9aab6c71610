import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { fileRow, rejectedRow } from './book-rows.ts';
import { type Container, openParts, type Part } from './container.ts';
import { type DirectPlan, loadDirect, planDirect } from './direct-load.ts';
import { listFiles, type SourceFile } from './list-files.ts';
import { defaultLimits, type ReadLimits } from './limits.ts';
import { loadRows } from './load-rows.ts';
import { FileProblem, type Problem, problem } from './problems.ts';
import {
  type CanonicalPaths,
  headersByKey,
  nothingRead,
  readOddLines,
  type ReadPart,
  readPart,
} from './read-part.ts';
import { sweepStaleFolders } from './stale-folders.ts';
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
  await sweepStaleFolders();
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
    const plan = await planDirect(part, choice, this.#limits);
    if (plan !== undefined && (await this.#direct(part, plan, choice, paths, ceiling))) return;
    const count = this.#counter(part.name, ceiling);
    const read = await readPart(part, paths, choice, this.#limits, this.#today, (bytes) => {
      this.#options.signal?.throwIfAborted();
      count(bytes);
    });
    const identity = part.sheet === undefined ? read : await digest(part.sheet.workbook);
    const file = this.#fileOf(part, read, identity);
    if (file.problem !== null) return this.#list({ ...file, rejectedRows: 0 });
    this.#tell(part.name, 'loading');
    await this.#transaction(() => this.#load(part, read, file, paths));
    this.done.push(file);
  }

  /** Takes a large register the short way (see direct-load.ts). False: nothing is changed, and the file is to be read. */
  async #direct(
    part: Part,
    plan: DirectPlan,
    choice: FileChoice,
    paths: CanonicalPaths,
    ceiling: number,
  ): Promise<boolean> {
    const { connection, signal } = this.#options;
    const before = this.#bytes;
    const read = nothingRead(part, choice);
    let file: ReadFile | undefined;
    const taken = await this.#transaction(async () => {
      const direct = await loadDirect(
        connection,
        plan,
        this.#lastId + 1,
        this.#limits,
        this.#today,
        this.#counter(part.name, ceiling),
        signal,
      );
      signal?.throwIfAborted();
      if (direct === undefined) return false;
      read.encoding = 'utf-8';
      read.layout = plan.layout;
      read.headers = plan.layout.headers.slice(0, this.#limits.columns);
      readOddLines(part, direct.odd, plan.layout, paths, this.#limits, this.#today, read);
      const rows = direct.lines - 1 - direct.odd.length;
      if (rows === 0) return false;
      file = this.#fileOf(part, read, direct);
      if (file.problem !== null) return false;
      file.goodRows = rows;
      await this.#load(part, read, file, paths);
      return true;
    });
    if (taken) this.done.push(file!);
    else if (file !== undefined && file.problem !== null) await this.#list({ ...file, rejectedRows: 0 });
    else this.#bytes = before;
    return taken || (file !== undefined && file.problem !== null);
  }

  /** The row of `source_file`; a file read before has a problem. */
  #fileOf(part: Part, read: ReadPart, identity: { sha256: string; bytes: number }): ReadFile {
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
    if (file.problem === null) this.#seen.set(same, part.name);
    return file;
  }

  /** Counts bytes and tells of them now and then. */
  #counter(name: string, ceiling: number): (bytes: number) => void {
    let untold = 0;
    return (bytes) => {
      untold += bytes;
      if (untold < BYTES_STEP) return;
      this.#bytes = Math.min(this.#bytes + untold, ceiling);
      untold = 0;
      this.#tell(name, 'reading');
    };
  }

  /** Commits what `work` did, unless it threw or answered false. */
  async #transaction<T>(work: () => Promise<T>): Promise<T> {
    const { connection, signal } = this.#options;
    signal?.throwIfAborted();
    await connection.run('BEGIN TRANSACTION');
    try {
      const result = await work();
      signal?.throwIfAborted();
      await connection.run(result === false ? 'ROLLBACK' : 'COMMIT');
      return result;
    } catch (error) {
      await connection.run('ROLLBACK');
      throw error;
    }
  }

  async #load(part: Part, read: ReadPart, file: ReadFile, paths: CanonicalPaths): Promise<void> {
    const { connection } = this.#options;
    const kind = read.layout!.kind;
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
    file.goodRows += loaded.good;
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
