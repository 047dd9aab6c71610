import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { freshDatabase } from '#test/database';
import { allMigrations } from '../src/migrations.ts';
import { readStatedTables } from './table-interfaces.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const ours = allMigrations.map((set) => set.schema);

/** Tables without a primary key, and why that is right. */
const keyless: Readonly<Record<string, string>> = {
  'operators.fact': 'append-only and bitemporal: equal facts may hold again later; written in bulk by COPY',
  'operators.operator_name':
    'rebuilt as a whole with the register; a firm has many names, some of them twice',
  'operators.finding_history': 'append-only journal of a finding; read by finding and time',
  'messaging.intent': 'append-only fact in partitions by day; ids come from one sequence',
  'messaging.check_fresh': 'append-only; folded into runs as a whole',
  'messaging.check_run': 'append-only runs; many rows a bucket',
  'messaging.submission': 'append-only fact in partitions by day; a row may be answered more than once',
  'messaging.receipt': 'append-only fact; telecoms repeat receipts',
};

/** Columns that a query may see as null although the table does not say so, or the other way round, and why. */
const differing: Readonly<Record<string, string>> = {
  'audit.entry.details': 'JSON null stands for no details',
};

async function rows<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  return (await pool.query<Row>(text, values)).rows;
}

const KEYS_ACROSS = `
  select c.conname as name, f.nspname as from_schema, t.nspname as to_schema
  from pg_constraint c
  join pg_class fc on fc.oid = c.conrelid join pg_namespace f on f.oid = fc.relnamespace
  join pg_class tc on tc.oid = c.confrelid join pg_namespace t on t.oid = tc.relnamespace
  where c.contype = 'f' and f.oid <> t.oid`;

test('no foreign key leaves its schema', async () => {
  await using fresh = await freshDatabase(allMigrations);
  const { pool } = fresh.database;
  assert.deepEqual(await rows(pool, KEYS_ACROSS), []);
  await pool.query('create table audit.planted (id text references jobs.job (id))');
  assert.equal((await rows(pool, KEYS_ACROSS)).length, 1, 'a planted key is found');
});

test('no view or function of a schema reads the tables of another', async () => {
  await using fresh = await freshDatabase(allMigrations);
  const { pool } = fresh.database;
  const crossing = `
    select distinct vn.nspname || '.' || v.relname as view, tn.nspname || '.' || t.relname as table
    from pg_depend d
    join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
    join pg_class v on v.oid = r.ev_class join pg_namespace vn on vn.oid = v.relnamespace
    join pg_class t on t.oid = d.refobjid and d.refclassid = 'pg_class'::regclass
    join pg_namespace tn on tn.oid = t.relnamespace
    where vn.nspname = any($1) and tn.oid <> vn.oid and t.relname not like 'public\\_%'`;
  assert.deepEqual(await rows(pool, crossing, [ours]), []);
  await pool.query('create view audit.planted as select id from jobs.job');
  assert.equal((await rows(pool, crossing, [ours])).length, 1, 'a planted view is found');
});

test('a view is for others and is called so', async () => {
  await using fresh = await freshDatabase(allMigrations);
  const views = await rows<{ name: string }>(
    fresh.database.pool,
    'select schemaname || $2 || viewname as name from pg_views where schemaname = any($1)',
    [ours, '.'],
  );
  assert.ok(views.length > 0);
  assert.deepEqual(
    views.map((view) => view.name).filter((name) => !/\.public_[a-z_]+$/.test(name)),
    [],
  );
});

test('every table has a primary key, or a reason for none', async () => {
  await using fresh = await freshDatabase(allMigrations);
  const without = await rows<{ name: string }>(
    fresh.database.pool,
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = any($1) and c.relname not like 'kysely\\_%'
       and not exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype = 'p') order by 1`,
    [ours],
  );
  assert.deepEqual(
    without.map((table) => table.name),
    Object.keys(keyless).sort(),
  );
});

test('an instant carries its zone, and text has no length limit of the database', async () => {
  await using fresh = await freshDatabase(allMigrations);
  const wrong = await rows<{ name: string; type: string }>(
    fresh.database.pool,
    `select table_schema || '.' || table_name || '.' || column_name as name, data_type as type
     from information_schema.columns where table_schema = any($1) and table_name not like 'kysely\\_%'
       and data_type in ('timestamp without time zone', 'character varying', 'character', 'money', 'json')`,
    [ours],
  );
  assert.deepEqual(wrong, []);
});

interface Column {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly nullable: boolean;
}

test('row interfaces name columns that exist, null where they may be null', async () => {
  await using fresh = await freshDatabase(allMigrations);
  const live = await rows<Column>(
    fresh.database.pool,
    `select table_schema as schema, table_name as table, column_name as name, is_nullable = 'YES' as nullable
     from information_schema.columns where table_schema = any($1)`,
    [ours],
  );
  const nullable = new Map(
    live.map((column) => [`${column.schema}.${column.table}.${column.name}`, column.nullable]),
  );
  const stated = readStatedTables(root);
  assert.ok(stated.length > 20, `only ${stated.length} row interfaces were found`);
  const problems = stated.flatMap(({ file, schema, table, columns }) => {
    if (columns.size === 0) return [`${file}: ${table} states no column`];
    return [...columns].flatMap(([column, admits]) => {
      const name = `${schema}.${table}.${column}`;
      const actual = nullable.get(name);
      if (actual === undefined) return [`${file}: ${name} is no column`];
      if (actual === admits || name in differing) return [];
      return [`${file}: ${name} ${actual ? 'may be null' : 'is never null'}`];
    });
  });
  assert.deepEqual(problems, []);
  for (const name of Object.keys(differing)) assert.ok(nullable.has(name), `${name} is no column any more`);
});

test('row interfaces are read with their nulls', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-tables-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'src/platform/planted'), { recursive: true });
  writeFileSync(
    join(folder, 'src/platform/planted/tables.ts'),
    `type Maybe = ColumnType<string | null, string, string>;
     export interface Row { id: string; note: string | null; at: Generated<Date>; gone: Maybe }
     export interface PlantedTables { first: Row; second: { id: string } }`,
  );
  const [first, second] = readStatedTables(folder);
  assert.equal(first?.schema, 'planted');
  assert.deepEqual(
    [...(first?.columns ?? [])],
    [
      ['id', false],
      ['note', true],
      ['at', false],
      ['gone', true],
    ],
  );
  assert.deepEqual([...(second?.columns ?? [])], [['id', false]]);
});
