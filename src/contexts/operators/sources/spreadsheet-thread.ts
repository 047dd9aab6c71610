import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { readOds } from 'hucre/ods';
import { readXlsx } from 'hucre/xlsx';
import type { SheetAnswer, SheetCellNote, SheetJob } from './spreadsheet.ts';

/** Runs in the thread that `readSheets` starts: workbook in, a CSV text for each sheet out. */

type Workbook = Awaited<ReturnType<typeof readXlsx>>;
type Sheet = Workbook['sheets'][number];
type Value = Sheet['rows'][number][number];

const job = workerData as SheetJob;

/** A number format such as 00000000 shows zeros that the number has not. */
const padded = (value: number, format: string | undefined): string => {
  const text = Number.isInteger(value) ? BigInt(value).toString() : String(value);
  return format !== undefined && /^0{2,20}$/.test(format) ? text.padStart(format.length, '0') : text;
};

const day = (date: Date): string => {
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
};

function cellText(value: Value, format: string | undefined): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? padded(value, format) : '';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return value instanceof Date ? (Number.isNaN(value.getTime()) ? '' : day(value)) : String(value);
}

const quoted = (text: string): string => {
  // oxlint-disable-next-line no-control-regex -- a line of CSV is a row of the sheet, whatever a cell holds
  const line = text.replaceAll(/[\u0000-\u001F\u007F]+/g, ' ');
  return /[",=]|^\s|\s$/.test(line) ? `"${line.replaceAll('"', '""')}"` : line;
};

function sheetText(sheet: Sheet): { name: string; csv: Uint8Array; notes: SheetCellNote[] } {
  const notes: SheetCellNote[] = [];
  let width = 0;
  for (const row of sheet.rows) {
    let filled = row?.length ?? 0;
    while (
      filled > 0 &&
      (row[filled - 1] === null || row[filled - 1] === undefined || row[filled - 1] === '')
    )
      filled -= 1;
    if (filled > width) width = filled;
  }
  const lines: string[] = [];
  const pieces: Buffer[] = [];
  for (let r = 0; r < sheet.rows.length; r += 1) {
    const row = sheet.rows[r] ?? [];
    const cells: string[] = [];
    for (let c = 0; c < width; c += 1) {
      const detail = sheet.cells?.get(`${r},${c}`);
      let text = cellText(row[c] ?? null, detail?.style?.numFmt);
      if (detail?.formula !== undefined) {
        if (text === '') text = `=${detail.formula}`;
        else notes.push({ row: r + 1, column: c + 1, text: `=${detail.formula}`.slice(0, 200) });
      }
      cells.push(quoted(text));
    }
    const empty = cells.every((text) => text === '');
    lines.push(empty ? '' : cells.join(','));
    if (lines.length === 10_000) pieces.push(Buffer.from(`${lines.splice(0).join('\n')}\n`));
  }
  if (lines.length > 0) pieces.push(Buffer.from(`${lines.join('\n')}\n`));
  const csv = width === 0 ? Buffer.alloc(0) : Buffer.concat(pieces);
  return { name: sheet.name, csv: new Uint8Array(csv), notes };
}

async function answer(): Promise<SheetAnswer> {
  const bytes = await readFile(job.path);
  const read = job.format === 'xlsx' ? readXlsx : readOds;
  const workbook = await read(bytes, { readStyles: true });
  if (workbook.sheets.length > job.sheets)
    return { failure: 'sheet_too_many', values: { found: workbook.sheets.length, limit: job.sheets } };
  return { sheets: workbook.sheets.map(sheetText) };
}

try {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
  parentPort?.postMessage(await answer());
} catch (error) {
  const failed: SheetAnswer = {
    failure: 'archive_broken',
    values: { detail: error instanceof Error ? error.message.slice(0, 120) : 'workbook' },
  };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
  parentPort?.postMessage(failed);
}
