import Type from 'typebox';
import { defineRoutes, nullable, pageOf, pageQuery } from '../http/contract.ts';

const instant = Type.String({ format: 'date-time' });
const types = Type.Array(
  Type.String({
    maxLength: 100,
    pattern: '^(\\*|[a-z][a-z-]*\\.(\\*|[a-z][a-z0-9_]*))$',
    description: 'operators.finding_opened, operators.* or *',
  }),
  { minItems: 1, maxItems: 50 },
);
const url = Type.String({ minLength: 8, maxLength: 2000 });
const description = Type.String({ maxLength: 200 });
const endpoint = {
  id: Type.String(),
  url: Type.String(),
  description: Type.String(),
  types: Type.Array(Type.String()),
  space: Type.Union([Type.Literal('test'), Type.Literal('live')]),
  enabled: Type.Boolean(),
  disabledReason: nullable(
    Type.Union([Type.Literal('manual'), Type.Literal('failing'), Type.Literal('gone')]),
  ),
  failingSince: nullable(instant),
  secretOverlapUntil: nullable(
    Type.String({ format: 'date-time', description: 'until then messages carry two signatures' }),
  ),
  createdAt: instant,
};
const withSecret = Type.Object({
  ...endpoint,
  secret: Type.String({ description: 'whsec_…; told this one time' }),
});
const state = Type.Union([Type.Literal('waiting'), Type.Literal('delivered'), Type.Literal('failed')]);
const delivery = {
  id: Type.String(),
  endpointId: Type.String(),
  eventId: Type.String({ description: 'the webhook-id of every attempt' }),
  eventType: Type.String(),
  state,
  attempts: Type.Integer({ description: 'since the event or since it was sent again by hand' }),
  nextAt: nullable(instant),
  createdAt: instant,
  finishedAt: nullable(instant),
};
const attempt = Type.Object({
  number: Type.Integer(),
  at: instant,
  latencyMs: Type.Integer(),
  status: nullable(Type.Integer()),
  errorCode: nullable(Type.String()),
  responseExcerpt: nullable(Type.String()),
});
const params = Type.Object({ id: Type.String({ maxLength: 60 }) });
const common = { access: 'webhooks.manage', tag: 'webhooks' } as const;

export const webhooksRoutes = defineRoutes({
  listWebhookEndpoints: {
    ...common,
    method: 'GET',
    url: '/api/v1/webhooks/endpoints',
    summary: { zh: '列出 Webhook 端點', en: 'List webhook endpoints' },
    response: { 200: Type.Object({ items: Type.Array(Type.Object(endpoint)) }) },
  },
  createWebhookEndpoint: {
    ...common,
    method: 'POST',
    url: '/api/v1/webhooks/endpoints',
    summary: { zh: '新增 Webhook 端點', en: 'Create a webhook endpoint' },
    description: {
      zh: '訊息依 Standard Webhooks 簽章；簽章金鑰僅於此次回覆中顯示。',
      en: 'Messages are signed after Standard Webhooks; the secret is shown in this answer only.',
    },
    body: Type.Object({ url, types, description: Type.Optional(description) }),
    response: { 201: withSecret },
    idempotent: true,
    limitPerMinute: 30,
  },
  readWebhookEndpoint: {
    ...common,
    method: 'GET',
    url: '/api/v1/webhooks/endpoints/:id',
    summary: { zh: '讀取一個 Webhook 端點', en: 'Read a webhook endpoint' },
    params,
    response: { 200: Type.Object(endpoint) },
  },
  updateWebhookEndpoint: {
    ...common,
    method: 'PATCH',
    url: '/api/v1/webhooks/endpoints/:id',
    summary: { zh: '修改、停用或啟用 Webhook 端點', en: 'Change, disable or enable a webhook endpoint' },
    params,
    body: Type.Object({
      url: Type.Optional(url),
      types: Type.Optional(types),
      description: Type.Optional(description),
      enabled: Type.Optional(Type.Boolean()),
    }),
    response: { 200: Type.Object(endpoint) },
    limitPerMinute: 30,
  },
  deleteWebhookEndpoint: {
    ...common,
    method: 'DELETE',
    url: '/api/v1/webhooks/endpoints/:id',
    summary: { zh: '刪除 Webhook 端點及其傳送紀錄', en: 'Delete a webhook endpoint with its deliveries' },
    params,
    response: { 200: Type.Object({ deleted: Type.Boolean() }) },
  },
  rotateWebhookSecret: {
    ...common,
    method: 'POST',
    url: '/api/v1/webhooks/endpoints/:id/rotate',
    summary: { zh: '更換簽章金鑰', en: 'Rotate the signing secret' },
    params,
    body: Type.Object({
      overlapHours: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 168,
          description: 'the old secret also signs for this long (24)',
        }),
      ),
    }),
    response: { 200: withSecret },
    idempotent: true,
    limitPerMinute: 30,
  },
  testWebhookEndpoint: {
    ...common,
    method: 'POST',
    url: '/api/v1/webhooks/endpoints/:id/test',
    summary: { zh: '送出一則測試事件', en: 'Send a test event' },
    params,
    response: { 202: Type.Object({ deliveryId: Type.String() }) },
    idempotent: true,
    limitPerMinute: 30,
  },
  listWebhookDeliveries: {
    ...common,
    method: 'GET',
    url: '/api/v1/webhooks/deliveries',
    summary: { zh: '列出近 30 天的傳送紀錄', en: 'List deliveries of the last 30 days' },
    query: Type.Object({
      ...pageQuery,
      endpointId: Type.Optional(Type.String({ maxLength: 60 })),
      state: Type.Optional(state),
      type: Type.Optional(Type.String({ maxLength: 100 })),
    }),
    response: {
      200: pageOf(
        Type.Object({
          ...delivery,
          lastStatus: nullable(Type.Integer()),
          lastErrorCode: nullable(Type.String()),
          lastLatencyMs: nullable(Type.Integer()),
        }),
      ),
    },
  },
  readWebhookDelivery: {
    ...common,
    method: 'GET',
    url: '/api/v1/webhooks/deliveries/:id',
    summary: { zh: '讀取一筆傳送紀錄與每次嘗試', en: 'Read a delivery with its attempts' },
    params,
    response: { 200: Type.Object({ ...delivery, body: Type.String(), history: Type.Array(attempt) }) },
  },
  resendWebhookDelivery: {
    ...common,
    method: 'POST',
    url: '/api/v1/webhooks/deliveries/:id/resend',
    summary: { zh: '重新傳送', en: 'Send a delivery again' },
    params,
    response: { 202: Type.Object({ deliveryId: Type.String() }) },
    idempotent: true,
    limitPerMinute: 120,
  },
});
