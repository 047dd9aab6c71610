/** Reads a sealed upload in one pass: into sealed chunks, sealed lists, and figures. Runs in a thread of its own. */
import { decodeChunk, encodeChunk } from '../chunk.ts';
import { findColumns, type ColumnChoice, type FoundColumns } from './columns.ts';
import { CsvProblem, CsvScanner, findDelimiter } from './csv-scanner.ts';
import { RowChecker, type ListedRow } from './row-checker.ts';
import { FileRefusal, type FileKind, type Reading, type RecipientLimits } from './reading.ts';
import { rulesOf, type RulesInput } from './row-rules.ts';
import { readSealed, SealedWriter } from './sealed-file.ts';
import { LOST, type TextEncoding } from './text-encoding.ts';
import { guardWorkbook, workbookRows } from './workbook.ts';

/** A sealed file and the name it was sealed under. */
export interface SealedPlace {
  readonly path: string;
  readonly name: string;
}

export interface ReadJob {
  readonly key: Uint8Array;
  readonly upload: SealedPlace;
  /** Chunk contents of good rows, one a frame, in the order of the file. */
  readonly good: SealedPlace;
  /** Lists of up to 200 bad and flagged rows, one a frame. */
  readonly listed: SealedPlace;
  /** The first good rows, rendered: one frame. */
  readonly preview: SealedPlace;
  /** Good rows of files that were read before: their numbers are duplicates here. */
  readonly earlier: readonly SealedPlace[];
  /** `workbook` is XLSX or ODS, told apart by what is in it. */
  readonly kind: 'text' | 'workbook';
  readonly encoding: TextEncoding;
  /** Null: found. */
  readonly delimiter: string | null;
  readonly columns: ColumnChoice;
  readonly allowDuplicates: boolean;
  readonly rules: RulesInput;
  readonly limits: RecipientLimits;
}

const LISTED_ROWS = 200;
/** Rows that are looked at before the columns are known. */
const SAMPLE_ROWS = 100;
const SAMPLE_TEXT = 64 * 1024;

/** Throws a FileRefusal; what was written then is not ended and can't be taken for whole. */
export async function readFile(
  job: ReadJob,
  onProgress: (bytes: number, rows: number) => void,
): Promise<Reading> {
  const started = performance.now();
  const good = new SealedWriter(job.good.path, job.key, job.good.name);
  const listed = new SealedWriter(job.listed.path, job.key, job.listed.name);
  try {
    const reader = new RowReader(job, good, listed);
    const found =
      job.kind === 'text' ? readText(job, reader, onProgress) : await readWorkbook(job, reader, onProgress);
    const reading = reader.end(found, Math.round(performance.now() - started));
    good.end();
    listed.end();
    const preview = new SealedWriter(job.preview.path, job.key, job.preview.name);
    preview.frame(Buffer.from(JSON.stringify(reader.preview)));
    preview.end();
    return reading;
  } catch (error) {
    good.abandon();
    listed.abandon();
    throw error;
  }
}

type Told = Pick<Reading, 'kind' | 'encoding' | 'delimiter' | 'sheet'>;

/** Holds the first rows back until the columns are known, then judges row by row. */
class RowReader {
  readonly #job: ReadJob;
  readonly #good: SealedWriter;
  readonly #listedFile: SealedWriter;
  readonly #deadline: number;
  #waiting: { cells: string[]; row: number }[] | null = [];
  #checker: RowChecker | null = null;
  #columns: FoundColumns | null = null;
  #listed: ListedRow[] = [];
  /** The rows at hand come from a block in which something is odd. */
  suspect = true;
  rows = 0;

  constructor(job: ReadJob, good: SealedWriter, listed: SealedWriter) {
    this.#job = job;
    this.#good = good;
    this.#listedFile = listed;
    this.#deadline = performance.now() + job.limits.seconds * 1000;
  }

  get preview(): RowChecker['preview'] {
    return this.#checker?.preview ?? [];
  }

