import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createReadStream } from 'node:fs';
import { sql, type Kysely, type Transaction } from 'kysely';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Caller } from '#platform/access';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import { newId } from '#platform/id';
import type { Jobs } from '#platform/jobs/jobs';
import type { Outbox } from '#platform/outbox/outbox';
import { operatorErrors } from './errors.ts';
import { factSelect, factShapes } from './fact-shape.ts';
import { mergeFacts, prepareFacts, type Changes } from './facts.ts';
import { refreshBrands, refreshOperators } from './register.ts';
import { readSources, type ReadFile } from './sources/read-sources.ts';
import { attributionOf } from './attribution.ts';
import { sourceKind } from './sources/source-kinds.ts';
import { tableOf, type SourceKind } from './sources/source-tables.ts';
import { parquetOf, writeParquet, type SnapshotFile } from './snapshots.ts';
import type { OperatorsTables } from './tables.ts';
import { literal, openWorkspace } from './workspace.ts';

export const IMPORT_JOB = 'operators.import';

/** Where uploaded files are kept for good: content-addressed, hashed while written. */
export interface Originals {
  store(input: {
    stream: NodeJS.ReadableStream;
    name: string;
    caller: Caller;
  }): Promise<{ id: string; sha256: string; bytes: number }>;
  /** A path that can be read while the process lives. */
  pathOf(id: string): Promise<string>;
}

export interface ImportDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly originals: Originals;
  readonly workFolder: string;
  readonly cacheFolder: string;
  /** Starts the run that follows an import. */
  startRun(trx: Transaction<OperatorsTables>, asOf: string, caller: Caller): Promise<string>;
}

export interface Progress {
  readonly signal: AbortSignal;
  readonly caller: Caller;
  progress(done: number, total: number | null, note?: { zh: string; en: string }): Promise<void>;
}

/** A file of the workspace that becomes a snapshot. */
interface Taken extends ReadFile {
  readonly kind: SourceKind;
  readonly fileNo: number;
  readonly snapshotId: string;
  readonly number: number;
  readonly csv: string;
  readonly merged: boolean;
}

/** A list that lost more than half of its rows is more likely a broken download than the truth. */
const SHRUNK_TO = 0.5;

/**
 * Reads the files of a confirmed import and takes them in one transaction: snapshots, rejected cells, facts, register.
 * Killed in the middle it leaves the last good state; run again it gives the same result.
 */
