import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { Config } from './config.ts';
import { defineErrors } from './errors.ts';
import { postgresErrors, startEmbeddedPostgres } from './postgres/embedded.ts';

const errors = defineErrors('postgres', {
  search_blind: {
    status: 503,
    zh: '此資料庫的字元分類無法搜尋中文（lc_ctype 為 C）。請以 --locale=C.UTF-8 建立資料庫。',
    en: 'this database cannot search Chinese (its lc_ctype is C). Create it with --locale=C.UTF-8.',
  },
});

/** Any transaction, of whatever context: the kernel's functions write in the transaction of their caller. */
// oxlint-disable-next-line typescript/no-explicit-any -- the tables differ from caller to caller; the kernel uses its own
export type AnyTransaction = Transaction<any>;

/** The one PostgreSQL behind the product. */
export interface Database {
  readonly pool: pg.Pool;
  readonly url: string;
  /** Query builder over the tables of one schema. */
  of<Tables>(schema: string): Kysely<Tables>;
  /**
   * Runs work in one transaction and lends it the client underneath, for COPY. Statements of the builder and of the
   * client share the transaction; they must not run at the same time.
   */
  transactionWithClient<Tables, Result>(
    schema: string,
    work: (trx: Transaction<Tables>, client: pg.PoolClient) => Promise<Result>,
  ): Promise<Result>;
  /** Called when the embedded server ends by itself. */
  onLost(listener: (detail: string) => void): void;
  close(): Promise<void>;
}

// A bigint is a count or an amount below 2^53 here, and a date is a legal day, not an instant.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/** One key for all: whoever holds this advisory lock is the server of the data folder. */
const SERVER_LOCK = 7_261_601;

export interface OpenOptions {
  /** True for the server: a second one on the same embedded database is refused. */
  readonly exclusive: boolean;
  readonly poolSize?: number;
}

/** Opens the configured database: `databaseUrl`, or the embedded PostgreSQL of the data folder. */
export async function openDatabase(config: Config, options: OpenOptions): Promise<Database> {
  const { databaseUrl } = config.settings;
  if (databaseUrl !== undefined) {
    const database = connect(databaseUrl, options.poolSize);
    await requireChineseSearch(database);
    return database;
  }
  const embedded = await startEmbeddedPostgres(config.dataFolder);
  const lock = new pg.Client({ connectionString: embedded.url });
  lock.on('error', () => {});
  await lock.connect();
  const takeLock = async (): Promise<boolean> => {
    const { rows } = await lock.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      SERVER_LOCK,
    ]);
    return rows[0]?.taken === true;
  };
  if (options.exclusive && !(await takeLock())) {
    await lock.end();
    throw postgresErrors.already_running({ folder: config.dataFolder });
  }
  const database = connect(embedded.url, options.poolSize);
  await requireChineseSearch(database);
  return {
    ...database,
    onLost: (listener) => embedded.onUnexpectedExit(listener),
    close: async () => {
      await database.close();
      // A command line that opened the folder leaves the server running where another process serves from it.
      const mayStop = options.exclusive || (await takeLock());
      await lock.end();
      if (mayStop) await embedded.stop();
    },
  };
}

/** Connects to a PostgreSQL by address; also the door for tests. */
export function connect(url: string, poolSize = 16): Database {
  return over(new pg.Pool({ connectionString: url, max: poolSize, idleTimeoutMillis: 30_000 }), url);
}

/** Statements that a connection keeps prepared at most. */
const MOST_PREPARED = 100;

/** Gives statements with parameters a name by their text: parsed and planned once a connection. */
class PreparingClient extends pg.Client {
  readonly #names = new Map<string, string>();

  // The many shapes of `query` are pg's own; only the one that Kysely uses is changed.
  override query(...given: unknown[]): never {
    return (super.query as (this: this, ...args: unknown[]) => never).apply(this, this.#named(given));
  }

  #named(given: unknown[]): unknown[] {
    const [text, values] = given;
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return given;
    const known = this.#names.get(text);
    if (known !== undefined) return [{ name: known, text, values: values as unknown[] }];
    if (this.#names.size >= MOST_PREPARED) return given;
    const name = `s${this.#names.size}`;
    this.#names.set(text, name);
    return [{ name, text, values: values as unknown[] }];
  }
}

/**
 * Connections for the few statements of a hot path, prepared at their first use: statements of a transaction that are
 * begun without waiting for each other go out together and are answered together. No COPY and no cursors.
 */
export function connectPipelined(url: string, poolSize: number): Database {
  const options = { connectionString: url, max: poolSize, idleTimeoutMillis: 30_000, pipeline: true };
  return over(new pg.Pool({ ...options, Client: PreparingClient }), url);
}

/** Connections of a thread that runs the same few statements without end: prepared at their first use. */
export function connectPrepared(url: string, poolSize: number): Database {
  const options = { connectionString: url, max: poolSize, idleTimeoutMillis: 30_000 };
  return over(new pg.Pool({ ...options, Client: PreparingClient }), url);
}

function over(pool: pg.Pool, url: string): Database {
  pool.on('error', () => {});
  // A connection that is lost while a transaction holds it would otherwise end the process; the next query reports it.
  pool.on('connect', (client) => client.on('error', () => {}));
  const root = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  return {
    pool,
    url,
    of: <Tables>(schema: string) => root.withSchema(schema) as unknown as Kysely<Tables>,
    transactionWithClient: <Tables, Result>(
      schema: string,
      work: (trx: Transaction<Tables>, client: pg.PoolClient) => Promise<Result>,
    ) => lendClient(pool, schema, work),
    onLost: () => {},
    close: async () => {
      await root.destroy();
      // Kysely ends a pool only if it ran a query of its own.
      if (!pool.ended) await pool.end();
    },
  };
}

async function lendClient<Tables, Result>(
  pool: pg.Pool,
  schema: string,
  work: (trx: Transaction<Tables>, client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  const giveBack = client.release.bind(client);
  client.release = () => {};
  const single = { connect: async () => client, end: async () => {} };
  const builder = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: single as never }) }).withSchema(
    schema,
  );
  let failed = true;
  try {
    const result = await builder.transaction().execute((trx) => work(trx, client));
    failed = false;
    return result;
  } finally {
    // A client whose transaction broke, perhaps in the middle of a COPY, is not used again.
    giveBack(failed);
  }
}

/** With the character class of plain C, pg_trgm finds no trigram in Chinese and search is silently blind. */
async function requireChineseSearch(database: Database): Promise<void> {
  await database.pool.query('create extension if not exists pg_trgm with schema public');
  const { rows } = await sql<{ blind: boolean }>`select public.show_trgm('綠界科技') = '{}' as blind`.execute(
    database.of('public'),
  );
  if (rows[0]?.blind !== false) throw errors.search_blind();
}
