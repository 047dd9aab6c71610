/** The bad rows as a file of the same columns with the reason, to be corrected and uploaded again. */
import type { Readable } from 'node:stream';
import type { Caller } from '#platform/access';
import type { ListedRow } from '../recipients/row-checker.ts';
import type { MessagingTables } from '../tables.ts';
import type { BatchDeps } from './batch-deps.ts';
import type { BatchFileRow } from './batch-row.ts';
import { isListed, openFiles, type Listing } from './preview.ts';
import { rowsFile, type RowsFormat } from './rows-file.ts';
import { readStaged } from './staging.ts';

/** Columns that the file has beyond those of the upload; a corrected upload may keep them. */
const MORE = ['原列號', '錯誤欄位', '原因', 'reason'] as const;

/** Of the newest file with such rows: corrections are made file by file. Audited with the count of rows. */
export async function badRowsFile(
  deps: BatchDeps,
  caller: Caller,
  id: string,
  { which, format }: { which: Listing; format: RowsFormat },
  requestId: string,
): Promise<Readable> {
  const { files, key } = await openFiles(deps, caller, id, requestId);
  const db = deps.database.of<MessagingTables>('messaging');
  await db.transaction().execute((trx) =>
    deps.audit.record(trx, {
      caller,
      action: 'messaging.batch_rows_exported',
      subject: { kind: 'batch', id },
      details: { which, format },
      requestId,
    }),
  );
  return rowsFile(rowsOf(deps, id, files, key, which), format);
}

function* rowsOf(
  deps: BatchDeps,
  id: string,
  files: readonly BatchFileRow[],
  key: Buffer,
  which: Listing,
): Generator<string[]> {
  const columns = files[0]?.reading?.columns ?? [];
  yield [...columns, ...MORE];
  for (const file of files) {
    const own = file.reading?.columns ?? [];
    // Files of corrections may have their columns in another order.
    const places = columns.map((name) => own.indexOf(name));
    const place = deps.staging.place(id, file.number, 'listed');
    for (const { content } of readStaged(place, key)) {
      for (const row of JSON.parse(content.toString()) as ListedRow[]) {
        if (!isListed(row, which)) continue;
        const cells = places.map((at) => (at === -1 ? '' : (row.cells[at] ?? '')));
        const wrong = row.problems.map(({ column }) => (column === null ? '' : (own[column] ?? '')));
        yield [
          ...cells,
          String(row.row),
          [...new Set(wrong)].filter((name) => name !== '').join('、'),
          row.problems.map(({ zh }) => zh).join(' '),
          row.problems.map(({ en }) => en).join(' '),
        ];
      }
    }
  }
}
