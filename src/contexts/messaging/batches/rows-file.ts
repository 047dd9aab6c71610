/** Rows as a file for a spreadsheet: CSV in UTF-8 with a mark, or XLSX; no cell is run as a formula. */
import { Readable } from 'node:stream';
import { writeXlsxStream } from 'hucre/xlsx';

export type RowsFormat = 'csv' | 'xlsx';

export const rowsTypes: Readonly<Record<RowsFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** A spreadsheet would run it: these signs at the beginning, also behind spaces and in full width. */
const RUNS = /^[\s\p{Cf}]*[=+\-@|＝＋－＠]|^[\t\r\n]/u;
// oxlint-disable-next-line no-control-regex -- characters that XML cannot hold
const UNWRITABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/gu;

export function safeCell(cell: string): string {
  const clean = cell.toWellFormed().replaceAll(UNWRITABLE, ' ');
  return RUNS.test(clean) ? `'${clean}` : clean;
}

function csvLine(cells: readonly string[]): string {
  const written = cells.map((cell) => {
    const safe = safeCell(cell);
    return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  });
  return `${written.join(',')}\r\n`;
}

/** A stream of the file; rows are pulled as it is read. The first row is the header. */
export function rowsFile(rows: Iterable<readonly string[]>, format: RowsFormat): Readable {
  if (format === 'csv') return Readable.from(csvBlocks(rows), { objectMode: false });
  const [header, ...rest] = splitHeader(rows);
  const columns = header.map((name, at) => ({ header: safeCell(name), key: String(at) }));
  const cells = (function* () {
    for (const row of rest[0]) yield header.map((_, at) => safeCell(row[at] ?? ''));
  })();
  return Readable.fromWeb(writeXlsxStream(cells, { name: 'rows', columns }) as never);
}

function splitHeader(rows: Iterable<readonly string[]>): [readonly string[], Iterable<readonly string[]>] {
  const iterator = rows[Symbol.iterator]();
  const first = iterator.next();
  const rest = { [Symbol.iterator]: () => iterator };
  return [first.done === true ? [] : first.value, rest];
}

/** Many lines a piece: a write per row would cost more than the row. */
function* csvBlocks(rows: Iterable<readonly string[]>): Generator<Buffer> {
  let text = '\uFEFF';
  for (const row of rows) {
    text += csvLine(row);
    if (text.length > 60_000) {
      yield Buffer.from(text);
      text = '';
    }
  }
  if (text !== '') yield Buffer.from(text);
}
