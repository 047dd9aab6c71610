import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { createContentStore } from '../files/content-store.ts';
import type { ChainReport } from '../audit/chain.ts';
import type { Verifier } from '../audit/checkpoint.ts';
import { trustVerifiers } from '../audit/signing-key.ts';
import { signersOf, verifyChain } from '../audit/verify.ts';
import type { Database } from '../database.ts';
import type { Bilingual } from '../errors.ts';
import { migrate, type MigrationSet } from '../migrate.ts';
import { checkBackup, fileBytes, tableText } from './check-backup.ts';
import { backupErrors } from './errors.ts';
import type { BackedUpTable, Manifest, OpenBackup } from './manifest.ts';
import { COPY_SETTINGS, copySource, quote, tablesOf } from './schema-contents.ts';

/** What to restore, and where to. No process of the product may use the target meanwhile. */
export interface RestoreRequest {
  readonly from: string;
  readonly database: Database;
  /** How messages and `force` name the target. */
  readonly target: string;
  readonly sets: readonly MigrationSet[];
  readonly filesFolder: string;
  /** Folder of the keys: the keys that signed the restored trail join those that it trusts. */
  readonly keyFolder: string;
  /** Where the newest checkpoint of the trail is kept outside the database. */
  readonly checkpointFile: string;
  /** The name of the target, said once more, where its data is to be replaced. */
  readonly force?: string | undefined;
  onProgress?(what: string): void;
}

/** What was restored, and how its audit trail verifies. */
export interface Restored {
  readonly manifest: Manifest;
  readonly rows: number;
  readonly audit: ChainReport;
}

/**
 * Restores a backup. It is checked as a whole first; the schemas are built at the level it was made at; rows are loaded
 * and compared in one transaction. Whatever fails, the target is as it was before. A target that holds data is refused
 * (`backup.not_empty`) unless `force` names it.
 */
export async function restoreBackup(request: RestoreRequest): Promise<Restored> {
  const backup = await checkBackup(request.from);
  const { database, sets } = request;
  const levels = await levelsOf(backup.manifest, sets);
  const schemas = sets.map((set) => set.schema);
  const aside = await putAside(database, schemas, request);
  try {
    await migrateTo(database, sets, levels);
    await storeFiles(backup, request);
    await loadTables(backup, request);
  } catch (error) {
    await dropSchemas(database, schemas);
    await rename(database, aside, (schema) => [asideName(schema), schema]);
    throw error;
  }
  await dropSchemas(
    database,
    aside.map((schema) => asideName(schema)),
  );
  // The queue's own tables are not the product's: it is built anew at the next start.
  await dropSchemas(database, ['graphile_worker']);
  const audit = await adoptTrail(request);
  const rows = backup.manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  return { manifest: backup.manifest, rows, audit };
}

const asideName = (schema: string): string => `${schema}__before_restore`;

/** Renames the product's schemas out of the way; throws `backup.not_empty` where there are any and `force` is not given. */
async function putAside(
  database: Database,
  schemas: readonly string[],
  request: RestoreRequest,
): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    'select nspname as name from pg_namespace where nspname = any($1)',
    [schemas],
  );
  const existing = rows.map((row) => row.name);
  if (existing.length > 0 && request.force !== request.target)
    throw backupErrors.not_empty({ target: request.target });
  await dropSchemas(
    database,
    existing.map((schema) => asideName(schema)),
  );
  await rename(database, existing, (schema) => [schema, asideName(schema)]);
  return existing;
}

async function rename(
  database: Database,
  schemas: readonly string[],
  names: (schema: string) => [string, string],
): Promise<void> {
  const statements = schemas.map((schema) => {
    const [from, to] = names(schema);
    return `alter schema ${quote(from)} rename to ${quote(to)};`;
  });
  if (statements.length > 0) await database.pool.query(statements.join('\n'));
}

async function dropSchemas(database: Database, schemas: readonly string[]): Promise<void> {
  for (const schema of schemas) await database.pool.query(`drop schema if exists ${quote(schema)} cascade`);
}

/** The migration files to apply per schema; `backup.newer` where the backup has one that this version does not. */
async function levelsOf(
  manifest: Manifest,
  sets: readonly MigrationSet[],
): Promise<Map<string, readonly string[]>> {
  const levels = new Map<string, readonly string[]>();
  for (const { schema, names } of manifest.migrations) {
    const set = sets.find((one) => one.schema === schema);
    const known = set === undefined ? [] : await readdir(fileURLToPath(set.folder));
    const missing = names.find((name) => !known.includes(`${name}.sql`));
    if (set === undefined || missing !== undefined)
      throw backupErrors.newer({ migration: `${schema}/${missing ?? '*'}` });
    levels.set(schema, names);
  }
  return levels;
}

