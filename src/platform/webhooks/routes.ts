import type { FastifyInstance } from 'fastify';
import { parseCursor, toPage } from '../http/cursor.ts';
import { registerRoutes } from '../http/routes.ts';
import { webhooksRoutes } from './contract.ts';
import { listDeliveries, readDelivery, resend, sendTest, type DeliveryRow } from './deliveries.ts';
import {
  createEndpoint,
  deleteEndpoint,
  findEndpoint,
  listEndpoints,
  rotateSecret,
  updateEndpoint,
  type EndpointRow,
} from './endpoints.ts';
import type { Webhooks } from './webhooks.ts';

const OVERLAP_HOURS = 24;

/** The routes of `contract.ts`. */
export function registerWebhooksRoutes(
  app: FastifyInstance,
  { webhooks }: { readonly webhooks: Webhooks },
): void {
  const { context } = webhooks;
  registerRoutes(app, webhooksRoutes, {
    listWebhookEndpoints: async ({ caller }) => ({
      items: (await listEndpoints(context, caller)).map((row) => toEndpoint(row)),
    }),
    async createWebhookEndpoint({ caller, body, request }) {
      const { endpoint, secret } = await createEndpoint(context, caller, body, request.id);
      return { ...toEndpoint(endpoint), secret };
    },
    readWebhookEndpoint: async ({ caller, params }) =>
      toEndpoint(await findEndpoint(context, caller, params.id)),
    updateWebhookEndpoint: async ({ caller, params, body, request }) =>
      toEndpoint(await updateEndpoint(context, caller, params.id, body, request.id)),
    async deleteWebhookEndpoint({ caller, params, request }) {
      await deleteEndpoint(context, caller, params.id, request.id);
      return { deleted: true };
    },
    async rotateWebhookSecret({ caller, params, body, request }) {
      const { endpoint, secret } = await rotateSecret(
        context,
        caller,
        params.id,
        body.overlapHours ?? OVERLAP_HOURS,
        request.id,
      );
      return { ...toEndpoint(endpoint), secret };
    },
    testWebhookEndpoint: async ({ caller, params }) => ({
      deliveryId: await sendTest(context, caller, params.id),
    }),
    async listWebhookDeliveries({ caller, query }) {
      const limit = query.limit ?? 50;
      const cursor = parseCursor(query.cursor, 'text');
      const rows = await listDeliveries(context, caller, {
        ...query,
        limit: limit + 1,
        before: cursor?.[0],
      });
      return toPage(
        rows,
        limit,
        ({ id }) => [id],
        (row) => ({
          ...toDelivery(row),
          lastStatus: row.last_status,
          lastErrorCode: row.last_error,
          lastLatencyMs: row.last_latency,
        }),
      );
    },
    async readWebhookDelivery({ caller, params }) {
      const { delivery, attempts } = await readDelivery(context, caller, params.id);
      const history = attempts.map((row) => ({
        number: row.number,
        at: row.at.toISOString(),
        latencyMs: row.latency_ms,
        status: row.status,
        errorCode: row.error_code,
        responseExcerpt: row.response_excerpt,
      }));
      return { ...toDelivery(delivery), body: delivery.body, history };
    },
    async resendWebhookDelivery({ caller, params }) {
      await resend(context, caller, params.id);
      return { deliveryId: params.id };
    },
  });
}

function toEndpoint(row: EndpointRow) {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    types: row.types,
    space: row.space,
    enabled: row.enabled,
    disabledReason: row.disabled_reason,
    failingSince: row.failing_since?.toISOString() ?? null,
    secretOverlapUntil: row.previous_until?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}

function toDelivery(row: DeliveryRow) {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    eventType: row.event_type,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.state === 'waiting' ? row.next_at.toISOString() : null,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
