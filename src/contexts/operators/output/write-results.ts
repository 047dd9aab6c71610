/**
 * Writes a run into a folder: findings.json, findings.xlsx, findings.ods and rejected.csv. Each file is written beside
 * its place and then renamed, so that a reader sees the old one or the new one, never a half.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { constants } from 'node:fs';
import { access, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { select } from '../matching/source-rows.ts';
import type { RunResult } from '../run-result.ts';
import { findingsJson } from './findings-json.ts';
import { rejectedCsv } from './rejected-csv.ts';
import { type RejectedCell, writeWorkbooks } from './workbook.ts';

/** The folder cannot take the results; the message says why, in Chinese and English. */
export class OutputFolderError extends Error {}

/** Makes the folder where it is missing. Throws `OutputFolderError` where it cannot be written to. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await makeFolder(resolve(folder));
    if (!(await stat(folder)).isDirectory())
      throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new OutputFolderError(
      `無法寫入輸出資料夾 ${folder}（${code}）。 Cannot write to the output folder ${folder} (${code}).`,
    );
  }
}

/** Not `recursive`: below /proc, where a folder that exists refuses with ENOENT, that never ends. */
async function makeFolder(folder: string): Promise<void> {
  const exists = await stat(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  if (exists) return;
  await makeFolder(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

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

/** The files of a result, in the order of writing. */
export const resultFiles = ['findings.json', 'findings.xlsx', 'findings.ods', 'rejected.csv'] as const;

/** Writes all four files and returns their paths. Throws `OutputFolderError` where one cannot be written. */
export async function writeResults(
  result: RunResult,
  rejected: readonly RejectedCell[],
  folder: string,
): Promise<string[]> {
  const { xlsx, ods } = await writeWorkbooks(result, rejected);
  const contents: Readonly<Record<(typeof resultFiles)[number], Iterable<string | Uint8Array>>> = {
    'findings.json': findingsJson(result),
    'findings.xlsx': [xlsx],
    'findings.ods': [ods],
    'rejected.csv': rejectedCsv(rejected),
  };
  const written: string[] = [];
  for (const name of resultFiles) {
    const pieces = contents[name];
    const path = join(folder, name);
    try {
      await writeWhole(path, pieces);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === undefined) throw error;
      throw new OutputFolderError(`無法寫入 ${path}（${code}）。 Cannot write ${path} (${code}).`);
    }
    written.push(path);
  }
  return written;
}

async function writeWhole(path: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  try {
    const file = await open(unfinished, 'w');
    try {
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
