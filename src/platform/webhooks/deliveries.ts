import { sql } from 'kysely';
import type { Caller } from '../access.ts';
import type { AnyTransaction } from '../database.ts';
import { newId } from '../id.ts';
import type { JsonValue } from '../json.ts';
import { findEndpoint } from './endpoints.ts';
import { webhookErrors } from './webhooks-errors.ts';
import type { WebhooksContext } from './webhooks.ts';

/** A row of `webhooks.delivery`. */
export interface DeliveryRow {
  readonly id: string;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly body: string;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly next_at: Date;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

/** A row of `webhooks.attempt`. */
export interface AttemptRow {
  readonly delivery_id: string;
  readonly number: number;
  readonly at: Date;
  readonly latency_ms: number;
  readonly status: number | null;
  readonly error_code: string | null;
  readonly response_excerpt: string | null;
}

/** The body of Standard Webhooks: type, timestamp and data, and the id that repeats at every attempt. */
export function bodyOf(event: {
  readonly id: string;
  readonly type: string;
  readonly payload: JsonValue;
  readonly createdAt: Temporal.Instant;
}): string {
  return JSON.stringify({
    id: event.id,
    type: event.type,
    timestamp: event.createdAt.toString(),
    data: event.payload,
  });
}

/** Writes one delivery for one endpoint; answers its id. */
export async function addDelivery(
  context: WebhooksContext,
  trx: AnyTransaction,
  endpointId: string,
  event: { readonly id: string; readonly type: string; readonly body: string },
): Promise<string> {
  const id = newId('whd');
  await sql`
    insert into webhooks.delivery (id, endpoint_id, event_id, event_type, body, next_at)
    values (${id}, ${endpointId}, ${event.id}, ${event.type}, ${event.body}, ${context.clock.now().toString()}::timestamptz)`.execute(
    trx,
  );
  return id;
}

/** Sends a made-up event `webhooks.test` to one endpoint; answers the delivery's id. */
export async function sendTest(
  context: WebhooksContext,
  caller: Caller,
  endpointId: string,
): Promise<string> {
  const endpoint = await findEndpoint(context, caller, endpointId);
  if (!endpoint.enabled) throw webhookErrors.endpoint_disabled({ id: endpointId });
  const event = {
    id: newId('evt'),
    type: 'webhooks.test',
    payload: { endpointId, space: endpoint.space },
    createdAt: context.clock.now(),
  };
  return context.database
    .of<never>('webhooks')
    .transaction()
    .execute((trx) => addDelivery(context, trx, endpointId, { ...event, body: bodyOf(event) }));
}

/** Deliveries of the caller's endpoints, newest first. */
export async function listDeliveries(
  context: WebhooksContext,
  caller: Caller,
  filter: {
    readonly endpointId?: string | undefined;
    readonly state?: DeliveryRow['state'] | undefined;
    readonly type?: string | undefined;
    readonly before?: string | undefined;
    readonly limit: number;
  },
): Promise<(DeliveryRow & LastAttempt)[]> {
  const conditions = [
    sql<boolean>`e.organisation_id = ${caller.organisation.id} and e.space = ${caller.space}`,
  ];
  if (filter.endpointId !== undefined) conditions.push(sql<boolean>`e.id = ${filter.endpointId}`);
  if (filter.state !== undefined) conditions.push(sql<boolean>`d.state = ${filter.state}`);
  if (filter.type !== undefined) conditions.push(sql<boolean>`d.event_type = ${filter.type}`);
  if (filter.before !== undefined) conditions.push(sql<boolean>`d.id < ${filter.before}`);
  const { rows } = await sql<DeliveryRow & LastAttempt>`
    select d.*, last.status as last_status, last.error_code as last_error, last.latency_ms as last_latency
    from webhooks.delivery d join webhooks.endpoint e on e.id = d.endpoint_id
    left join lateral (select * from webhooks.attempt a where a.delivery_id = d.id order by number desc limit 1) as last on true
    where ${sql.join(conditions, sql` and `)} order by d.id desc limit ${filter.limit}`.execute(
    context.database.of('webhooks'),
  );
  return rows;
}

export interface LastAttempt {
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly last_latency: number | null;
}

/** One delivery of the caller's with all its attempts; throws `webhooks.delivery_not_found`. */
export async function readDelivery(
  context: WebhooksContext,
  caller: Caller,
  id: string,
): Promise<{ delivery: DeliveryRow; attempts: AttemptRow[] }> {
  const connection = context.database.of('webhooks');
  const { rows } = await sql<DeliveryRow>`
    select d.* from webhooks.delivery d join webhooks.endpoint e on e.id = d.endpoint_id
    where d.id = ${id} and e.organisation_id = ${caller.organisation.id} and e.space = ${caller.space}`.execute(
    connection,
  );
  if (rows[0] === undefined) throw webhookErrors.delivery_not_found({ id });
  const attempts =
    await sql<AttemptRow>`select * from webhooks.attempt where delivery_id = ${id} order by number`.execute(
      connection,
    );
  return { delivery: rows[0], attempts: attempts.rows };
}

/** Sends a delivery again now, with all its attempts, under the same webhook id. */
export async function resend(context: WebhooksContext, caller: Caller, id: string): Promise<void> {
  const { delivery } = await readDelivery(context, caller, id);
  const endpoint = await findEndpoint(context, caller, delivery.endpoint_id);
  if (!endpoint.enabled) throw webhookErrors.endpoint_disabled({ id: endpoint.id });
  await sql`update webhooks.delivery set state = 'waiting', attempts = 0, finished_at = null,
    next_at = ${context.clock.now().toString()}::timestamptz where id = ${id}`.execute(
    context.database.of('webhooks'),
  );
}
