import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance, type Json } from '@duckdb/node-api';
import { type ReadOptions, type ReadReport, readSources } from './read-sources.ts';

/** For the tests of this folder: files written to a folder of their own, read into a database of their own. */

/** One row of a result. */
export type Row = Record<string, Json>;

/** A finished read and its tables. */
export interface Reading {
  report: ReadReport;
  /** Rows of a query, values as JSON. */
  rows: (query: string) => Promise<Row[]>;
  /** `code line column kept` of everything in `rejected_cell`, in order. */
  rejected: () => Promise<string[]>;
}

/** The day of today in all tests of this folder. */
export const TODAY = Temporal.PlainDate.from('2024-01-15');

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '-');

/** Writes the files, reads them, hands the result to `check`, and removes everything. */
export async function reading(
  files: Readonly<Record<string, string | Uint8Array>>,
  check: (reading: Reading) => Promise<void> | void,
  options: Partial<ReadOptions> = {},
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'xinlai-reading-'));
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '512MB', threads: '1' });
  const connection = await instance.connect();
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, name)), { recursive: true });
      await writeFile(join(directory, name), content);
    }
    const report = await readSources({ directory, connection, today: TODAY, ...options });
    const rows = async (query: string): Promise<Row[]> =>
      (await connection.runAndReadAll(query)).getRowObjectsJson();
    const rejected = async (): Promise<string[]> => {
      const found = await rows('SELECT * FROM rejected_cell ORDER BY file_id, row_number, column_name');
      return found.map(
        (cell) =>
          `${text(cell['reason_code'])} ${text(cell['row_number'])} ${text(cell['column_name'])} ${cell['row_kept'] === true ? 'kept' : 'lost'}`,
      );
    };
    await check({ report, rows, rejected });
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(directory, { recursive: true, force: true });
  }
}
