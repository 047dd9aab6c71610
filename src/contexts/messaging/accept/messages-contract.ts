import Type, { type Static } from 'typebox';
import { defineRoutes, nullable, pageOf, pageQuery } from '#platform/http/contract';

/* Single texts. Numbers go in and never come out. */

/** `msg_<chunk>_<row>`, both in base 36. */
export const MESSAGE_ID = '^msg_[0-9a-z]{1,11}_[0-9a-z]{1,2}$';
const messageId = Type.String({ pattern: MESSAGE_ID, description: 'msg_…' });
const instant = Type.String({ format: 'date-time', pattern: '^[12]', maxLength: 40 });

const newMessage = Type.Object(
  {
    templateVersionId: Type.String({ pattern: '^tpv_[0-9a-z]{10,40}$', description: 'an approved version' }),
    number: Type.String({ minLength: 1, maxLength: 30, description: 'mobile number of Taiwan: 0912345678' }),
    values: Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 500 }), {
      maxProperties: 20,
      description: 'a value for each field of the template',
    }),
    sendAt: Type.Optional({ ...instant, description: 'now where left out; 35 days ahead at most' }),
  },
  { additionalProperties: false },
);

const accepted = Type.Object({
  id: messageId,
  parts: Type.Integer({ description: 'SMS that the text takes' }),
  replayed: Type.Boolean({ description: 'true: this key was answered before, nothing is sent again' }),
});

export const messageState = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('sending'),
  Type.Literal('submitted'),
  Type.Literal('delivered'),
  Type.Literal('undelivered'),
  Type.Literal('expired'),
  Type.Literal('rejected'),
  Type.Literal('unknown'),
  Type.Literal('cancelled'),
]);

const message = Type.Object({
  id: messageId,
  state: messageState,
  cause: nullable(Type.String({ description: 'why it was not delivered' })),
  telecom: Type.String(),
  class: Type.String(),
  serviceId: Type.String(),
  templateVersionId: Type.String(),
  batchId: nullable(Type.String()),
  acceptedAt: instant,
  sendAt: instant,
  endedAt: nullable(instant),
});
export type MessageRow = Static<typeof message>;

const bulkResult = Type.Union([
  Type.Object({ index: Type.Integer(), accepted }),
  Type.Object({
    index: Type.Integer(),
    problem: Type.Object({ code: Type.String(), zh: Type.String(), en: Type.String() }),
  }),
]);

export const messageRoutes = defineRoutes({
  sendMessage: {
    method: 'POST',
    url: '/api/v1/messaging/messages',
    access: 'messaging.send-team',
    summary: { zh: '發送一則簡訊', en: 'Send one text' },
    description: {
      zh: '寫入後才回覆 202。Idempotency-Key 保留 7 天：相同內容回覆相同編號，不同內容為 422。只有 messaging.send-team 的金鑰只能發給團隊號碼。',
      en: 'Answered with 202 after the commit. An Idempotency-Key is kept for 7 days: equal content answers the same id, other content 422. A key with messaging.send-team alone reaches team numbers only.',
    },
    tag: 'messaging',
    body: newMessage,
    response: { 202: accepted },
    idempotent: 'by-route',
    limitPerMinute: 600_000,
  },
  sendMessages: {
    method: 'POST',
    url: '/api/v1/messaging/messages/bulk',
    access: 'messaging.send-team',
    summary: { zh: '一次發送多則簡訊', en: 'Send many texts' },
    description: {
      zh: '每則各自回覆；一則被拒不影響其他。每則可有自己的 idempotencyKey。',
      en: 'Each has its own answer; a refusal of one leaves the others. Each may have its own idempotencyKey.',
    },
    tag: 'messaging',
    body: Type.Object({
      messages: Type.Array(
        Type.Object(
          {
            ...newMessage.properties,
            idempotencyKey: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 10_000 },
      ),
    }),
    response: { 200: Type.Object({ results: Type.Array(bulkResult) }) },
    bodyLimitBytes: 16 * 1024 * 1024,
    limitPerMinute: 6000,
  },
  getMessage: {
    method: 'GET',
    url: '/api/v1/messaging/messages/:id',
    access: 'messaging.read',
    summary: { zh: '一則簡訊的狀態', en: 'State of one text' },
    tag: 'messaging',
    params: Type.Object({ id: messageId }),
    response: { 200: message },
    limitPerMinute: 60_000,
  },
  listMessages: {
    method: 'GET',
    url: '/api/v1/messaging/messages',
    access: 'messaging.read',
    summary: { zh: '單則簡訊，最近的在前', en: 'Single texts, newest first' },
    tag: 'messaging',
    query: Type.Object({ ...pageQuery, serviceId: Type.Optional(Type.String({ maxLength: 60 })) }),
    response: { 200: pageOf(message) },
  },
});
