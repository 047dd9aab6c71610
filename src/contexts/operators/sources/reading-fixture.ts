import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type Json } from '@duckdb/node-api';
import { type ReadOptions, type ReadReport, readSources } from './read-sources.ts';
import { bookkeepingTables, type SourceKind, sourceTables, tableOf } from './source-tables.ts';

/** For the tests of this folder: files written to a folder of their own, read into a database of their own. */

/** One row of a result. */
export type Row = Record<string, Json>;

/** A finished read and its tables. */
export interface Reading {
  report: ReadReport;
  /** Rows of a query, values as JSON. */
  rows: (query: string) => Promise<Row[]>;
  /** `code line column kept` of everything in `rejected_cell`, or of one file in it, in order. */
  rejected: (fileId?: number) => Promise<string[]>;
}

/** The day of today in all tests of this folder. */
export const TODAY = Temporal.PlainDate.from('2024-01-15');

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '-');

/**
 * Writes the files, reads them, hands the result to `check`, and removes everything. Registers are read the direct way
 * however small they are (see direct-load.ts) and the largest file beside the others, then all a second time the exact
 * way, one after the other: both must give the same tables.
 */
export async function reading(
  files: Readonly<Record<string, string | Uint8Array>>,
  check: (reading: Reading) => Promise<void> | void,
  options: Partial<ReadOptions> = {},
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'xinlai-reading-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, name)), { recursive: true });
      await writeFile(join(directory, name), content);
    }
    const given = { directory, today: TODAY, ...options };
    await inDatabase(async (connection, connect) => {
      const report = await readSources({
        ...given,
        connection,
        connect,
        limits: { directBytes: 0, ...options.limits },
      });
      const rows = (query: string): Promise<Row[]> => rowsOf(connection, query);
      const direct = await contentOf(connection);
      await inDatabase(async (other) => {
        const { mapping, files: more } = options;
        await readSources({
          directory: given.directory,
          today: given.today,
          connection: other,
          limits: { ...options.limits, directBytes: Infinity },
          ...(mapping === undefined ? {} : { mapping }),
          ...(more === undefined ? {} : { files: more }),
        });
        assert.deepEqual(direct, await contentOf(other), 'read the direct and the exact way');
      });
      const rejected: Reading['rejected'] = async (fileId) => {
        const found = await rows(
          `SELECT * FROM rejected_cell ${fileId === undefined ? '' : `WHERE file_id = ${fileId}`} ORDER BY file_id, row_number, column_name`,
        );
        return found.map(
          (cell) =>
            `${text(cell['reason_code'])} ${text(cell['row_number'])} ${text(cell['column_name'])} ${cell['row_kept'] === true ? 'kept' : 'lost'}`,
        );
      };
      await check({ report, rows, rejected });
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

let instance: Promise<DuckDBInstance> | undefined;
let databases = 0;

/** An empty database of an instance that all tests of a process share: 2 ms, where an instance takes 12 ms. */
async function inDatabase(
  work: (connection: DuckDBConnection, connect: () => Promise<DuckDBConnection>) => Promise<void>,
): Promise<void> {
  instance ??= DuckDBInstance.create(':memory:', { memory_limit: '512MB', threads: '1' });
  const shared = await instance;
  const name = `reading_${(databases += 1)}`;
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await shared.connect();
    await connection.run(`USE ${name}`);
    return connection;
  };
  const outside = await shared.connect();
  await outside.run(`ATTACH ':memory:' AS ${name}`);
  const connection = await connect();
  try {
    await work(connection, connect);
  } finally {
    connection.closeSync();
    await outside.run(`DETACH ${name}`);
    outside.closeSync();
  }
}

const rowsOf = async (connection: DuckDBConnection, query: string): Promise<Row[]> =>
  (await connection.runAndReadAll(query)).getRowObjectsJson();

const allTables = [
  ...(Object.keys(sourceTables) as SourceKind[]).map(tableOf),
  ...Object.keys(bookkeepingTables),
];

/** Every row of every table that holds one, in an order of its own. */
async function contentOf(connection: DuckDBConnection): Promise<Record<string, Row[]>> {
  const asked = allTables.map((name) => `SELECT '${name}' AS name WHERE EXISTS (FROM ${name})`);
  const content: Record<string, Row[]> = {};
  for (const { name } of await rowsOf(connection, asked.join(' UNION ALL ')))
    content[text(name)] = await rowsOf(connection, `SELECT * FROM ${text(name)} ORDER BY ALL`);
  return content;
}
