import type { FastifyInstance } from 'fastify';
import type { Database } from '../database.ts';

/** One condition of readiness; false or a throw means not ready. */
export type Check = () => boolean | Promise<boolean>;

const CHECK_MS = 2000;

/**
 * `/healthz`: the process answers. `/readyz`: it can do its work: the database answers and every further check holds
 * (`migrations`, `workers` …); 503 otherwise, with the name of what is missing. Neither tells anything else.
 */
export function registerHealth(
  app: FastifyInstance,
  {
    database,
    checks = {},
  }: { readonly database: Database; readonly checks?: Readonly<Record<string, Check>> },
): void {
  const all: Readonly<Record<string, Check>> = {
    database: async () => (await database.pool.query('select 1')).rows.length === 1,
    ...checks,
  };
  app.get('/healthz', { schema: { hide: true } }, async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    return { status: 'ok' };
  });
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(all).map(
        async ([name, check]) => [name, (await holds(check)) ? 'ok' : 'failing'] as const,
      ),
    );
    const ready = results.every(([, state]) => state === 'ok');
    void reply.status(ready ? 200 : 503).header('cache-control', 'no-store');
    return { status: ready ? 'ready' : 'not ready', checks: Object.fromEntries(results) };
  });
}

async function holds(check: Check): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), CHECK_MS);
  try {
    return await Promise.race([Promise.resolve().then(check), late.promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
