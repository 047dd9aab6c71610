import type { MigrationSet } from '#platform/migrate';

/** The migrations of a part lie in its folder, below the name of its schema. */
const of = (level: 'platform' | 'contexts', schema: string): MigrationSet => ({
  schema,
  folder: new URL(`./${level}/${schema}/migrations/`, import.meta.url),
});

/**
 * Every schema of the product, in the order in which they are brought up to date. Told by folder, not imported: a
 * command that only needs the tables then starts in a third of the time, as it loads no sign-in and no context.
 */
export const allMigrations: readonly MigrationSet[] = [
  of('platform', 'audit'),
  of('platform', 'vault'),
  of('platform', 'files'),
  of('platform', 'outbox'),
  of('platform', 'jobs'),
  of('platform', 'http'),
  of('platform', 'auth'),
  of('platform', 'notifications'),
  of('platform', 'mail'),
  of('platform', 'webhooks'),
  of('contexts', 'operators'),
  of('contexts', 'messaging'),
];
