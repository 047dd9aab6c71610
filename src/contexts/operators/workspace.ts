import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A DuckDB database of its own for one import or run, with a folder for what it spills and writes. */
export interface Workspace extends AsyncDisposable {
  readonly connection: DuckDBConnection;
  readonly folder: string;
}

/** Opens a workspace below `root`; disposing it removes every file in it. */
export async function openWorkspace(root: string): Promise<Workspace> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(root, 'work-'));
  const instance = await DuckDBInstance.create(join(folder, 'work.duckdb'), {
    threads: '2',
    memory_limit: '1GB',
    temp_directory: join(folder, 'spill'),
    preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  return {
    connection,
    folder,
    [Symbol.asyncDispose]: async () => {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A text as a SQL literal of DuckDB. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
