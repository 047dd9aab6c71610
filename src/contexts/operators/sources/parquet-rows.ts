import { closeSync, openSync, writeSync } from 'node:fs';
import { type Field, structure, types } from './thrift-compact.ts';

/**
 * Rows of text on their way to the database, as Parquet files: what a thread has cut apart already costs the database a
 * quarter of reading it from CSV once more. The plainest form of the format there is: no compression, no dictionary,
 * one page a column chunk, every column required. Source: apache/parquet-format, `Encodings.md` and `parquet.thrift`.
 */

const MAGIC = Buffer.from('PAR1');
/** Rows of one group; the database reads a group at a time. */
const GROUP_ROWS = 61_440;
/** Groups of one file; more files let the database begin earlier. */
const FILE_GROUPS = 4;
const INT32 = 1;
const BYTE_ARRAY = 6;
const UTF8 = 0;
const PLAIN = 0;
const RLE = 3;

/** The column of line numbers. */
export const LINE_COLUMN = 'r';

/** One column of a group: its values as Parquet writes them, and where the next one goes. */
class TextColumn {
  bytes = Buffer.allocUnsafe(1 << 20);
  length = 0;
  #words = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);

  /** Adds the text from `from` to `to`. */
  add(source: Buffer, words: DataView, from: number, to: number): void {
    const size = to - from;
    let at = this.length;
    if (at + size + 8 > this.bytes.length) this.#grow(at + size + 8);
    const own = this.#words;
    own.setInt32(at, size, true);
    at += 4;
    let next = from;
    // Four bytes at a time, up to three beyond the end, which the next value covers.
    const roof = Math.min(to, source.length - 3);
    for (; next < roof; next += 4, at += 4) own.setInt32(at, words.getInt32(next, true), true);
    for (; next < to; next += 1, at += 1) this.bytes[at] = source[next]!;
    this.length += 4 + size;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.bytes.length));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
    this.#words = new DataView(larger.buffer, larger.byteOffset, larger.length);
  }
}

/** A column chunk that stands in the file. */
interface Chunk {
  name: string;
  type: number;
  offset: number;
  bytes: number;
}

interface Group {
  rows: number;
  chunks: Chunk[];
}

/** Writes lines and their cells into Parquet files `<prefix>-0.parquet`, `<prefix>-1.parquet` …, one after the other. */
export class ParquetRows {
  readonly #prefix: string;
  readonly #names: readonly string[];
  readonly #columns: readonly TextColumn[];
  readonly #onFile: (path: string) => void;
  readonly #lines = new Int32Array(GROUP_ROWS);
  #rows = 0;
  #groups: Group[] = [];
  #file: { descriptor: number; path: string; size: number } | undefined;
  #files = 0;

  /** `onFile` hears of each file that is whole. */
  constructor(prefix: string, names: readonly string[], onFile: (path: string) => void) {
    this.#prefix = prefix;
    this.#names = names;
    this.#columns = names.map(() => new TextColumn());
    this.#onFile = onFile;
  }

  /** Adds a row: the text of column `i` stands in `source` from `bounds[2 i]` to `bounds[2 i + 1]`; `words` is a view of it. */
  add(line: number, source: Buffer, words: DataView, bounds: Int32Array): void {
    const columns = this.#columns;
    for (let column = 0; column < columns.length; column += 1)
      columns[column]!.add(source, words, bounds[2 * column]!, bounds[2 * column + 1]!);
    this.#lines[this.#rows] = line;
    this.#rows += 1;
    if (this.#rows === GROUP_ROWS) this.#endGroup();
  }

  /** Writes what is left. */
  end(): void {
    if (this.#rows > 0) this.#endGroup();
    this.#endFile();
  }

  /** Closes the file under way; what it holds is of no use. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file.descriptor);
    this.#file = undefined;
  }

  #endGroup(): void {
    const lines = Buffer.from(this.#lines.buffer, 0, 4 * this.#rows);
    const chunks = [this.#writeChunk(LINE_COLUMN, INT32, lines)];
    for (const [index, column] of this.#columns.entries()) {
      chunks.push(this.#writeChunk(this.#names[index]!, BYTE_ARRAY, column.bytes.subarray(0, column.length)));
      column.length = 0;
    }
    this.#groups.push({ rows: this.#rows, chunks });
    this.#rows = 0;
    if (this.#groups.length === FILE_GROUPS) this.#endFile();
  }

  /** One page, which is the whole chunk. */
  #writeChunk(name: string, type: number, values: Buffer): Chunk {
    this.#file ??= this.#open();
    const offset = this.#file.size;
    const header = structure([
      [1, types.i32, 0],
      [2, types.i32, values.length],
      [3, types.i32, values.length],
      [
        5,
        types.struct,
        [
          [1, types.i32, this.#rows],
          [2, types.i32, PLAIN],
          [3, types.i32, RLE],
          [4, types.i32, RLE],
        ],
      ],
    ]);
    this.#write(header);
    this.#write(values);
    return { name, type, offset, bytes: header.length + values.length };
  }

  #open(): { descriptor: number; path: string; size: number } {
    const path = `${this.#prefix}-${this.#files}.parquet`;
    this.#files += 1;
    this.#file = { descriptor: openSync(path, 'w', 0o600), path, size: 0 };
    this.#write(MAGIC);
    return this.#file;
  }

  #write(bytes: Buffer): void {
    const file = this.#file!;
    for (let at = 0; at < bytes.length;) at += writeSync(file.descriptor, bytes, at);
    file.size += bytes.length;
  }

  #endFile(): void {
    if (this.#file === undefined) return;
    const footer = this.#footer();
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    this.#write(Buffer.concat([footer, length, MAGIC]));
    const { path } = this.#file;
    this.close();
    this.#groups = [];
    this.#onFile(path);
  }

  #footer(): Buffer {
    const columns: Field[][] = this.#names.map((name) => [
      [1, types.i32, BYTE_ARRAY],
      [3, types.i32, 0],
      [4, types.binary, name],
      [6, types.i32, UTF8],
    ]);
    const line: Field[] = [
      [1, types.i32, INT32],
      [3, types.i32, 0],
      [4, types.binary, LINE_COLUMN],
    ];
    const root: Field[] = [
      [4, types.binary, 'rows'],
      [5, types.i32, columns.length + 1],
    ];
    const groups = this.#groups.map(groupFields);
    return structure([
      [1, types.i32, 1],
      [2, types.structs, [root, line, ...columns]],
      [3, types.i64, this.#groups.reduce((sum, group) => sum + group.rows, 0)],
      [4, types.structs, groups],
    ]);
  }
}

function groupFields({ rows, chunks }: Group): Field[] {
  return [
    [1, types.structs, chunks.map((chunk) => chunkFields(chunk, rows))],
    [2, types.i64, chunks.reduce((sum, chunk) => sum + chunk.bytes, 0)],
    [3, types.i64, rows],
  ];
}

function chunkFields({ name, type, offset, bytes }: Chunk, rows: number): Field[] {
  const data: Field[] = [
    [1, types.i32, type],
    [2, types.i32s, [PLAIN, RLE]],
    [3, types.binaries, [name]],
    [4, types.i32, 0],
    [5, types.i64, rows],
    [6, types.i64, bytes],
    [7, types.i64, bytes],
    [9, types.i64, offset],
  ];
  return [
    [2, types.i64, offset],
    [3, types.struct, data],
  ];
}
