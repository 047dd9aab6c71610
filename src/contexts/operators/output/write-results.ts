/**
 * Writes a run into a folder: findings.json, findings.xlsx, findings.ods and rejected.csv. Each file is written beside
 * its place and then renamed, so that a reader sees the old one or the new one, never a half.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { select } from '../matching/source-rows.ts';
import type { RunResult } from '../run-result.ts';
import { findingsJson } from './findings-json.ts';
import type { OdsWriter } from './ods-writer.ts';
import { OutputFolderError, resultFiles } from './output-folder.ts';
import { rejectedCsv } from './rejected-csv.ts';
import { type RejectedCell, writeWorkbooks } from './workbook.ts';

/** Every cell, row and file that was not read as it stood, in the order of file and row. */
export async function readRejected(connection: DuckDBConnection): Promise<RejectedCell[]> {
  return select<RejectedCell>(
    connection,
    `select * from (select file, row_number::double as row, column_name as "column", value, reason_code as code, reason_zh as zh,
       reason_en as en, row_kept as "rowKept"
     from rejected_cell
     union all
     select name, null, null, null, problem_code, problem_zh, problem_en, false from source_file where problem_code is not null)
     order by file, row nulls first, "column" nulls first, code, value`,
  );
}

/**
 * Writes all four files and returns their paths; none takes its place before all are whole. Throws `OutputFolderError`
 * where one cannot be written. `odsWriter` is one that was started ahead; it is closed in any case.
 */
export async function writeResults(
  result: RunResult,
  rejected: readonly RejectedCell[],
  folder: string,
  odsWriter?: OdsWriter,
): Promise<string[]> {
  const books = writeWorkbooks(result, rejected, odsWriter);
  books.catch(() => undefined); // told by the file that waits for it, if one can be opened
  const contents: Readonly<Record<(typeof resultFiles)[number], () => Promise<Pieces>>> = {
    'findings.json': async () => findingsJson(result),
    'findings.xlsx': async () => [(await books).xlsx],
    'findings.ods': async () => [(await books).ods],
    'rejected.csv': async () => rejectedCsv(rejected),
  };
  const files = resultFiles.map((name) => ({ name, path: join(folder, name) }));
  try {
    // The text goes to disk while threads pack the workbooks.
    const writing = files.map(({ name, path }) =>
      inFolder(path, writeWhole(unfinished(path), contents[name])),
    );
    const failed = (await Promise.allSettled(writing)).find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    for (const { path } of files) await inFolder(path, rename(unfinished(path), path));
  } catch (error) {
    for (const { path } of files) await rm(unfinished(path), { force: true });
    throw error;
  }
  return files.map(({ path }) => path);
}

type Pieces = Iterable<string | Uint8Array>;

const unfinished = (path: string): string => `${path}.${process.pid}.part`;

/** Gives an error of the file system its words. */
async function inFolder(path: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new OutputFolderError(`無法寫入 ${path}（${code}）。 Cannot write ${path} (${code}).`);
  }
}

async function writeWhole(path: string, pieces: () => Promise<Pieces>): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const piece of await pieces()) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}