  take(cells: readonly string[], row: number): void {
    if (this.#checker !== null) {
      this.#judge(cells, row);
      return;
    }
    if (cells.every((cell) => cell.trim() === '')) return;
    this.#waiting?.push({ cells: [...cells], row });
    if ((this.#waiting?.length ?? 0) > SAMPLE_ROWS) this.#begin();
  }

  #judge(cells: readonly string[], row: number): void {
    this.rows += 1;
    const { limits } = this.#job;
    if (this.rows > limits.rows) throw new FileRefusal('too_many_rows', { limit: limits.rows });
    if ((this.rows & 0x3fff) === 0 && performance.now() > this.#deadline) {
      throw new FileRefusal('too_slow', { limit: limits.seconds });
    }
    this.#checker?.take(cells, row, this.suspect);
  }

  #begin(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    if (waiting.length === 0) throw new FileRefusal('empty_file');
    const { job, columns } = { job: this.#job, columns: this.#job.columns };
    const rules = rulesOf(job.rules);
    const fields = rules.fields.map(({ name }) => name);
    const found = findColumns(
      waiting.map(({ cells }) => cells),
      fields,
      columns,
    );
    if ('code' in found) {
      const missing = 'missing' in found ? found.missing.join('、') : '';
      throw new FileRefusal(found.code, { names: found.names.join('、'), missing }, found.names);
    }
    this.#columns = found;
    const checker = new RowChecker({
      rules,
      columns: found,
      allowDuplicates: job.allowDuplicates,
      onChunk: (content) => this.#good.frame(Buffer.from(encodeChunk(content))),
      onListed: (row) => this.#list(row),
    });
    for (const place of job.earlier) {
      for (const { content } of readSealed(place.path, job.key, place.name)) {
        checker.meet(decodeChunk(content.toString()).numbers);
      }
    }
    this.#checker = checker;
    for (const { cells, row } of found.hasHeader ? waiting.slice(1) : waiting) this.#judge(cells, row);
  }

  #list(row: ListedRow): void {
    this.#listed.push(row);
    if (this.#listed.length === LISTED_ROWS) this.#flushListed();
  }

  #flushListed(): void {
    this.#listedFile.frame(Buffer.from(JSON.stringify(this.#listed)));
    this.#listed = [];
  }

  end(told: Told, took: number): Reading {
    if (this.#checker === null) this.#begin();
    const checker = this.#checker as RowChecker;
    const columns = this.#columns as FoundColumns;
    checker.end();
    if (this.#listed.length > 0) this.#flushListed();
    if (checker.rows === 0) throw new FileRefusal('empty_file');
    const { rows, good, bad, duplicates, flagged, repairs, partCount, longest, telecoms } = checker;
    const fields = rulesOf(this.#job.rules).fields;
    return {
      ...told,
      hasHeader: columns.hasHeader,
      columns: [...columns.names],
      phoneColumn: columns.names[columns.phone] as string,
      phoneBy: columns.phoneBy,
      fieldColumns: Object.fromEntries(
        fields.map(({ name }, at) => [name, columns.names[columns.fields[at] as number] as string]),
      ),
      rows,
      good,
      bad,
      duplicates,
      flagged,
      repairs,
      partCount,
      longest,
      telecoms,
      problems: [...checker.problems.values()],
      warnings: [...checker.warnings.values()],
      parts: checker.partsOfRows,
      took,
    };
  }
}

function readText(job: ReadJob, reader: RowReader, onProgress: (bytes: number, rows: number) => void): Told {
  const decoder = new TextDecoder(job.encoding);
  let delimiter = job.delimiter;
  let scanner: CsvScanner | null = null;
  let bytes = 0;
  const write = (text: string): void => {
    if (scanner === null) {
      delimiter ??= findDelimiter(text.slice(0, SAMPLE_TEXT));
      scanner = new CsvScanner(delimiter, job.limits, (cells, row) => reader.take(cells, row));
    }
    // A row may begin in the block before, so that what is odd there counts for this one too.
    const isOdd = LOST.test(text) || text.includes('?');
    reader.suspect = isOdd || wasOdd;
    wasOdd = isOdd;
    scanner.write(text);
  };
  let wasOdd = false;
  try {
    for (const { content } of readSealed(job.upload.path, job.key, job.upload.name)) {
      const text = decoder.decode(content, { stream: true });
      if (text !== '') write(text);
      bytes += content.length;
      onProgress(bytes, reader.rows);
    }
    const rest = decoder.decode();
    if (rest !== '') write(rest);
    (scanner as CsvScanner | null)?.end();
  } catch (error) {
    if (error instanceof CsvProblem) throw new FileRefusal(error.fault, { row: error.row });
    throw error;
  }
  return { kind: 'text', encoding: job.encoding, delimiter, sheet: null };
}

async function readWorkbook(
  job: ReadJob,
  reader: RowReader,
  onProgress: (bytes: number, rows: number) => void,
): Promise<Told> {
  const pieces: Buffer[] = [];
  for (const { content } of readSealed(job.upload.path, job.key, job.upload.name)) pieces.push(content);
  const bytes = Buffer.concat(pieces);
  const kind: FileKind = await guardWorkbook(bytes, job.limits);
  try {
    for await (const { row, cells } of workbookRows(bytes, kind)) {
      if (cells.length > job.limits.columns) throw new FileRefusal('too_many_columns', { row });
      reader.take(cells, row);
      if (reader.rows % 10_000 === 0) onProgress(0, reader.rows);
    }
  } catch (error) {
    if (error instanceof FileRefusal) throw error;
    throw new FileRefusal('workbook_broken');
  }
  return { kind, encoding: null, delimiter: null, sheet: null };
}
