/** The rejected rows and cells as CSV (RFC 4180, UTF-8 with the mark that spreadsheets need). */
import { safeCell } from './safe-cell.ts';
import type { RejectedCell } from './workbook.ts';

const headers = ['file', 'row', 'column', 'value', 'reason', 'code', 'row_kept', 'reason_en'];

/** The lines of the file. */
export function* rejectedCsv(rejected: readonly RejectedCell[]): Generator<string> {
  yield `\uFEFF${line(headers)}`;
  for (const cell of rejected) {
    const kept = cell.rowKept ? 'yes' : 'no';
    yield line([cell.file, cell.row, cell.column, cell.value, cell.zh, cell.code, kept, cell.en]);
  }
}

function line(cells: readonly (string | number | null)[]): string {
  const quoted = cells.map((cell) => {
    if (cell === null) return '';
    const text = typeof cell === 'number' ? String(cell) : safeCell(cell);
    return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${quoted.join(',')}\r\n`;
}
