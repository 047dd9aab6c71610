import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import type { Caller } from '../access.ts';
import type { Database } from '../database.ts';
import { defineErrors } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import { parseCursor, toPage } from './cursor.ts';
import { requestLogRoutes } from './request-log-contract.ts';
import { registerRoutes } from './routes.ts';

const errors = defineErrors('developer', {
  request_not_found: {
    status: 404,
    zh: '查無請求 {id}；紀錄保留 30 天，寫入約需 1 秒。',
    en: 'there is no request {id}; they are kept for 30 days and written within about a second.',
  },
});

interface Row {
  readonly seq: number;
  readonly id: string;
  readonly at: Date;
  readonly by: 'key' | 'person';
  readonly actor_id: string;
  readonly method: string;
  readonly route: string;
  readonly path: string;
  readonly query: Readonly<Record<string, JsonValue>> | null;
  readonly status: number;
  readonly duration_ms: number;
  readonly error_code: string | null;
  readonly request_sample: JsonValue;
  readonly response_sample: JsonValue;
}

const own = ({ organisation, space }: Caller) =>
  sql<boolean>`organisation_id = ${organisation.id} and space = ${space} and at > now() - interval '30 days'`;

/** The routes of `request-log-contract.ts`. `publicUrl` is the address that a curl line shows. */
export function registerRequestLogRoutes(
  app: FastifyInstance,
  { database, publicUrl }: { readonly database: Database; readonly publicUrl: string },
): void {
  const connection = database.of('http');
  registerRoutes(app, requestLogRoutes, {
    async listRequests({ query, caller }) {
      const limit = query.limit ?? 50;
      const cursor = parseCursor(query.cursor, 'bigint');
      const conditions = [own(caller)];
      if (query.method !== undefined) conditions.push(sql<boolean>`method = ${query.method}`);
      if (query.status !== undefined)
        conditions.push(sql<boolean>`status / 100 = ${Number(query.status[0])}`);
      if (query.route !== undefined) conditions.push(sql<boolean>`route = ${query.route}`);
      if (query.requestId !== undefined) conditions.push(sql<boolean>`id = ${query.requestId}`);
      if (query.actorId !== undefined) conditions.push(sql<boolean>`actor_id = ${query.actorId}`);
      if (cursor !== null) conditions.push(sql<boolean>`seq < ${cursor[0]}::bigint`);
      const { rows } = await sql<Row>`
        select seq, id, at, by, actor_id, method, route, path, status, duration_ms, error_code from http.request_log
        where ${sql.join(conditions, sql` and `)} order by seq desc limit ${limit + 1}`.execute(connection);
      return toPage(rows, limit, ({ seq }) => [seq], toLine);
    },
    async readRequest({ params, caller }) {
      const { rows } =
        await sql<Row>`select * from http.request_log where id = ${params.id} and ${own(caller)}`.execute(
          connection,
        );
      const [row] = rows;
      if (row === undefined) throw errors.request_not_found({ id: params.id });
      return {
        ...toLine(row),
        query: row.query,
        requestSample: row.request_sample,
        responseSample: row.response_sample,
        curl: toCurl(row, publicUrl),
      };
    },
  });
}

function toLine(row: Row) {
  return {
    id: row.id,
    at: row.at.toISOString(),
    by: row.by,
    actorId: row.actor_id,
    method: row.method,
    route: row.route,
    path: row.path,
    status: row.status,
    durationMs: Math.round(row.duration_ms * 100) / 100,
    errorCode: row.error_code,
  };
}

/** The request as a line for a POSIX shell. The key is a variable of the reader's own shell; masked values stay masked. */
function toCurl(row: Row, publicUrl: string): string {
  const query = Object.entries(row.query ?? {}).map(
    ([name, value]) =>
      `${name}=${encodeURIComponent(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  const address = `${publicUrl.replace(/\/$/, '')}${row.path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  const parts = [
    'curl',
    ...(row.method === 'GET' ? [] : ['-X', row.method]),
    quote(address),
    '-H',
    '"Authorization: Bearer $XINLAI_KEY"',
  ];
  if (row.request_sample !== null) {
    parts.push(
      '-H',
      quote('content-type: application/json'),
      '--data',
      quote(JSON.stringify(row.request_sample)),
    );
  }
  return parts.join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
