/** Rows of the first sheet with anything in it of XLSX and ODS, from memory: plain bytes never touch the disk. */
import { streamOdsRows } from 'hucre/ods';
import { readXlsx, streamXlsxRows } from 'hucre/xlsx';
import * as yauzl from 'yauzl';
import { FileRefusal, type FileKind, type RecipientLimits } from './reading.ts';

const SMALL = 10 * 1024 * 1024;

/** Refuses an archive by its directory alone where what is declared goes beyond the limits; says which kind it is. */
export async function guardWorkbook(
  bytes: Buffer,
  limits: RecipientLimits,
): Promise<Exclude<FileKind, 'text'>> {
  if (bytes.length > limits.workbookBytes) throw new FileRefusal('workbook_too_large');
  const zip = await yauzl
    .fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true })
    .catch((cause: unknown) => {
      throw new FileRefusal('workbook_broken', { detail: String(cause) });
    });
  let kind: Exclude<FileKind, 'text'> | null = null;
  let unpacked = 0;
  try {
    if (zip.entryCount > limits.workbookEntries) throw new FileRefusal('workbook_too_large');
    for await (const entry of zip.eachEntry()) {
      if (entry.isEncrypted()) throw new FileRefusal('workbook_protected');
      unpacked += entry.uncompressedSize;
      const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
      const isBomb = entry.uncompressedSize > SMALL && ratio > limits.workbookRatio;
      if (isBomb || unpacked > limits.workbookUnpackedBytes) throw new FileRefusal('workbook_too_large');
      if (entry.fileName === 'xl/workbook.xml') kind = 'xlsx';
      if (entry.fileName === 'content.xml') kind ??= 'ods';
    }
  } catch (error) {
    if (error instanceof FileRefusal) throw error;
    throw new FileRefusal('workbook_broken');
  } finally {
    zip.close();
  }
  if (kind === null) throw new FileRefusal('wrong_office_file');
  return kind;
}

/** Rows with their numbers as the spreadsheet shows them; rows without a cell are passed over. */
export async function* workbookRows(
  bytes: Buffer,
  kind: Exclude<FileKind, 'text'>,
): AsyncGenerator<{ readonly row: number; readonly cells: string[] }, void, undefined> {
  const rows =
    kind === 'xlsx' ? streamXlsxRows(bytes, { sheet: await firstFilled(bytes) }) : streamOdsRows(bytes);
  let sheet: number | null = null;
  for await (const { index, values, sheetIndex = 0 } of rows) {
    const cells = values.map(cellText);
    if (cells.every((cell) => cell === '')) continue;
    sheet ??= sheetIndex;
    if (sheetIndex !== sheet) return;
    yield { row: index + 1, cells };
  }
}

async function firstFilled(bytes: Buffer): Promise<number> {
  const { sheets } = await readXlsx(bytes, { maxRows: 3 });
  const found = sheets.findIndex(({ rows }) =>
    rows.some((row) => row?.some((cell) => cellText(cell) !== '')),
  );
  return Math.max(0, found);
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  // A phone number is a whole number below 2^53: told in full, never in scientific notation.
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return '';
    return Number.isSafeInteger(value) ? BigInt(value).toString() : String(value);
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return '';
    const text = value.toISOString();
    return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
  }
  return typeof value === 'boolean' ? (value ? 'TRUE' : 'FALSE') : '';
}