export async function executeImport(
  deps: ImportDeps,
  importId: string,
  context: Progress,
): Promise<{ snapshots: number; rejected: number }> {
  const db = deps.database.of<OperatorsTables>('operators');
  const current = await db.selectFrom('import').selectAll().where('id', '=', importId).executeTakeFirst();
  if (current === undefined) throw operatorErrors.import_not_found({ id: importId });
  if (current.state === 'done') return { snapshots: 0, rejected: 0 };
  const files = await db
    .selectFrom('import_file')
    .selectAll()
    .where('import_id', '=', importId)
    .orderBy('file_no')
    .execute();
  await using workspace = await openWorkspace(deps.workFolder);
  const { connection } = workspace;
  const taken: Taken[] = [];
  for (const file of files) {
    if (file.decision.kind === null) continue;
    const { kind, mapping, dataDate } = file.decision;
    const report = await readSources({
      connection,
      files: [{ path: await deps.originals.pathOf(file.original_id), name: file.name }],
      mapping: {
        [file.name]: {
          ...(kind !== undefined && { kind: kind as SourceKind }),
          ...(mapping && { columns: mapping }),
          ...(dataDate && { dataDate: Temporal.PlainDate.from(dataDate) }),
        },
      },
      today: deps.clock.today(),
      signal: context.signal,
      onProgress: (step) =>
        void context.progress(step.bytes, step.totalBytes, {
          zh: `讀取 ${step.file}`,
          en: `reading ${step.file}`,
        }),
    });
    for (const read of report.files) {
      if (read.kind === null || read.problem !== null) continue;
      taken.push(
        await prepareSnapshot(deps, db, workspace, read as ReadFile & { kind: SourceKind }, file.file_no),
      );
    }
  }
  if (taken.every((file) => file.goodRows === 0))
    throw operatorErrors.import_empty({ names: files.map((file) => file.name).join('、') });
  const rejects = join(workspace.folder, 'rejected.csv');
  await connection.run(
    `copy (select row_number() over (order by file_id, row_number, column_name), file, row_number, column_name, left(value, 200),
       reason_code, reason_zh, reason_en, row_kept from rejected_cell) to ${literal(rejects)} (format csv, header false)`,
  );
  await context.progress(0, null, { zh: '併入名冊', en: 'merging into the register' });
  context.signal.throwIfAborted();
  await deps.database.transactionWithClient<OperatorsTables, void>('operators', async (trx, client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('operators.import'))`);
    const knownFrom = deps.clock.now().toString();
    await insertSnapshots(trx, importId, taken, knownFrom);
    await pipeline(
      createReadStream(rejects),
      client.query(copyFrom(`copy pg_temp.rejected_incoming from stdin (format csv)`)),
    );
    await client.query(`insert into operators.rejected_cell select $1, * from pg_temp.rejected_incoming`, [
      importId,
    ]);
    await mergeLists(client, taken, knownFrom, current.accept_shrink);
    await refreshOperators(client, deps.clock.today());
    await refreshBrands(client);
    for (const { snapshotId, kind, dataDate, goodRows } of taken) {
      await deps.outbox.publish(trx, {
        type: 'operators.snapshot_imported',
        payload: { snapshotId, kind, dataDate: dataDate?.toString() ?? null, goodRows },
      });
    }
    const runId = current.as_of === null ? null : await deps.startRun(trx, current.as_of, context.caller);
    await trx
      .updateTable('import')
      .set({ state: 'done', finished_at: new Date(), run_id: runId, problem: null })
      .where('id', '=', importId)
      .execute();
  });
  return { snapshots: taken.length, rejected: taken.reduce((sum, file) => sum + file.rejectedRows, 0) };
}

async function prepareSnapshot(
  deps: ImportDeps,
  db: Kysely<OperatorsTables>,
  workspace: { connection: import('@duckdb/node-api').DuckDBConnection; folder: string },
  read: ReadFile & { kind: SourceKind },
  fileNo: number,
): Promise<Taken> {
  const { rows } = await sql<{ number: number }>`
    select nextval(pg_get_serial_sequence('operators.snapshot', 'number'))::integer as number`.execute(db);
  const number = rows[0]?.number ?? 0;
  const snapshotId = newId('snp');
  const csv = join(workspace.folder, `${number}.csv`);
  await writeParquet(
    workspace.connection,
    read.kind,
    read.fileId,
    number,
    parquetOf(deps.cacheFolder, snapshotId),
  );
  const table = `(select * from ${tableOf(read.kind)} where file_id = ${read.fileId})`;
  await workspace.connection.run(
    `copy (${factSelect(read.kind, table, number)}) to ${literal(csv)} (format csv, header false)`,
  );
  const { rows: newest } = await sql<{ date: string | null }>`
    select max(data_date) as date from operators.snapshot where kind = ${read.kind} and merged`.execute(db);
  const date = read.dataDate?.toString() ?? null;
  const older = factShapes[read.kind].wholeList && date !== null && (newest[0]?.date ?? '') > date;
  return { ...read, fileNo, snapshotId, number, csv, merged: !older };
}

async function insertSnapshots(
  trx: Transaction<OperatorsTables>,
  importId: string,
  taken: readonly Taken[],
  knownFrom: string,
): Promise<void> {
  await sql`create temp table rejected_incoming (number integer, file text, row_number bigint, column_name text, value text,
    reason_code text, reason_zh text, reason_en text, row_kept boolean) on commit drop`.execute(trx);
  if (taken.length === 0) return;
  await trx
    .insertInto('snapshot')
    .values(
      taken.map((file) => ({
        id: file.snapshotId,
        number: file.number,
        import_id: importId,
        file_no: file.fileNo,
        kind: file.kind,
        file_name: file.name,
        sha256: file.sha256,
        encoding: file.encoding,
        container: file.container,
        data_date: file.dataDate?.toString() ?? null,
        known_from: knownFrom,
        good_rows: file.goodRows,
        rejected_rows: file.rejectedRows,
        attribution: attributionOf(sourceKind(file.kind), file.dataDate?.year ?? null),
        merged: file.merged,
      })),
    )
    .execute();
}

/** Merges the newest edition of each kind; older editions of the same import only serve runs as of their day. */
async function mergeLists(
  client: pg.PoolClient,
  taken: readonly Taken[],
  knownFrom: string,
  acceptShrink: boolean,
): Promise<void> {
  await prepareFacts(client);
  for (const [kind, files] of Map.groupBy(
    taken.filter((file) => file.merged),
    (file) => file.kind,
  )) {
    const dates = files.map((file) => file.dataDate?.toString() ?? null);
    const newest =
      dates
        .filter((date) => date !== null)
        .sort()
        .at(-1) ?? null;
    const whole = factShapes[kind].wholeList;
    const list = files.filter((file) => !whole || (file.dataDate?.toString() ?? newest) === newest);
    if (whole && !acceptShrink)
      await refuseShrunken(
        client,
        kind,
        list.reduce((sum, file) => sum + file.goodRows, 0),
      );
    const changes = await mergeFacts(client, {
      kind,
      dataDate: newest,
      knownFrom,
      snapshots: list.map((file) => file.number),
      csvs: list.map((file) => file.csv),
    });
    await recordChanges(client, list[0]?.number ?? 0, changes);
    const unmerged = files.filter((file) => !list.includes(file)).map((file) => file.number);
    await client.query('update operators.snapshot set merged = false where number = any($1)', [unmerged]);
  }
}

async function refuseShrunken(client: pg.PoolClient, kind: SourceKind, rows: number): Promise<void> {
  const { rows: counted } = await client.query<{ open: number }>(
    'select count(*)::integer as open from operators.fact where kind = $1 and known_to is null',
    [kind],
  );
  const open = counted[0]?.open ?? 0;
  if (open >= 100 && rows < open * SHRUNK_TO)
    throw operatorErrors.list_shrunken({ kind, before: open, after: rows });
}

async function recordChanges(client: pg.PoolClient, number: number, changes: Changes): Promise<void> {
  await client.query(
    'update operators.snapshot set appeared = $2, changed = $3, vanished = $4 where number = $1',
    [number, changes.appeared, changes.changed, changes.vanished],
  );
}

/** Reads originals again to make the cached rows of snapshots that lost them. */
export async function restoreSnapshots(
  deps: Pick<ImportDeps, 'database' | 'originals' | 'clock' | 'workFolder' | 'cacheFolder'>,
  lost: readonly SnapshotFile[],
  signal: AbortSignal,
): Promise<void> {
  if (lost.length === 0) return;
  const db = deps.database.of<OperatorsTables>('operators');
  for (const snapshot of lost) {
    await using workspace = await openWorkspace(deps.workFolder);
    const file = await db
      .selectFrom('import_file')
      .selectAll()
      .where('import_id', '=', snapshot.importId)
      .where('file_no', '=', snapshot.fileNo)
      .executeTakeFirstOrThrow();
    const report = await readSources({
      connection: workspace.connection,
      files: [{ path: await deps.originals.pathOf(file.original_id), name: file.name }],
      mapping: {
        [file.name]: {
          kind: snapshot.kind,
          ...(file.decision.mapping && { columns: file.decision.mapping }),
        },
      },
      today: deps.clock.today(),
      signal,
    });
    const read = report.files.find((part) => part.name === snapshot.fileName && part.kind === snapshot.kind);
    if (read === undefined) throw operatorErrors.original_unreadable({ name: snapshot.fileName });
    await writeParquet(
      workspace.connection,
      snapshot.kind,
      read.fileId,
      snapshot.number,
      parquetOf(deps.cacheFolder, snapshot.id),
    );
  }
}
