import { isUtf8 } from 'node:buffer';
import { cleanForms, hasForm } from './clean-form.ts';

const LF = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const DELETE = 127;
/** Bytes of odd lines kept at most; a file with more of them is not worth the shortcut. */
const ODD_BYTES = 32 << 20;

/** What a whole row of the file looks like. */
export interface PlainShape {
  /** Columns of the file. */
  columns: number;
  /** For each column whether it is wanted, and its form (see clean-form.ts). */
  keep: readonly boolean[];
  forms: readonly number[];
  /** yyyymmdd after which a day lies in the future. */
  today: number;
  /** Bytes of a line at most. */
  lineBytes: number;
  /** For each column its place among the cells that are handed on, or -1. */
  places: readonly number[];
}

/** Takes the lines that are not odd. */
export interface PlainRows {
  /** The wanted cells of a line: cell `i` stands in `source` from `bounds[2 i]` to `bounds[2 i + 1]`; `words` is a view of it. */
  add(line: number, source: Buffer, words: DataView, bounds: Int32Array): void;
}

/** A line that needs the full reader, without its line end. */
export interface OddLine {
  line: number;
  bytes: Uint8Array;
}

/**
 * Cuts a UTF-8 file of comma-separated lines apart, provided that it is so plain that any reader of CSV finds the same
 * rows and cells in it; any other file is left to the full reader.
 * Plain means: valid UTF-8; one kind of line end; no other control character; quotes only around whole cells and doubled
 * inside; no line end inside a cell; every line with as many cells as the header, which is line 1.
 * A line of a plain file whose cells do not all fit their forms, or are not trimmed, is odd and left to the full reader.
 */
export class PlainCheck {
  /** Lines seen, the header included. */
  lines = 0;
  readonly odd: OddLine[] = [];
  #oddBytes = 0;
  #carriageReturns: boolean | undefined;
  readonly #shape: PlainShape;
  readonly #keep: Uint8Array;
  readonly #forms: Uint8Array;
  /** Whether a blank cell makes a line odd. */
  readonly #needed: Uint8Array;
  readonly #places: Int16Array;
  readonly #bounds: Int32Array;
  readonly #rows: PlainRows;

