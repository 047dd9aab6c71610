import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { fileRow, rejectedRow } from './book-rows.ts';
import { openParts, type Part } from './container.ts';
import { type DirectPlan, loadDirect, planDirect } from './direct-load.ts';
import type { SourceFile } from './list-files.ts';
import type { ReadLimits } from './limits.ts';
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
import type { ReadFile, ReadOptions, ReadProgress } from './read-sources.ts';
import { tableOf } from './source-tables.ts';
import type { FileChoice } from './sources-json.ts';

const BYTES_STEP = 8 * 1024 * 1024;

async function digest(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Reads files one after the other over one connection and keeps what became of them. */
export class Run {
  readonly done: ReadFile[];
  totalBytes = 0;
  #bytes = 0;
  /** The run beside this one, whose bytes count as well. */
  #other: Run | undefined;
  readonly #seen: Map<string, string>;
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
    other?: Run,
  ) {
    this.#other = other;
    this.done = other?.done ?? [];
    this.#seen = other === undefined ? new Map<string, string>() : other.#seen;
    this.#options = options;
    this.#limits = limits;
    this.#said = said;
    this.#today = today;
    this.#folder = folder;
    this.#lastId = lastId;
  }

  /** A run over another connection for the file that stands `ahead` files further; both make one result. */
  async beside(connection: DuckDBConnection, ahead: number): Promise<Run> {
    const folder = join(this.#folder, 'beside');
    await mkdir(folder);
    const options = { ...this.#options, connection };
    const id = this.#lastId + ahead;
    this.#other = new Run(options, this.#limits, this.#said, this.#today, folder, id, this);
    this.#other.totalBytes = this.totalBytes;
    return this.#other;
  }

  /** Leaves out the number of a file that another run reads. */
  skipId(): void {
    this.#nextId();
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
        paths.clean,
        this.#limits,
        this.#today,
        this.#counter(part.name, ceiling),
        signal,
        (target) => this.#options.unused?.[plan.layout.kind]?.includes(target) !== true,
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
    const bytes = this.#bytes + (this.#other === undefined ? 0 : this.#other.#bytes);
    this.#options.onProgress?.({ file, step, bytes, totalBytes: this.totalBytes });
  }
}

/** Errors of the file system become a problem of the file; anything else is ours. */
function systemProblem(error: unknown): Problem | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && typeof syscall === 'string'
    ? problem('unreadable', { detail: code })
    : undefined;
}
