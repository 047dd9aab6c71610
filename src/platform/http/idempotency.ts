import { createHash, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sql, type RawBuilder } from 'kysely';
import type { Clock } from '../clock.ts';
import type { AnyTransaction, Database } from '../database.ts';
import { defineErrors } from '../errors.ts';
import { canonicalJson, type JsonValue } from '../json.ts';
import { createPoller } from '../poller.ts';
import { openAnswer, sealAnswer } from './idempotency-seal.ts';

const errors = defineErrors('http', {
  idempotency_key_invalid: {
    status: 400,
    zh: 'Idempotency-Key 須為 1 至 255 個可見 ASCII 字元。',
    en: 'the Idempotency-Key must have 1 to 255 visible ASCII characters.',
  },
  idempotency_key_reused: {
    status: 422,
    zh: '這個 Idempotency-Key 已用於內容不同的請求，請為新的請求使用新的值。',
    en: 'this Idempotency-Key was used for another request; use a new one for new content.',
  },
  idempotency_in_progress: {
    status: 409,
    zh: '同一個 Idempotency-Key 的請求仍在處理中，請稍後以相同內容再試。',
    en: 'the request with this Idempotency-Key is still under way; try again with the same content.',
    retryable: true,
  },
});

export interface IdempotencyOptions {
  readonly database: Database;
  /** Decides when a key is forgotten (24 hours). */
  readonly clock: Clock;
  /** Seconds after which a request whose process died no longer blocks its key; 60 unless said. */
  readonly leaseSeconds?: number;
}

/** A key that this process works under. */
interface Held {
  readonly organisationId: string;
  readonly space: string;
  readonly route: string;
  readonly key: string;
  readonly keyDigest: Buffer;
  readonly owner: string;
}

interface Row {
  readonly mine: boolean;
  readonly same: boolean;
  readonly locked_until: Date | null;
  readonly status: number | null;
  readonly content_type: string | null;
  readonly answer: Buffer | null;
}

const DAY = { hours: 24 };
const LARGEST_ANSWER = 1024 * 1024;
/** Refusals of the input or of the moment: nothing happened, and the same key may come again with what is right. */
const notKept: ReadonlySet<number> = new Set([400, 401, 403, 408, 413, 415, 422, 425, 429]);

declare module 'fastify' {
  interface FastifyRequest {
    /** The idempotency key that this request works under; null where it has none. */
    idempotency: Held | null;
  }
}

/**
 * Honours `Idempotency-Key` on routes whose contract says `idempotent`, per organisation, space and route: the same key
 * with the same content answers what was answered before (`idempotency-replayed: true`), with other content 422, and
 * 409 while the first is under way. The claim is one statement, so of several at once only one runs. A request whose
 * process dies blocks its key for the lease; a server error frees it at once.
 */
