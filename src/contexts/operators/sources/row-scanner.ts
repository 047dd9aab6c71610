import { isUtf8 } from 'node:buffer';
import { trimCell, writeNumber } from './cell-bytes.ts';
import { fitForm } from './clean-form.ts';
import type { ReadLimits } from './limits.ts';
import { completeUtf8, endsLine, firstLineText, INCOMPLETE, lineEnd } from './line-bytes.ts';
import { type Problem, problem } from './problems.ts';

/** The byte that parts cells in canonical rows; a control character, so no cell can hold it and nothing is quoted. */
export const CELL_END = 0x1f;

const LF = 10;
const CR = 13;
const QUOTE = 34;
const EQUALS = 61;
const SPACE = 32;
const TAB = 9;
const FLUSH_BYTES = 1 << 20;
const REPLACEMENT = Buffer.from('\uFFFD');
/** Up to so many unreadable characters a row is kept with a note; more means another encoding. */
const TOLERATED_REPLACEMENTS = 2;

const PLAIN = 0;
const STOP = 1; // separator, LF, CR
const SOFT = 2; // tab, vertical tab, form feed: a space in disguise
const HARD = 3; // any other control character
const BROKEN = -2;

/** A row that is left out, or kept with a note. */
export interface BrokenRow {
  line: number;
  problem: Problem;
  /** The beginning of the line, at most 200 characters. */
  text: string;
  kept: boolean;
}

/** A row as the scanner leaves it: `cell(i)` decodes, `count` is the number of cells. Valid during the call only. */
export interface ScannedRow {
  line: number;
  count: number;
  cell(index: number): string;
}

/** What the scanner tells while it runs. */
export interface RowSink {
  /** Canonical bytes, whole rows; valid during the call only. */
  write(rows: Buffer): void;
  /** One row that does not fit the clean forms; without it such rows are written among the others. */
  unclean?(row: Buffer): void;
  broken(row: BrokenRow): void;
  /**
   * Asked for each row while set: `check` compares the count of cells as usual, `skip` leaves the row out without a
   * word, a problem rejects it. Leave undefined for the fast path.
   */
  inspect?: ((row: ScannedRow) => 'check' | 'skip' | Problem) | undefined;
}

export interface ScannerOptions {
  separator: ',' | '\t' | ';';
  sink: RowSink;
  limits: ReadLimits;
  /** Cells of a whole row; undefined accepts any number. */
  columns?: number | undefined;
  /** For each column whether it is wanted; undefined keeps all. Unwanted cells never reach the output. */
  keep?: readonly boolean[] | undefined;
  /** For each column the form (see clean-form.ts) that a row must fit to be written as clean; none: every row is. */
  forms?: { columns: readonly number[]; today: number } | undefined;
  /** Rows up to this line are left out (titles and header). */
  skipLines?: number | undefined;
  /** Named in messages; bytes must be valid UTF-8 where it is utf-8, else U+FFFD marks what could not be decoded. */
  encoding: string;
}

/**
 * Cuts UTF-8 bytes into rows and cells in one pass and constant memory, and writes canonical rows:
 * the line number, then the wanted cells trimmed, each behind a CELL_END, and a line feed; line ends inside a cell become spaces.
 * A broken row costs its first line only: scanning resumes at the next line, so an open quote swallows nothing.
 * 300 MB take about a second: one look-up per byte, no string per cell.
 */
export class RowScanner {
  rows = 0;
  rejected = 0;
  line = 1;
  #carry: Buffer = Buffer.alloc(0);
  #skipping = false;
  #sawContent = false;
  readonly #out: Buffer;
  #o = 0;
  #position = 0;
  #failure: Problem | undefined;
  #linesInRow = 0;
  #cells = 0;
  #extraFilled = false;
  #anyFilled = false;
  #clean = true;
  readonly #forms: Uint8Array | undefined;
  readonly #today: number;
  readonly #ends: Int32Array;
  readonly #kinds = new Uint8Array(256);
  readonly #quotedKinds = new Uint8Array(256);
  readonly #separator: number;
  readonly #keep: Uint8Array;
  readonly #columns: number;
  readonly #options: ScannerOptions;
  readonly #utf8: boolean;

  constructor(options: ScannerOptions) {
    this.#options = options;
    const { limits } = options;
    this.#separator = options.separator.charCodeAt(0);
    this.#out = Buffer.allocUnsafe(FLUSH_BYTES + 2 * limits.rowBytes + 16 * limits.columns + 4096);
    this.#ends = new Int32Array(limits.columns + 2);
    this.#columns = options.columns ?? -1;
    this.#utf8 = options.encoding === 'utf-8';
    this.#keep = new Uint8Array(limits.columns + 2).fill(options.keep ? 0 : 1);
    options.keep?.forEach((kept, index) => {
      this.#keep[index] = kept ? 1 : 0;
    });
    this.#today = options.forms?.today ?? 0;
    if (options.forms !== undefined) {
      this.#forms = new Uint8Array(limits.columns + 2);
      this.#forms.set(options.forms.columns);
    }
    this.#kinds.fill(HARD, 0, SPACE);
    this.#kinds[127] = HARD;
    this.#kinds[TAB] = this.#kinds[11] = this.#kinds[12] = SOFT;
    this.#quotedKinds.set(this.#kinds);
    this.#quotedKinds[LF] = this.#quotedKinds[CR] = SOFT;
    this.#quotedKinds[QUOTE] = STOP;
    this.#kinds[LF] = this.#kinds[CR] = this.#kinds[this.#separator] = STOP;
  }