  constructor(shape: PlainShape, rows: PlainRows) {
    this.#shape = shape;
    this.#rows = rows;
    this.#places = Int16Array.from(shape.places);
    this.#bounds = new Int32Array(2 * (1 + Math.max(-1, ...shape.places)));
    this.#keep = Uint8Array.from(shape.keep, Number);
    this.#forms = Uint8Array.from(shape.forms);
    this.#needed = Uint8Array.from(shape.forms, (form, cell) =>
      Number(shape.keep[cell] === true && !hasForm(new Uint8Array(), 0, 0, form, 0)),
    );
  }

  /** How lines end here; goes behind the last one where it has no end. */
  get lineEnd(): string {
    return this.#carriageReturns === true ? '\r\n' : '\n';
  }

  /** Takes whole lines, the last one ended as well. False: the file is not plain, and nothing more is to be given. */
  take(lines: Buffer): boolean {
    if (lines.length === 0) return true;
    if (lines[lines.length - 1] !== LF || !isUtf8(lines)) return false;
    const words = new DataView(lines.buffer, lines.byteOffset, lines.length);
    let at = 0;
    while (at < lines.length) {
      at = this.#line(lines, words, at);
      if (at < 0) return false;
    }
    return true;
  }

  /** Judges the line at `from`; answers the position behind its end, or -1 where the file is not plain. */
  #line(bytes: Buffer, words: DataView, from: number): number {
    const { columns, today, lineBytes } = this.#shape;
    const keep = this.#keep;
    const needed = this.#needed;
    const forms = this.#forms;
    const places = this.#places;
    const bounds = this.#bounds;
    const isHeader = this.lines === 0;
    let at = from;
    let isOdd = false;
    for (let cell = 0; ; cell += 1) {
      if (cell >= columns) return -1;
      const first = bytes[at]!;
      if (first === COMMA) {
        if (needed[cell] === 1) isOdd = true;
        const place = places[cell]!;
        if (place >= 0) bounds[2 * place] = bounds[2 * place + 1] = at;
        at += 1;
        continue;
      }
      const quoted = first === QUOTE;
      if (quoted) at += 1;
      const start = at;
      if (quoted) {
        // The last byte of the buffer is a line feed, so that every search ends inside it.
        for (;;) {
          at = skip(bytes, words, at, QUOTE);
          if (bytes[at] !== QUOTE) return -1;
          if (bytes[at + 1] !== QUOTE) break;
          isOdd = true;
          at += 2;
        }
      } else at = skip(bytes, words, at, COMMA);
      const end = at;
      if (quoted) at += 1;
      if (keep[cell] === 1 && !isHeader && !isOdd) {
        const form = forms[cell]!;
        if (end - start === 1 && bytes[start] === SPACE && !quoted)
          isOdd = !hasForm(bytes, start, start, form, today); // a blank alone is read as nothing
        else if (end > start && isPadded(bytes, start, end)) isOdd = true;
        else if (form !== cleanForms.any && !hasForm(bytes, start, end, form, today)) isOdd = true;
      }
      const place = places[cell]!;
      if (place >= 0) {
        bounds[2 * place] = start;
        bounds[2 * place + 1] = end - start === 1 && bytes[start] === SPACE ? start : end;
      }
      const stop = bytes[at]!;
      at += 1;
      if (stop === COMMA) continue;
      if (cell + 1 !== columns || !this.#endsLine(stop, bytes[at])) return -1;
      if (stop === CR) at += 1;
      break;
    }
    if (at - from > lineBytes) return -1;
    this.lines += 1;
    if (isHeader) return at;
    if (isOdd) return this.#keepOdd(bytes.subarray(from, at)) ? at : -1;
    this.#rows.add(this.lines, bytes, words, bounds);
    return at;
  }

  /** Whether a line ends here, as the lines before it did. */
  #endsLine(stop: number, next: number | undefined): boolean {
    const isPair = stop === CR && next === LF;
    if (stop !== LF && !isPair) return false;
    this.#carriageReturns ??= isPair;
    return this.#carriageReturns === isPair;
  }

  #keepOdd(line: Buffer): boolean {
    this.#oddBytes += line.length;
    if (this.#oddBytes > ODD_BYTES) return false;
    this.odd.push({ line: this.lines, bytes: Uint8Array.from(line) });
    return true;
  }
}

const ONES = 0x01010101;
const DELETES = 0x7f7f7f7f;
const HIGH_BITS = 0x80808080;

/**
 * The first byte from `at` on that is a control character, DELETE, a quote or, with `last` a comma, a comma. Four bytes
 * at a time while none of them is DELETE or up to `last`: a third of the time of one at a time. One is always found: the
 * last byte is a line feed.
 */
function skip(bytes: Buffer, words: DataView, from: number, last: typeof QUOTE | typeof COMMA): number {
  const least = ONES * (last + 1);
  const roof = bytes.length - 4;
  let at = from;
  for (;;) {
    while (at <= roof) {
      const word = words.getInt32(at, true);
      const other = word ^ DELETES;
      if ((((word - least) & ~word) | ((other - ONES) & ~other)) & HIGH_BITS) break;
      at += 4;
    }
    const stop = Math.min(at + 4, bytes.length);
    for (; at < stop; at += 1) {
      const byte = bytes[at]!;
      if (byte < SPACE || byte === QUOTE || byte === DELETE || byte === last) return at;
    }
  }
}

/** Whether a cell begins or ends with a blank: ASCII, U+00A0, U+3000, U+FEFF. */
function isPadded(bytes: Buffer, start: number, end: number): boolean {
  const head = bytes[start]!;
  const tail = bytes[end - 1]!;
  if (head <= SPACE || tail <= SPACE) return true;
  if (head < 0x80 && tail < 0x80) return false;
  if (head === 0xc2 && bytes[start + 1] === 0xa0) return true;
  if ((head === 0xe3 || head === 0xef) && isWideBlank(bytes, start)) return true;
  if (tail === 0xa0 && bytes[end - 2] === 0xc2) return true;
  return (tail === 0x80 || tail === 0xbf) && isWideBlank(bytes, end - 3);
}

const isWideBlank = (bytes: Buffer, at: number): boolean =>
  (bytes[at] === 0xe3 && bytes[at + 1] === 0x80 && bytes[at + 2] === 0x80) ||
  (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf);