export function registerIdempotency(app: FastifyInstance, options: IdempotencyOptions): void {
  const { database, clock, leaseSeconds = 60 } = options;
  const connection = database.of('http');
  const held = new Set<Held>();
  const keeping = createPoller({
    work: renew,
    everyMs: (leaseSeconds * 1000) / 3,
    onError: (error) => app.log.error({ err: error }, 'leases of idempotency keys could not be renewed'),
  });
  const forgetting = createPoller({
    work: forget,
    everyMs: 600_000,
    onError: (error) => app.log.error({ err: error }, 'old idempotency keys could not be deleted'),
  });

  async function renew(): Promise<boolean> {
    if (held.size === 0) return false;
    // A row that its handler's transaction holds needs no lease: skipped, so that it delays nobody else's.
    await sql`update http.idempotency set locked_until = now() + ${leaseSeconds} * interval '1 second' where ctid in (
      select ctid from http.idempotency where owner = any(${[...held].map(({ owner }) => owner)}::text[])
        and locked_until is not null for update skip locked)`.execute(connection);
    return false;
  }

  async function forget(): Promise<boolean> {
    const { numAffectedRows = 0n } = await sql`
      delete from http.idempotency where ctid in (
        select ctid from http.idempotency where expires_at < ${clock.now().toString()}::timestamptz limit 5000)`.execute(
      connection,
    );
    return numAffectedRows === 5000n;
  }

  async function claim(one: Held, requestDigest: Buffer): Promise<Row> {
    const now = clock.now();
    const { rows } = await sql<Row>`
      with claimed as (
        insert into http.idempotency as i (organisation_id, space, route, key_digest, request_digest, locked_until, owner, expires_at)
        values (${one.organisationId}, ${one.space}, ${one.route}, ${one.keyDigest}, ${requestDigest},
          now() + ${leaseSeconds} * interval '1 second', ${one.owner}, ${now.add(DAY).toString()}::timestamptz)
        on conflict (organisation_id, space, route, key_digest) do update
          set request_digest = excluded.request_digest, locked_until = excluded.locked_until, owner = excluded.owner,
            expires_at = excluded.expires_at, status = null, content_type = null, answer = null
          where i.expires_at <= ${now.toString()}::timestamptz
            or (i.locked_until < now() and i.request_digest = excluded.request_digest)
        returning *
      )
      select true as mine, true as same, locked_until, status, content_type, answer from claimed
      union all
      select false, request_digest = ${requestDigest}, locked_until, status, content_type, answer from http.idempotency
      where not exists (select from claimed) and organisation_id = ${one.organisationId} and space = ${one.space}
        and route = ${one.route} and key_digest = ${one.keyDigest}`.execute(connection);
    // The row was there when the insert met it and is gone for the snapshot: freed by a failed request just now.
    return rows[0] ?? claim(one, requestDigest);
  }

  async function release(one: Held): Promise<void> {
    held.delete(one);
    await sql`delete from http.idempotency where ${owned(one)}`.execute(connection);
  }

  app.decorateRequest('idempotency', null);
  app.addHook('onReady', async () => {
    keeping.start();
    forgetting.start();
  });
  app.addHook('onClose', async () => {
    await Promise.all([keeping.stop(), forgetting.stop()]);
  });

  // After validation: input that is refused there leaves no trace and may be sent again under the same key.
  app.addHook('preHandler', async (request, reply) => {
    const { contract } = request.routeOptions.config;
    const header = request.headers['idempotency-key'];
    if (contract?.idempotent !== true || header === undefined) return;
    if (typeof header !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(header))
      throw errors.idempotency_key_invalid();
    const one: Held = {
      organisationId: request.caller?.organisation.id ?? 'public',
      space: request.caller?.space ?? 'live',
      route: `${contract.method} ${contract.url}`,
      key: header,
      keyDigest: createHash('sha256').update(`idempotency\0${header}`).digest(),
      owner: randomUUID(),
    };
    const row = await claim(one, digestOf(request));
    if (row.mine) {
      held.add(one);
      request.idempotency = one;
      return;
    }
    if (!row.same) throw errors.idempotency_key_reused();
    if (row.locked_until !== null || row.status === null) {
      void reply.header('retry-after', '1');
      throw errors.idempotency_in_progress();
    }
    return replay(reply, row, header);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const one = request.idempotency;
    if (one === null) return payload;
    request.idempotency = null;
    const body = payload === null || payload === undefined ? '' : payload;
    const storable = (typeof body === 'string' || Buffer.isBuffer(body)) && body.length <= LARGEST_ANSWER;
    try {
      if (!storable || reply.statusCode >= 500 || notKept.has(reply.statusCode)) {
        await release(one);
        return payload;
      }
      held.delete(one);
      await sql`update http.idempotency set locked_until = null, status = ${reply.statusCode},
        content_type = ${String(reply.getHeader('content-type') ?? '')}, answer = ${sealAnswer(one.key, Buffer.from(body))}
        where ${owned(one)}`.execute(connection);
    } catch (error) {
      // What was done is done: the answer still goes out. The key stays locked until its lease ends.
      held.delete(one);
      request.log.error({ err: error }, 'an answer could not be kept for its idempotency key');
    }
    return payload;
  });
}

/**
 * Keeps the answer in the handler's own transaction, so that even a process that dies between the commit and the answer
 * leaves it to be replayed. Does nothing where the request has no idempotency key.
 */
export async function keepAnswer(
  transaction: AnyTransaction,
  request: FastifyRequest,
  answer: { readonly status: number; readonly body: JsonValue },
): Promise<void> {
  const one = request.idempotency;
  if (one === null) return;
  await sql`update http.idempotency set locked_until = null, status = ${answer.status},
    content_type = 'application/json; charset=utf-8', answer = ${sealAnswer(one.key, Buffer.from(JSON.stringify(answer.body)))}
    where ${owned(one)}`.execute(transaction);
}

function owned(one: Held): RawBuilder<unknown> {
  return sql`organisation_id = ${one.organisationId} and space = ${one.space} and route = ${one.route}
    and key_digest = ${one.keyDigest} and owner = ${one.owner}`;
}

function replay(reply: FastifyReply, row: Row, key: string): FastifyReply {
  void reply.status(row.status ?? 200).header('idempotency-replayed', 'true');
  if (row.content_type !== null && row.content_type !== '')
    void reply.header('content-type', row.content_type);
  const body = row.answer === null ? Buffer.alloc(0) : openAnswer(key, row.answer);
  if (body.length === 0) return reply.send();
  // As text where it is text: later hooks (the request log) see what they saw the first time.
  const isText = /json|text/.test(row.content_type ?? '');
  return reply.serializer((answer: unknown) => answer as string).send(isText ? body.toString('utf8') : body);
}

/** What must be equal for two requests to be the same: address, query and content, however the JSON was written. */
function digestOf(request: FastifyRequest): Buffer {
  let body: string;
  try {
    body = canonicalJson((request.body ?? null) as JsonValue);
  } catch {
    body = JSON.stringify(request.body);
  }
  return createHash('sha256').update(`${request.method} ${request.url}\0${body}`).digest();
}