  /** Takes the next bytes; they may end anywhere. */
  push(chunk: Buffer): void {
    const window = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    this.#scan(window, false);
  }

  /** Takes the last row and hands over what is left. */
  end(): void {
    // A DOS end-of-file mark behind the last line is no cell.
    const last = this.#carry.at(-1) === 0x1a ? this.#carry.subarray(0, -1) : this.#carry;
    this.#scan(last, true);
    this.#flush();
  }

  /** True when anything but blanks and separators was seen. */
  get sawContent(): boolean {
    return this.#sawContent;
  }

  #scan(window: Buffer, last: boolean): void {
    const { limits } = this.#options;
    const end = window.length;
    let at = 0;
    const suspect = this.#suspicious(window, last);
    while (at < end) {
      if (this.#skipping) {
        const next = lineEnd(window, at, last);
        if (next === INCOMPLETE) {
          at = end;
          break;
        }
        this.#skipping = false;
        this.line += 1;
        at = next;
        continue;
      }
      const outcome = this.#row(window, at, last);
      if (outcome === INCOMPLETE) {
        if (end - at <= limits.rowBytes) break;
        this.#reject(window, at, problem('row_too_long', { limit: limits.rowBytes }));
        this.#skipping = true;
        continue;
      }
      if (outcome === BROKEN && !last && end - at < 1024 && lineEnd(window, at, false) === INCOMPLETE) break;
      if (outcome === BROKEN || this.#position - at > limits.rowBytes) {
        const tooLong = this.#position - at > limits.rowBytes && outcome !== BROKEN;
        const found = tooLong ? problem('row_too_long', { limit: limits.rowBytes }) : this.#failure!;
        this.#reject(window, at, found);
        this.#skipping = true; // resumes at the next physical line
        continue;
      }
      if (this.#finish(window, at, this.#position, suspect, last)) {
        at = this.#position;
        this.line += this.#linesInRow;
      } else this.#skipping = true;
      if (this.#o >= FLUSH_BYTES) this.#flush();
    }
    this.#carry = at >= end ? Buffer.alloc(0) : Buffer.from(window.subarray(at));
  }

