import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Database } from '../database.ts';
import { createPoller } from '../poller.ts';
import { maskPath, maskSample } from './mask.ts';

export interface RequestLogOptions {
  readonly database: Database;
  /** True to write down the calls of people in the console too; API keys always. */
  readonly sessions?: boolean;
  /** Requests held until written; above it, and above 16 MiB, they are dropped and counted. 2,000 unless said. */
  readonly queue?: number;
  /** Milliseconds between writes; 1,000 unless said. */
  readonly everyMs?: number;
}

export interface RequestLog {
  /** Writes down what is held; for tests and the end. */
  flush(): Promise<void>;
  /** How many are held, and how many were dropped since the start. */
  status(): { readonly held: number; readonly dropped: number };
}

const LARGEST_SAMPLE = 32 * 1024;
const MOST_BYTES = 16 * 1024 * 1024;
const BATCH = 200;

declare module 'fastify' {
  interface FastifyRequest {
    /** The JSON answered, kept for the request log. */
    sentSample: string | null;
  }
}

/**
 * Writes down requests to routes of a contract for 30 days, in batches. Each is masked as soon as it is answered: a
 * batch masked at once would hold up every other request, and answers that wait for it would be copied by each
 * collection of young memory. Nothing unmasked is held or written.
 */
export function registerRequestLog(app: FastifyInstance, options: RequestLogOptions): RequestLog {
  const connection = options.database.of('http');
  const most = options.queue ?? 2000;
  /** Rows as JSON, masked. */
  let queue: string[] = [];
  let bytes = 0;
  let dropped = 0;
  let told = 0;

  const isLogged = (request: FastifyRequest): boolean =>
    request.routeOptions.config.contract !== undefined &&
    request.caller !== null &&
    (request.caller.by === 'key' || (options.sessions === true && request.caller.by === 'person'));

  app.decorateRequest('sentSample', null);
  // With `done` and not async: a promise less for every hook of every request.
  app.addHook('onSend', (request, reply, payload, done) => {
    if (typeof payload === 'string' && payload.length <= LARGEST_SAMPLE && isLogged(request)) {
      const isJson = String(reply.getHeader('content-type') ?? '').includes('json');
      if (isJson) request.sentSample = payload;
    }
    done(null, payload);
  });

  app.addHook('onResponse', (request, reply, done) => {
    keep(request, reply);
    done();
  });

  function keep(request: FastifyRequest, reply: FastifyReply): void {
    const { caller } = request;
    const { contract } = request.routeOptions.config;
    if (contract === undefined || caller === null || !isLogged(request)) return;
    if (queue.length >= most || bytes > MOST_BYTES) {
      dropped++;
      return;
    }
    const tooLong = Number(request.headers['content-length'] ?? 0) > LARGEST_SAMPLE;
    const body = tooLong ? '(too long to show)' : request.body;
    const row = JSON.stringify({
      id: request.id,
      at: new Date(Date.now() - reply.elapsedTime).toISOString(),
      organisationId: caller.organisation.id,
      space: caller.space,
      by: caller.by,
      actorId: caller.actorId,
      method: request.method,
      route: contract.url,
      path: maskPath(contract.url, request.params),
      query: isEmpty(request.query) ? null : maskSample(request.query),
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
      requestSample: body === undefined || body === null ? null : maskSample(body),
      ...readAnswer(request.sentSample),
    });
    bytes += row.length;
    queue.push(row);
    if (queue.length === BATCH) writing.poke();
  }

  async function write(): Promise<boolean> {
    if (dropped > told) {
      app.log.warn({ dropped: dropped - told }, 'the request log was full; requests were left out of it');
      told = dropped;
    }
    if (queue.length === 0) return false;
    const batch = queue;
    queue = [];
    bytes = 0;
    try {
      for (let from = 0; from < batch.length; from += BATCH) await insert(batch.slice(from, from + BATCH));
    } catch (error) {
      // Not kept for later: while the database is away the queue would only grow.
      dropped += batch.length;
      throw error;
    }
    return false;
  }

  async function insert(rows: readonly string[]): Promise<void> {
    await sql`
      insert into http.request_log (id, at, organisation_id, space, by, actor_id, method, route, path, query, status, duration_ms,
        error_code, request_sample, response_sample)
      select id, at, "organisationId", space, by, "actorId", method, route, path, query, status, "durationMs", "errorCode",
        "requestSample", "responseSample"
      from jsonb_to_recordset(${`[${rows.join(',')}]`}::jsonb) as r(id text, at timestamptz, "organisationId" text, space text,
        by text, "actorId" text, method text, route text, path text, query jsonb, status integer, "durationMs" real,
        "errorCode" text, "requestSample" jsonb, "responseSample" jsonb)
      on conflict (id) do nothing`.execute(connection);
  }

  async function forget(): Promise<boolean> {
    const { numAffectedRows = 0n } = await sql`
      delete from http.request_log where seq in (
        select seq from http.request_log where at < now() - interval '30 days' limit 5000)`.execute(
      connection,
    );
    return numAffectedRows === 5000n;
  }

  const onError = (error: unknown): void =>
    app.log.error({ err: error }, 'the request log could not be written');
  const writing = createPoller({ work: write, everyMs: options.everyMs ?? 1000, onError });
  const forgetting = createPoller({ work: forget, everyMs: 600_000, onError });
  app.addHook('onReady', async () => {
    writing.start();
    forgetting.start();
  });
  app.addHook('onClose', async () => {
    await Promise.all([writing.stop(), forgetting.stop()]);
    await write().catch(onError);
  });
  return {
    flush: async () => {
      await write();
    },
    status: () => ({ held: queue.length, dropped }),
  };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || Object.keys(value).length === 0;
}

function readAnswer(answer: string | null): { errorCode: string | null; responseSample: unknown } {
  if (answer === null) return { errorCode: null, responseSample: null };
  try {
    const value = JSON.parse(answer) as unknown;
    const { code, status } = (value ?? {}) as { code?: unknown; status?: unknown };
    const isProblem =
      typeof code === 'string' && typeof status === 'number' && /^[a-z_-]+\.[a-z0-9_]+$/.test(code);
    return { errorCode: isProblem ? code : null, responseSample: maskSample(value) };
  } catch {
    return { errorCode: null, responseSample: null };
  }
}
