import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Caller } from '../access.ts';
import type { AnyTransaction } from '../database.ts';
import { newId } from '../id.ts';
import type { WebhooksContext } from './webhooks.ts';
import { parseEndpointUrl, pinAddress } from './address-guard.ts';
import { webhookErrors } from './webhooks-errors.ts';

/** A row of `webhooks.endpoint`. */
export interface EndpointRow {
  readonly id: string;
  readonly organisation_id: string;
  readonly organisation_kind: string;
  readonly space: 'test' | 'live';
  readonly url: string;
  readonly description: string;
  readonly types: string[];
  readonly enabled: boolean;
  readonly disabled_reason: 'manual' | 'failing' | 'gone' | null;
  readonly secret_sealed: string;
  readonly previous_secret_sealed: string | null;
  readonly previous_until: Date | null;
  readonly failing_since: Date | null;
  readonly created_by: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface EndpointInput {
  readonly url: string;
  readonly types: readonly string[];
  readonly description?: string | undefined;
}

/** Endpoints of one organisation in one space at most. */
const MOST_ENDPOINTS = 20;

function own(caller: Caller) {
  return sql<boolean>`organisation_id = ${caller.organisation.id} and space = ${caller.space}`;
}

/** The caller's endpoint of an id; throws `webhooks.endpoint_not_found`. */
export async function findEndpoint(
  context: WebhooksContext,
  caller: Caller,
  id: string,
  trx?: AnyTransaction,
): Promise<EndpointRow> {
  const { rows } =
    await sql<EndpointRow>`select * from webhooks.endpoint where id = ${id} and ${own(caller)}`.execute(
      trx ?? context.database.of('webhooks'),
    );
  if (rows[0] === undefined) throw webhookErrors.endpoint_not_found({ id });
  return rows[0];
}

/** All endpoints of the caller's organisation in its space, oldest first; there are 20 at most. */
export async function listEndpoints(context: WebhooksContext, caller: Caller): Promise<EndpointRow[]> {
  const { rows } =
    await sql<EndpointRow>`select * from webhooks.endpoint where ${own(caller)} order by id`.execute(
      context.database.of('webhooks'),
    );
  return rows;
}

/** Makes an endpoint and its secret, which is told this one time. */
export async function createEndpoint(
  context: WebhooksContext,
  caller: Caller,
  input: EndpointInput,
  requestId: string,
): Promise<{ endpoint: EndpointRow; secret: string }> {
  await pinAddress(parseEndpointUrl(input.url, context.guard), context.guard);
  const id = newId('whe');
  const secret = newSecret();
  const endpoint = await inTransaction(context, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`webhooks:${caller.organisation.id}`}, 0))`.execute(
      trx,
    );
    const { rows } = await sql<EndpointRow>`
      insert into webhooks.endpoint (id, organisation_id, organisation_kind, space, url, description, types, secret_sealed, created_by)
      select ${id}, ${caller.organisation.id}, ${caller.organisation.kind}, ${caller.space}, ${input.url}, ${input.description ?? ''},
        ${[...input.types]}::text[], ${context.secretBox.seal(secret)}, ${caller.actorId}
      where (select count(*) from webhooks.endpoint where ${own(caller)}) < ${MOST_ENDPOINTS}
      returning *`.execute(trx);
    if (rows[0] === undefined) throw webhookErrors.too_many_endpoints({ limit: MOST_ENDPOINTS });
    await record(context, trx, caller, 'webhooks.endpoint_created', id, requestId);
    return rows[0];
  });
  return { endpoint, secret };
}

/** Changes an endpoint. Enabling it forgets its failures; what waited for it is sent. */
export async function updateEndpoint(
  context: WebhooksContext,
  caller: Caller,
  id: string,
  input: { readonly [K in keyof EndpointInput]?: EndpointInput[K] | undefined } & {
    readonly enabled?: boolean | undefined;
  },
  requestId: string,
): Promise<EndpointRow> {
  if (input.url !== undefined) await pinAddress(parseEndpointUrl(input.url, context.guard), context.guard);
  const { enabled = null } = input;
  return inTransaction(context, async (trx) => {
    const before = await findEndpoint(context, caller, id, trx);
    const { rows } = await sql<EndpointRow>`
      update webhooks.endpoint set url = ${input.url ?? before.url}, description = ${input.description ?? before.description},
        types = ${[...(input.types ?? before.types)]}::text[], enabled = coalesce(${enabled}, enabled),
        disabled_reason = case when ${enabled}::boolean is null then disabled_reason when ${enabled} then null else 'manual' end,
        failing_since = case when ${enabled} then null else failing_since end, updated_at = now()
      where id = ${id} returning *`.execute(trx);
    await record(context, trx, caller, 'webhooks.endpoint_changed', id, requestId);
    return rows[0] as EndpointRow;
  });
}

/** Deletes an endpoint with its deliveries. */
export async function deleteEndpoint(
  context: WebhooksContext,
  caller: Caller,
  id: string,
  requestId: string,
): Promise<void> {
  await inTransaction(context, async (trx) => {
    await findEndpoint(context, caller, id, trx);
    await sql`delete from webhooks.endpoint where id = ${id}`.execute(trx);
    await record(context, trx, caller, 'webhooks.endpoint_deleted', id, requestId);
  });
}

/** Gives an endpoint a new secret; until the overlap ends, messages carry signatures by both. */
export async function rotateSecret(
  context: WebhooksContext,
  caller: Caller,
  id: string,
  overlapHours: number,
  requestId: string,
): Promise<{ endpoint: EndpointRow; secret: string }> {
  const secret = newSecret();
  const until = context.clock.now().add({ hours: overlapHours }).toString();
  const endpoint = await inTransaction(context, async (trx) => {
    await findEndpoint(context, caller, id, trx);
    const { rows } = await sql<EndpointRow>`
      update webhooks.endpoint set previous_secret_sealed = secret_sealed, previous_until = ${until}::timestamptz,
        secret_sealed = ${context.secretBox.seal(secret)}, updated_at = now() where id = ${id} returning *`.execute(
      trx,
    );
    await record(context, trx, caller, 'webhooks.secret_rotated', id, requestId);
    return rows[0] as EndpointRow;
  });
  return { endpoint, secret };
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

function inTransaction<T>(context: WebhooksContext, work: (trx: AnyTransaction) => Promise<T>): Promise<T> {
  return context.database.of<never>('webhooks').transaction().execute(work);
}

function record(
  context: WebhooksContext,
  trx: AnyTransaction,
  caller: Caller,
  action: string,
  id: string,
  requestId: string,
): Promise<void> {
  return context.audit.record(trx, { caller, action, subject: { kind: 'webhook_endpoint', id }, requestId });
}
