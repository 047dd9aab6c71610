import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import { html } from '#platform/http/html';
import { operatorErrors } from '../errors.ts';
import { manifest, operatorType, reconcileQuery, type ReconciliationQuery } from '../reconciliation-api.ts';
import { searchOperators } from '../search.ts';
import type { OperatorsTables } from '../tables.ts';
import { publicEntry } from './public-entry.ts';

const MAX_QUERIES = 50;

/** W3C Reconciliation Service API 0.2 over the public register: OpenRefine users match their own sheets. */
export function registerReconciliationApi(
  app: FastifyInstance,
  db: Kysely<OperatorsTables>,
  publicUrl: string,
): void {
  // A scope of its own: its open answers and its forms are nobody else's.
  void app.register(async (scope) => registerService(scope, db, publicUrl));
}

function registerService(app: FastifyInstance, db: Kysely<OperatorsTables>, publicUrl: string): void {
  const limited = { config: { limitPerMinute: 600 } };
  app.addHook('onRequest', async (_request, reply) => {
    // Desktop tools call from anywhere; the register behind it is public.
    void reply
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin');
  });
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 256 * 1024 },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))));
    },
  );
  const answer = async (request: FastifyRequest): Promise<unknown> => {
    const { queries } = { ...(request.query as object), ...(request.body as object | undefined) } as {
      queries?: string;
    };
    if (queries === undefined) return manifest(publicUrl);
    const parsed = parseQueries(queries);
    const answers = await Promise.all(
      Object.entries(parsed).map(
        async ([key, query]) => [key, { result: await reconcileQuery(db, query) }] as const,
      ),
    );
    return Object.fromEntries(answers);
  };
  for (const url of ['/reconcile', '/reconcile/']) {
    app.get(url, limited, answer);
    app.post(url, limited, answer);
  }
  app.get<{ Querystring: { prefix?: unknown } }>('/reconcile/suggest/entity', limited, async (request) => {
    const hits = await searchOperators(db, textOf(request.query.prefix), 10);
    return {
      result: hits.map((hit) => ({
        id: hit.ubn,
        name: hit.name,
        description: `${hit.ubn ?? ''} ${hit.address ?? ''}`.trim(),
        notable: [operatorType],
      })),
    };
  });
  app.get<{ Params: { ubn: string } }>('/reconcile/preview/:ubn', limited, async (request, reply) => {
    const entry = await publicEntry(db, request.params.ubn);
    if (entry === null) throw operatorErrors.operator_not_found({ ubn: request.params.ubn });
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; frame-ancestors *")
      .removeHeader('x-frame-options')
      .send(
        html`<!doctype html>
          <html lang="zh-Hant-TW">
            <meta charset="utf-8" />
            <title>${entry.name}</title>
            <p><b>${entry.name}</b> ${entry.ubn}</p>
            <p>${entry.registerStatus}　${entry.address}</p>
          </html>`.text,
      );
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 80) : '');

function parseQueries(text: string): Record<string, ReconciliationQuery> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw operatorErrors.bad_reconciliation({ problem: 'queries is not JSON' });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw operatorErrors.bad_reconciliation({ problem: 'queries is not an object' });
  const entries = Object.entries(parsed as Record<string, unknown>);
  if (entries.length > MAX_QUERIES)
    throw operatorErrors.bad_reconciliation({ problem: `more than ${MAX_QUERIES} queries` });
  return Object.fromEntries(entries.map(([key, query]) => [key, toQuery(key, query)]));
}

function toQuery(key: string, value: unknown): ReconciliationQuery {
  const query = value as Record<string, unknown> | null;
  if (typeof query !== 'object' || query === null || typeof query['query'] !== 'string') {
    throw operatorErrors.bad_reconciliation({ problem: `${key}.query is not a text` });
  }
  const properties = Array.isArray(query['properties'])
    ? query['properties'].flatMap((property: unknown) => {
        const { pid, v } = (property ?? {}) as { pid?: unknown; v?: unknown };
        return typeof pid === 'string' ? [{ pid, v }] : [];
      })
    : undefined;
  return {
    query: query['query'].slice(0, 200),
    limit:
      typeof query['limit'] === 'number' && Number.isFinite(query['limit'])
        ? Math.trunc(query['limit'])
        : undefined,
    properties,
  };
}
