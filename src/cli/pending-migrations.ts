import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { migrationsOf } from '#platform/backup/schema-contents';
import type { Database } from '#platform/database';
import type { MigrationSet } from '#platform/migrate';

/** Names `schema/migration` of what this version would apply; `fresh` where nothing was ever applied. */
export async function pendingMigrations(
  database: Database,
  sets: readonly MigrationSet[],
): Promise<{ readonly names: readonly string[]; readonly fresh: boolean }> {
  const client = await database.pool.connect();
  try {
    const levels = await migrationsOf(
      client,
      sets.map((set) => set.schema),
    );
    const pending: string[] = [];
    for (const { schema, folder } of sets) {
      const applied = new Set(levels.find((level) => level.schema === schema)?.names);
      const files = (await readdir(fileURLToPath(folder))).filter((name) => name.endsWith('.sql')).sort();
      const names = files.map((name) => name.replace(/\.sql$/, ''));
      pending.push(...names.filter((name) => !applied.has(name)).map((name) => `${schema}/${name}`));
    }
    return { names: pending, fresh: levels.length === 0 };
  } finally {
    client.release();
  }
}
