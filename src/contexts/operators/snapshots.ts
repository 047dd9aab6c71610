import type { DuckDBConnection } from '@duckdb/node-api';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { factShapes } from './fact-shape.ts';
import { bookkeepingTables, sourceTables, tableOf, type SourceKind } from './sources/source-tables.ts';
import type { OperatorsTables } from './tables.ts';
import { literal } from './workspace.ts';

/** A snapshot as a run needs it. */
export interface SnapshotFile {
  readonly id: string;
  readonly number: number;
  readonly importId: string;
  readonly fileNo: number;
  readonly kind: SourceKind;
  readonly fileName: string;
  readonly sha256: string;
  readonly dataDate: string | null;
  readonly goodRows: number;
  readonly rejectedRows: number;
  /** Place of its import among all: a later one corrects an earlier one. */
  readonly importPlace: number;
}

/** The rows of a snapshot as Parquet; a cache: it can be made again from the original file. */
export function parquetOf(cacheFolder: string, id: string): string {
  return join(cacheFolder, `${id}.parquet`);
}

/** Writes the rows of one file of a workspace as the Parquet of a snapshot, whole or not at all. */
export async function writeParquet(
  connection: DuckDBConnection,
  kind: SourceKind,
  fileId: number,
  number: number,
  path: string,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.draft`;
  await connection.run(
    `copy (select ${number}::integer as file_id, * exclude (file_id) from ${tableOf(kind)} where file_id = ${fileId} order by row_number)
     to ${literal(draft)} (format parquet, compression zstd)`,
  );
  await rename(draft, path);
}

/** The snapshots that a run as of a day may read, as we knew them at an instant; of one list on one day, and of equal files, the newest import. */
export async function snapshotsKnownAt(
  db: Kysely<OperatorsTables>,
  knownAt: string,
): Promise<SnapshotFile[]> {
  const { rows } = await sql<SnapshotFile>`
    with known as (
      select s.*, dense_rank() over (order by s.known_from, s.import_id)::integer as place
      from operators.snapshot s where s.known_from <= ${knownAt} and s.good_rows > 0
    )
    select id, number, import_id as "importId", file_no as "fileNo", kind, file_name as "fileName", sha256,
      data_date as "dataDate", good_rows as "goodRows", rejected_rows as "rejectedRows", place as "importPlace"
    from known k where not exists (
      select 1 from known later where later.kind = k.kind and later.place > k.place
        and (later.sha256 = k.sha256 or (later.data_date is not distinct from k.data_date and k.kind = any(${wholeLists}))))
    order by number`.execute(db);
  return rows;
}

const kinds = Object.keys(sourceTables) as SourceKind[];
const wholeLists = kinds.filter((kind) => factShapes[kind].wholeList);

/**
 * Opens the snapshots in a workspace under the table names that readers fill, so that the engine sees no difference.
 * Of closed uploads, a row that a later import says anew (same key) replaces the earlier one.
 */
export async function openSnapshots(
  connection: DuckDBConnection,
  snapshots: readonly SnapshotFile[],
  cacheFolder: string,
): Promise<void> {
  for (const [name, columns] of Object.entries(bookkeepingTables))
    await connection.run(`create table ${name} (${columns})`);
  await connection.run('create table import_place (file_id integer primary key, place integer not null)');
  for (const snapshot of snapshots) {
    const { number, fileName, kind, sha256, dataDate, goodRows, rejectedRows, importPlace } = snapshot;
    await connection.run(
      `insert into source_file (file_id, name, kind, sha256, bytes, data_date, good_rows, rejected_rows)
       values (${number}, ${literal(fileName)}, ${literal(kind)}, ${literal(sha256)}, 0,
         ${dataDate === null ? 'null' : `date ${literal(dataDate)}`}, ${goodRows}, ${rejectedRows})`,
    );
    await connection.run(`insert into import_place values (${number}, ${importPlace})`);
  }
  for (const kind of kinds) {
    const files = snapshots
      .filter((snapshot) => snapshot.kind === kind)
      .map(({ id }) => parquetOf(cacheFolder, id));
    if (files.length === 0) {
      await connection.run(
        `create table ${tableOf(kind)} (file_id integer not null, row_number bigint not null, ${sourceTables[kind]})`,
      );
      continue;
    }
    const rows = `read_parquet([${files.map(literal).join(', ')}])`;
    const newest = factShapes[kind].wholeList
      ? `select * from ${rows}`
      : `select r.* from ${rows} r join import_place p using (file_id)
         qualify p.place = max(p.place) over (partition by ${factShapes[kind].key})`;
    await connection.run(`create view ${tableOf(kind)} as ${newest}`);
  }
}

/** Which snapshots have lost their cached rows. */
export function missingParquets(snapshots: readonly SnapshotFile[], cacheFolder: string): SnapshotFile[] {
  return snapshots.filter(({ id }) => !existsSync(parquetOf(cacheFolder, id)));
}
