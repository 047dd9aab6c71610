import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { defineErrors } from './errors.ts';

const errors = defineErrors('migration', {
  failed: {
    status: 500,
    zh: '資料庫結構 {schema} 的變更 {migration} 失敗：{problem}。資料未變動。',
    en: 'migration {migration} of schema {schema} failed: {problem}. Nothing was changed.',
  },
});

/** The migrations of one schema: plain forward-only `.sql` files `0001_what.sql` in a folder. */
export interface MigrationSet {
  readonly schema: string;
  readonly folder: URL;
}

/**
 * Brings each schema up to date, in the order given, each in one transaction under a lock, so that two processes may
 * start at once. The files see their schema first in the search path. Returns the names that were applied.
 */
export async function migrate(database: Kysely<never>, sets: readonly MigrationSet[]): Promise<string[]> {
  const applied: string[] = [];
  for (const { schema, folder } of sets) {
    await sql`create schema if not exists ${sql.id(schema)}`.execute(database);
    const migrator = new Migrator({
      // A schema of the builder would win over migrationTableSchema, and all sets would share one table.
      db: database.withoutPlugins(),
      migrationTableSchema: schema,
      provider: { getMigrations: () => readMigrations(schema, folder) },
    });
    const { error, results } = await migrator.migrateToLatest();
    if (error !== undefined) {
      const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? '?';
      throw errors.failed({ schema, migration: failed, problem: (error as Error).message }, { cause: error });
    }
    for (const { migrationName } of results ?? []) applied.push(`${schema}/${migrationName}`);
  }
  return applied;
}

async function readMigrations(schema: string, folder: URL): Promise<Record<string, Migration>> {
  const names = (await readdir(fileURLToPath(folder))).filter((name) => name.endsWith('.sql')).sort();
  const entries = names.map(async (name): Promise<[string, Migration]> => {
    const text = await readFile(new URL(name, folder), 'utf8');
    const up = async (database: Kysely<unknown>): Promise<void> => {
      await sql`set local search_path to ${sql.id(schema)}, public`.execute(database);
      await sql.raw(text).execute(database);
    };
    return [name.replace(/\.sql$/, ''), { up }];
  });
  return Object.fromEntries(await Promise.all(entries));
}
