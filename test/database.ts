import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { connect, type Database } from '#platform/database';
import { migrate, type MigrationSet } from '#platform/migrate';

export { allMigrations } from '../src/migrations.ts';

/** A database of a test's own on the real PostgreSQL that `scripts/test.ts` started; dropped when disposed. */
export interface FreshDatabase extends AsyncDisposable {
  readonly database: Database;
  readonly url: string;
}

/** Address of the test cluster; set by `scripts/test.ts`, which starts it. */
function clusterUrl(): string {
  const url = process.env['XINLAI_TEST_DATABASE_URL'];
  if (url === undefined)
    throw new Error('run tests with `node scripts/test.ts [files or folders]`: it starts PostgreSQL');
  return url;
}

const prepared = new Map<string, Promise<string>>();

/** Clones a template in which the migrations given were run once (33 ms a clone against about 1 s to migrate). */
export async function freshDatabase(sets: readonly MigrationSet[] = []): Promise<FreshDatabase> {
  const key = createHash('sha256')
    .update(sets.map((set) => set.folder.href).join('\n'))
    .digest('hex')
    .slice(0, 16);
  const template = await (prepared.get(key) ?? prepare(key, sets));
  return copyOf(template);
}

/** A copy of a database as it stands; nobody may be connected to it but pools of this process, which wait. */
export async function copyDatabase(url: string): Promise<FreshDatabase> {
  const name = new URL(url).pathname.slice(1);
  await onCluster((client) =>
    client.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [name]),
  );
  return copyOf(name);
}

async function copyOf(template: string): Promise<FreshDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onCluster((client) =>
    client.query(`create database ${name} template ${template} strategy file_copy`),
  );
  const url = clusterUrl().replace(/\/postgres$/, `/${name}`);
  const database = connect(url, 8);
  return {
    database,
    url,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await onCluster((client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

function prepare(key: string, sets: readonly MigrationSet[]): Promise<string> {
  const name = `template_${key}`;
  const work = onCluster(async (client) => {
    // Test files run side by side in processes of their own; one of them makes the template, the others wait.
    await client.query('select pg_advisory_lock(hashtext($1))', [name]);
    const { rows } = await client.query('select 1 from pg_database where datname = $1 and datistemplate', [
      name,
    ]);
    if (rows.length === 0) {
      await client.query(`drop database if exists ${name} with (force)`);
      await client.query(`create database ${name}`);
      const database = connect(clusterUrl().replace(/\/postgres$/, `/${name}`), 2);
      await database.pool.query('create extension if not exists pg_trgm with schema public');
      await migrate(database.of('public'), sets);
      await database.close();
      // A backend ends a moment after its client; a database in use cannot be cloned.
      await client.query(`alter database ${name} allow_connections false`);
      await client.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [
        name,
      ]);
      await client.query(`alter database ${name} is_template true allow_connections false`);
    }
    return name;
  });
  prepared.set(key, work);
  return work;
}

async function onCluster<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: clusterUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
