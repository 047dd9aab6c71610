/**
 * A DuckDB of its own for one run: in memory up to a limit, spilling into a private temporary folder that is removed
 * when it is closed.
 */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Memory for DuckDB's own buffers; the process needs some 300 MB beside it. */
export const defaultMemory = '1GB';
export const defaultThreads = 2;

export interface Workbench extends AsyncDisposable {
  readonly connection: DuckDBConnection;
  /** Opens another connection to the same database; close it before the workbench. */
  connect(): Promise<DuckDBConnection>;
  /** The private folder; removed on close. */
  readonly folder: string;
  /** Stops what runs, closes the database and removes the folder. May be called twice. */
  close(): Promise<void>;
}

/** Opens a workbench whose folder stands in `parent` (the system's temporary folder if left out). */
export async function openWorkbench(
  options: { parent?: string | undefined; memory?: string | undefined; threads?: number | undefined } = {},
): Promise<Workbench> {
  const folder = await mkdtemp(join(options.parent ?? tmpdir(), 'xinlai-run-'));
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: options.memory ?? defaultMemory,
    threads: String(options.threads ?? defaultThreads),
    temp_directory: folder,
    preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closed ??= (async () => {
      connection.interrupt();
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    })();
    return closed;
  };
  return { connection, connect: () => instance.connect(), folder, close, [Symbol.asyncDispose]: close };
}
