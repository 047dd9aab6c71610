/**
 * Delimited text, cell by cell, in one pass over blocks of any size. A row is a record, as a spreadsheet counts it: blank
 * lines count, line breaks within quotes do not. 1 ns a character: quotes are looked at only where there are any.
 */
export interface CsvLimits {
  /** Longest row, in UTF-16 units. */
  readonly rowLength: number;
  readonly columns: number;
}

export type CsvFault = 'row_too_long' | 'too_many_columns' | 'quote_open';

/** A file that cannot be told into rows from this row on. */
export class CsvProblem extends Error {
  readonly fault: CsvFault;
  readonly row: number;
  constructor(fault: CsvFault, row: number) {
    super(`${fault} in row ${row}`);
    this.fault = fault;
    this.row = row;
  }
}

const LF = 10;
const CR = 13;
const QUOTE = 34;

export class CsvScanner {
  readonly #delimiter: number;
  readonly #limits: CsvLimits;
  readonly #onRow: (cells: readonly string[], row: number) => void;
  #rest = '';
  #row = 0;

  /** `onRow` gets the cells of a row and its number, from 1; the array is used again for the next row. */
  constructor(delimiter: string, limits: CsvLimits, onRow: (cells: readonly string[], row: number) => void) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#limits = limits;
    this.#onRow = onRow;
  }

  write(block: string): void {
    const text = this.#rest + block;
    const read = this.#scan(text, false);
    this.#rest = text.slice(read);
    if (this.#rest.length > this.#limits.rowLength) {
      const isQuoted = this.#rest.includes('"');
      throw new CsvProblem(isQuoted ? 'quote_open' : 'row_too_long', this.#row + 1);
    }
  }

  end(): void {
    const text = this.#rest;
    this.#rest = '';
    if (text !== '') this.#scan(text, true);
  }

  /** Tells whole rows; answers where the first row begins that is not whole. */
  #scan(text: string, isLast: boolean): number {
    const delimiter = this.#delimiter;
    const { length } = text;
    const cells: string[] = [];
    let rowStart = 0;
    let cellStart = 0;
    let count = 0;
    let at = 0;
    let isClosed = false;
    while (at < length) {
      const unit = text.charCodeAt(at);
      if (unit === QUOTE && at === cellStart) {
        const end = closingQuote(text, at);
        if (end === -1) {
          if (isLast) throw new CsvProblem('quote_open', this.#row + 1);
          return rowStart;
        }
        // What stands between the quote and the next delimiter is kept, as spreadsheets do.
        let stop = end + 1;
        while (stop < length && !isEnd(text.charCodeAt(stop), delimiter)) stop += 1;
        if (stop === length && !isLast) return rowStart;
        cells[count] = text.slice(at + 1, end).replaceAll('""', '"') + text.slice(end + 1, stop);
        count += 1;
        at = stop;
        if (at === length) {
          isClosed = true;
          break;
        }
        if (text.charCodeAt(at) === delimiter) {
          at += 1;
          cellStart = at;
          continue;
        }
      } else if (unit === delimiter) {
        cells[count] = text.slice(cellStart, at);
        count += 1;
        at += 1;
        cellStart = at;
        continue;
      } else if (unit === LF || unit === CR) {
        cells[count] = text.slice(cellStart, at);
        count += 1;
      } else {
        at += 1;
        continue;
      }
      // The end of a row: LF, CR LF or CR.
      if (text.charCodeAt(at) === CR) {
        if (at + 1 === length && !isLast) return rowStart;
        if (text.charCodeAt(at + 1) === LF) at += 1;
      }
      at += 1;
      this.#tell(cells, count);
      rowStart = at;
      cellStart = at;
      count = 0;
    }
    if (!isLast) return rowStart;
    if (rowStart === length) return length;
    if (!isClosed) cells[count++] = text.slice(cellStart);
    this.#tell(cells, count);
    return length;
  }

  #tell(cells: string[], count: number): void {
    this.#row += 1;
    if (count > this.#limits.columns) throw new CsvProblem('too_many_columns', this.#row);
    cells.length = count;
    this.#onRow(cells, this.#row);
  }
}

const isEnd = (unit: number, delimiter: number): boolean => unit === delimiter || unit === LF || unit === CR;

/** The quote that closes the one at `open`; -1 where it is not in the text, or might be the first of two. */
function closingQuote(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at !== -1; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
  }
  return -1;
}

const DELIMITERS = [',', '\t', ';', '|', '，', '、'] as const;

/** The delimiter of a text by its first lines: the one that parts all of them into the same, greatest number of cells. */
export function findDelimiter(sample: string): string {
  const lines = sample
    .replaceAll(/"(?:[^"]|"")*"/gu, '""')
    .split(/\r\n|\n|\r/u)
    .filter((line) => line.trim() !== '')
    .slice(0, 20);
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const counts = lines.map((line) => line.split(delimiter).length - 1);
    const first = counts[0] ?? 0;
    const alike = counts.filter((count) => count === first).length / Math.max(1, counts.length);
    const score = first === 0 ? 0 : alike * 100 + first;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}