  /** Scans one row from `from` into the output. Sets position, cells and lines; leaves the output uncommitted. */
  #row(buffer: Buffer, from: number, last: boolean): number {
    const { limits } = this.#options;
    const out = this.#out;
    const kinds = this.#kinds;
    const forms = this.#forms;
    let clean = true;
    const quotedKinds = this.#quotedKinds;
    const separator = this.#separator;
    const length = buffer.length;
    let at = from;
    let o = writeNumber(out, this.#o, this.line);
    let cells = 0;
    let lines = 1;
    this.#anyFilled = false;
    this.#extraFilled = false;
    for (;;) {
      out[o++] = CELL_END;
      const start = o;
      const first = at < length ? buffer[at]! : 0;
      if (first === QUOTE || (first === EQUALS && at + 1 < length && buffer[at + 1] === QUOTE)) {
        at += first === QUOTE ? 1 : 2;
        const opened = at;
        const firstLine = lines;
        const roof = Math.min(length, opened + limits.cellBytes);
        for (;;) {
          while (at < roof) {
            const byte = buffer[at]!;
            if (quotedKinds[byte] !== PLAIN) break;
            out[o++] = byte;
            at += 1;
          }
          if (at >= roof) {
            if (roof === length && !last) return INCOMPLETE;
            return this.#fail(problem('unclosed_quote'));
          }
          const byte = buffer[at++]!;
          if (byte === QUOTE) {
            if (at >= length && !last) return INCOMPLETE;
            if (buffer[at] !== QUOTE) break;
            out[o++] = QUOTE;
            at += 1;
            continue;
          }
          if (quotedKinds[byte] === HARD) return this.#fail(problem('control_character'));
          out[o++] = SPACE;
          if (byte !== LF && byte !== CR) continue;
          if (byte === CR) {
            if (at >= length && !last) return INCOMPLETE;
            if (buffer[at] === LF) at += 1;
          }
          lines += 1;
          if (lines - firstLine > limits.cellLines) return this.#fail(problem('unclosed_quote'));
        }
        while (at < length && buffer[at] === SPACE) at += 1;
        if (at < length && kinds[buffer[at]!] !== STOP) return this.#fail(problem('text_after_quote'));
      } else {
        for (;;) {
          while (at < length) {
            const byte = buffer[at]!;
            if (kinds[byte] !== PLAIN) break;
            out[o++] = byte;
            at += 1;
          }
          if (at >= length || kinds[buffer[at]!] === STOP) break;
          if (kinds[buffer[at]!] === HARD) return this.#fail(problem('control_character'));
          out[o++] = SPACE;
          at += 1;
        }
      }
      if (at >= length && !last) return INCOMPLETE;
      if (o > start) {
        const head = out[start]!;
        const tail = out[o - 1]!;
        if (
          head <= EQUALS ||
          head >= 0xc2 ||
          tail <= SPACE ||
          tail === 0x80 ||
          tail === 0xa0 ||
          tail === 0xbf
        )
          o = trimCell(out, start, o);
        if (o > start) {
          this.#anyFilled = true;
          if (cells >= this.#columns) this.#extraFilled = true;
        }
      }
      if (cells > limits.columns)
        return this.#fail(problem('too_many_columns', { found: cells, limit: limits.columns }));
      if (clean && forms !== undefined) {
        const fitted = fitForm(out, start, o, forms[cells]!, this.#today);
        if (fitted < 0) clean = false;
        else o = fitted;
      }
      if (this.#keep[cells] === 0) o = start - 1;
      this.#ends[cells] = o;
      cells += 1;
      if (at >= length) break;
      const stop = buffer[at++]!;
      if (stop === separator) continue;
      if (stop === CR) {
        if (at >= length && !last) return INCOMPLETE;
        if (buffer[at] === LF) at += 1;
      }
      break;
    }
    this.#position = at;
    this.#cells = cells;
    this.#linesInRow = lines;
    this.#clean = clean;
    return at;
  }

  #fail(found: Problem): number {
    this.#failure = found;
    return BROKEN;
  }

  /** Commits or rejects the scanned row. False: it was rejected and spans lines, so scanning goes on at its second line. */
  #finish(buffer: Buffer, from: number, to: number, suspect: boolean, last: boolean): boolean {
    const { sink, skipLines = 0, encoding } = this.#options;
    if (this.line <= skipLines || !this.#anyFilled) return true;
    this.#sawContent = true;
    const columns = this.#columns;
    const end = this.#ends[(columns >= 0 ? Math.min(columns, this.#cells) : this.#cells) - 1]!;
    const damaged = suspect ? this.#damage(buffer, from, to) : 0;
    if (damaged > TOLERATED_REPLACEMENTS) {
      this.#reject(buffer, from, problem('bad_encoding', { encoding }));
      return this.#linesInRow === 1;
    }
    const verdict = sink.inspect === undefined ? 'check' : sink.inspect(this.#view());
    if (verdict === 'skip') return true;
    if (verdict !== 'check') {
      this.#reject(buffer, from, verdict);
      return this.#linesInRow === 1;
    }
    if (this.#cells !== columns && columns >= 0 && (this.#cells < columns || this.#extraFilled)) {
      const cut = last && to >= buffer.length && this.#cells < columns && !endsLine(buffer, to);
      const values = { found: this.#cells, wanted: columns };
      this.#reject(buffer, from, problem(cut ? 'truncated_last_line' : 'column_count', values));
      return this.#linesInRow === 1;
    }
    if (damaged > 0)
      this.#reject(buffer, from, problem('replaced_character', { found: damaged, encoding }), true);
    this.#out[end] = LF;
    this.rows += 1;
    if (this.#clean || sink.unclean === undefined) this.#o = end + 1;
    else sink.unclean(this.#out.subarray(this.#o, end + 1));
    return true;
  }

  #view(): ScannedRow {
    const ends = this.#ends;
    const out = this.#out;
    const prefix = writeNumber(out, this.#o, this.line);
    return {
      line: this.line,
      count: this.#cells,
      cell: (index) => {
        if (index >= this.#cells) return '';
        const start = index === 0 ? prefix : ends[index - 1]!;
        return out.toString('utf8', Math.min(start + 1, ends[index]!), ends[index]);
      },
    };
  }

  #reject(buffer: Buffer, from: number, found: Problem, kept = false): void {
    this.#sawContent = true;
    if (this.line <= (this.#options.skipLines ?? 0)) return;
    if (!kept) this.rejected += 1;
    const text = firstLineText(buffer, from);
    this.#options.sink.broken({ line: this.line, problem: found, text, kept });
  }

  /** Whether some row of the window may hold bytes of another encoding. */
  #suspicious(window: Buffer, last: boolean): boolean {
    if (!this.#utf8) return window.includes(REPLACEMENT);
    return !isUtf8(last ? window : completeUtf8(window));
  }

  /** How many characters of a row could not be read; any byte that is not UTF-8 counts as beyond tolerance. */
  #damage(buffer: Buffer, from: number, to: number): number {
    const row = buffer.subarray(from, to);
    if (this.#utf8) return isUtf8(row) ? 0 : Infinity;
    let found = 0;
    for (let at = row.indexOf(REPLACEMENT); at >= 0; at = row.indexOf(REPLACEMENT, at + 3)) found += 1;
    return found;
  }

  #flush(): void {
    if (this.#o > 0) this.#options.sink.write(this.#out.subarray(0, this.#o));
    this.#o = 0;
  }
}
