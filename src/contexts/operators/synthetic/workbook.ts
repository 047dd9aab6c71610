/** Writes one table as XLSX or ODS; the library writes no clock into the file, so that bytes repeat. */
import { writeFile } from 'node:fs/promises';
import { utils, write } from '@e965/xlsx';

/** Writes a workbook of one sheet; texts stay texts, numbers stay numbers. */
export async function writeWorkbook(
  path: string,
  type: 'xlsx' | 'ods',
  rows: readonly (readonly (string | number)[])[],
): Promise<void> {
  const book = utils.book_new();
  const sheet = utils.aoa_to_sheet(rows.map((row) => [...row]));
  utils.book_append_sheet(book, sheet, '工作表1');
  await writeFile(path, write(book, { type: 'buffer', bookType: type, compression: true }) as Buffer);
}
