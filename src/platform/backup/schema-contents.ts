import type pg from 'pg';

/** A table with its columns, those that the database computes left out. */
export interface TableShape {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
  /** Partitioned: its rows are read and written through the parent. */
  readonly partitioned: boolean;
}

/** Settings under which COPY writes one and the same text on every server. */
export const COPY_SETTINGS = `set local timezone to 'UTC'; set local datestyle to 'ISO, YMD'; set local intervalstyle to 'postgres';
  set local extra_float_digits to 1; set local bytea_output to 'hex'; set local synchronize_seqscans to off;
  set local idle_in_transaction_session_timeout to 0; set local client_encoding to 'UTF8'`;

/** The tables of schemas, by name. */
export async function tablesOf(client: pg.ClientBase, schemas: readonly string[]): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(
    `select n.nspname as schema, c.relname as table, c.relkind = 'p' as partitioned,
       array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where n.nspname = any($1) and c.relkind in ('r', 'p') and not c.relispartition
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     group by n.nspname, c.relname, c.relkind order by n.nspname, c.relname`,
    [schemas],
  );
  return rows;
}

/** Applied migrations of each schema that exists. */
export async function migrationsOf(
  client: pg.ClientBase,
  schemas: readonly string[],
): Promise<{ schema: string; names: string[] }[]> {
  const found = await client.query<{ schema: string }>(
    `select n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relname = 'kysely_migration' and n.nspname = any($1)`,
    [schemas],
  );
  const existing = new Set(found.rows.map((row) => row.schema));
  const applied: { schema: string; names: string[] }[] = [];
  for (const schema of schemas) {
    if (!existing.has(schema)) continue;
    const { rows } = await client.query<{ name: string }>(
      `select name from ${quote(schema)}.kysely_migration order by name`,
    );
    applied.push({ schema, names: rows.map((row) => row.name) });
  }
  return applied;
}

/** Where each sequence stands. Sequences are outside of snapshots: read after the rows, they are never behind them. */
export async function sequencesOf(
  client: pg.ClientBase,
  schemas: readonly string[],
): Promise<{ schema: string; name: string; value: string; called: boolean }[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    'select schemaname as schema, sequencename as name from pg_sequences where schemaname = any($1) order by 1, 2',
    [schemas],
  );
  const sequences: { schema: string; name: string; value: string; called: boolean }[] = [];
  for (const { schema, name } of rows) {
    const at = await client.query<{ value: string; called: boolean }>(
      `select last_value::text as value, is_called as called from ${quote(schema)}.${quote(name)}`,
    );
    const [place] = at.rows;
    if (place !== undefined) sequences.push({ schema, name, ...place });
  }
  return sequences;
}

/** The COPY source of a table's rows. */
export function copySource({ schema, table, columns, partitioned }: TableShape): string {
  const list = columns.map((column) => quote(column)).join(', ');
  const name = `${quote(schema)}.${quote(table)}`;
  return partitioned ? `(select ${list} from ${name})` : `${name} (${list})`;
}

/** An identifier in double quotes. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