/** Builds the schemas as they were when the backup was made: from copies of the migrations up to then. */
async function migrateTo(
  database: Database,
  sets: readonly MigrationSet[],
  levels: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'xinlai-restore-'));
  try {
    const limited: MigrationSet[] = [];
    for (const set of sets) {
      const names = levels.get(set.schema);
      if (names === undefined) continue;
      const copy = join(folder, set.schema);
      await mkdir(copy);
      for (const name of names)
        await copyFile(fileURLToPath(new URL(`${name}.sql`, set.folder)), join(copy, `${name}.sql`));
      limited.push({ schema: set.schema, folder: pathToFileURL(`${copy}/`) });
    }
    await migrate(database.of('public'), limited);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function storeFiles(backup: OpenBackup, request: RestoreRequest): Promise<void> {
  const store = createContentStore(request.filesFolder);
  for (const { sha256, size } of backup.manifest.files) {
    if (size === 0 || (await store.check(sha256)) === 'whole') continue;
    await rm(store.pathOf(sha256), { force: true });
    const incoming = await store.receive(Readable.from(fileBytes(backup, sha256)), size);
    if (incoming.sha256 !== sha256) throw backupErrors.corrupt({ file: backup.path, part: sha256 });
    await store.keep(incoming);
  }
}

interface Constraint {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

async function loadTables(backup: OpenBackup, request: RestoreRequest): Promise<void> {
  const { manifest } = backup;
  const client = await request.database.pool.connect();
  try {
    await client.query('begin');
    await client.query(COPY_SETTINGS);
    const schemas = manifest.migrations.map((level) => level.schema);
    const shapes = await tablesOf(client, schemas);
    const names = shapes.map((shape) => `${quote(shape.schema)}.${quote(shape.table)}`);
    // Owners may do this without being superusers: triggers off, foreign keys away, and both back before the commit.
    const keys = await client.query<Constraint>(
      `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(c.oid) as definition
       from pg_constraint c join pg_namespace n on n.oid = c.connamespace
       where c.contype = 'f' and c.conparentid = 0 and n.nspname = any($1)`,
      [schemas],
    );
    for (const name of names) await client.query(`alter table ${name} disable trigger user`);
    for (const key of keys.rows) await client.query(`alter table ${key.table} drop constraint ${key.name}`);
    if (names.length > 0) await client.query(`truncate ${names.join(', ')}`);
    for (const table of manifest.tables) {
      request.onProgress?.(`${table.schema}.${table.table}`);
      const shape = shapes.find((one) => one.schema === table.schema && one.table === table.table);
      if (shape === undefined) throw backupErrors.differs({ table: `${table.schema}.${table.table}` });
      await loadTable(client, backup, table);
      await compare(client, table, shape.partitioned);
    }
    for (const { schema, name, value, called } of manifest.sequences) {
      await client.query('select setval($1::regclass, $2::bigint, $3)', [
        `${quote(schema)}.${quote(name)}`,
        value,
        called,
      ]);
    }
    for (const key of keys.rows)
      await client.query(`alter table ${key.table} add constraint ${key.name} ${key.definition}`);
    for (const name of names) await client.query(`alter table ${name} enable trigger user`);
    await refreshViews(client, schemas);
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

async function loadTable(client: pg.ClientBase, backup: OpenBackup, table: BackedUpTable): Promise<void> {
  const columns = table.columns.map((column) => quote(column)).join(', ');
  const sink = client.query(
    copyFrom(`copy ${quote(table.schema)}.${quote(table.table)} (${columns}) from stdin`),
  );
  await pipeline(Readable.from(tableText(backup, table), { objectMode: false }), sink);
}

/** Reads the rows back: a table just loaded gives them in the order in which they came. */
async function compare(client: pg.ClientBase, table: BackedUpTable, partitioned: boolean): Promise<void> {
  const stream = client.query(copyTo(`copy ${copySource({ ...table, partitioned })} to stdout`));
  const hash = createHash('sha256');
  for await (const chunk of stream as AsyncIterable<Buffer>) hash.update(chunk);
  const same = partitioned || hash.digest('hex') === table.sha256;
  if (stream.rowCount !== table.rows || !same)
    throw backupErrors.differs({ table: `${table.schema}.${table.table}` });
}

async function refreshViews(client: pg.ClientBase, schemas: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, matviewname) as name from pg_matviews where schemaname = any($1)`,
    [schemas],
  );
  for (const { name } of rows) await client.query(`refresh materialized view ${name}`);
}

/** Trusts the keys that signed the restored trail, keeps its newest checkpoint outside, and verifies it. */
async function adoptTrail(request: RestoreRequest): Promise<ChainReport> {
  const { pool } = request.database;
  const client = await pool.connect();
  try {
    const signers = await signersOf(client);
    const warnings = trustSigners(request.keyFolder, signers);
    const { rows } = await client.query<{ note: string }>(
      'select note from audit.checkpoint order by tree_size desc limit 1',
    );
    if (rows[0] === undefined) await rm(request.checkpointFile, { force: true });
    else await writeFile(request.checkpointFile, rows[0].note, { mode: 0o600, flush: true });
    const report = await verifyChain(pool, signers, rows[0]?.note ?? null);
    return { ...report, warnings: [...report.warnings, ...warnings] };
  } finally {
    client.release();
  }
}

/** A key folder may be mounted read-only: then whoever keeps it has to add the keys. */
function trustSigners(folder: string, signers: readonly Verifier[]): Bilingual[] {
  try {
    trustVerifiers(folder, signers);
    return [];
  } catch (error) {
    if (!['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    const keys = signers.map((signer) => signer.text).join(', ');
    return [
      {
        zh: `無法寫入 ${folder}，請將下列公鑰加入其中的 audit-verifiers.txt：${keys}`,
        en: `${folder} cannot be written; add these keys to its audit-verifiers.txt: ${keys}`,
      },
    ];
  }
}
