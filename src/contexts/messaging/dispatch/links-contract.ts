import Type, { type Static } from 'typebox';
import { defineRoutes, nullable } from '#platform/http/contract';
import { telecoms } from '../routing/telecoms.ts';
import { linkOptionsSchema } from './link-options-contract.ts';

/* Links to telecoms. A password is sealed when it comes and never shown again. */

const linkId = Type.String({ pattern: '^lnk_[0-9a-z_]{3,40}$' });
const telecom = Type.Union(telecoms.map((one) => Type.Literal(one)));
const space = Type.Union([Type.Literal('test'), Type.Literal('live')]);
const state = Type.Union([Type.Literal('enabled'), Type.Literal('draining'), Type.Literal('disabled')]);
const bindMode = Type.Union([Type.Literal('split'), Type.Literal('transceiver')]);

const fields = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  host: Type.String({ minLength: 1, maxLength: 253, pattern: '^[0-9A-Za-z.:-]+$' }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  tls: Type.Boolean(),
  systemId: Type.String({ minLength: 1, maxLength: 15, pattern: '^[\\x21-\\x7e]+$' }),
  systemType: Type.String({ maxLength: 12, pattern: '^[\\x20-\\x7e]*$' }),
  bindMode,
  binds: Type.Integer({ minimum: 1, maximum: 16 }),
  windowSize: Type.Integer({
    minimum: 10,
    maximum: 1000,
    description: 'requests without an answer, of each bind',
  }),
  partsPerSecond: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    description: 'contracted rate of each bind',
  }),
  options: linkOptionsSchema,
};
const password = Type.String({ minLength: 1, maxLength: 8, pattern: '^[\\x21-\\x7e]+$' });

const bindHealth = Type.Object({
  bind: Type.Integer(),
  state: Type.String({ description: 'bound, draining, down, or unheard where nobody tells of it' }),
  at: Type.String({ format: 'date-time' }),
  partsLastSecond: Type.Integer(),
  rate: Type.Integer({ description: 'parts a second that are aimed at now' }),
  windowUsed: Type.Integer(),
  windowSize: Type.Integer(),
  throttles: Type.Integer(),
  receiptLagMs: Type.Integer(),
  clockSkewMs: Type.Integer(),
  unknown: Type.Integer(),
  rejected: Type.Integer(),
  receipts: Type.Integer(),
  orphanReceipts: Type.Integer(),
  awaitedReceipts: Type.Integer(),
  problem: nullable(Type.String()),
});

const link = Type.Object({
  id: linkId,
  space,
  telecom: Type.String(),
  ...fields,
  state,
  createdAt: Type.String({ format: 'date-time' }),
  waitingChunks: Type.Integer({ description: 'chunks of the telecom that no link holds' }),
  heldChunks: Type.Integer({ description: 'chunks that this link holds' }),
  health: Type.Array(bindHealth),
});
export type LinkView = Static<typeof link>;

const newLink = Type.Object(
  {
    telecom,
    name: fields.name,
    host: fields.host,
    port: fields.port,
    tls: Type.Optional(fields.tls),
    systemId: fields.systemId,
    password,
    systemType: Type.Optional(fields.systemType),
    bindMode: Type.Optional(bindMode),
    binds: Type.Optional(fields.binds),
    windowSize: Type.Optional(fields.windowSize),
    partsPerSecond: fields.partsPerSecond,
    options: Type.Optional(Type.Partial(linkOptionsSchema)),
  },
  { additionalProperties: false },
);
export type NewLink = Static<typeof newLink>;

const change = Type.Object(
  {
    ...Type.Partial(Type.Omit(newLink, ['telecom'])).properties,
    state: Type.Optional(state),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type LinkChange = Static<typeof change>;

const params = Type.Object({ id: linkId });

export const linkRoutes = defineRoutes({
  listLinks: {
    method: 'GET',
    url: '/api/v1/messaging/links',
    access: 'messaging.links',
    summary: { zh: '電信連線與即時狀態', en: 'Links to telecoms with their live figures' },
    tag: 'messaging',
    response: { 200: Type.Object({ items: Type.Array(link) }) },
  },
  createLink: {
    method: 'POST',
    url: '/api/v1/messaging/links',
    access: 'messaging.links',
    summary: { zh: '新增電信連線', en: 'Make a link to a telecom' },
    description: {
      zh: '新連線先為停用，測試通過後再啟用。屬於呼叫者所在的空間（測試或正式）。',
      en: 'A new link is disabled: test it, then enable it. It belongs to the space of the caller (test or live).',
    },
    tag: 'messaging',
    body: newLink,
    response: { 201: link },
    idempotent: true,
  },
  getLink: {
    method: 'GET',
    url: '/api/v1/messaging/links/:id',
    access: 'messaging.links',
    summary: { zh: '一條電信連線', en: 'One link' },
    tag: 'messaging',
    params,
    response: { 200: link },
  },
  changeLink: {
    method: 'PATCH',
    url: '/api/v1/messaging/links/:id',
    access: 'messaging.links',
    summary: { zh: '變更、排空、停用或啟用電信連線', en: 'Change, drain, disable or enable a link' },
    description: {
      zh: 'draining：不再送新簡訊，已送者等回應，仍收回條；disabled：排空後解除連線。變更後一秒內生效，其餘簡訊改由可代送的連線傳送。',
      en: 'draining: sends nothing new, waits for answers, still takes receipts; disabled: drains, then unbinds. Takes effect within a second; what is left goes to links that take the numbers.',
    },
    tag: 'messaging',
    params,
    body: change,
    response: { 200: link },
  },
  testLink: {
    method: 'POST',
    url: '/api/v1/messaging/links/:id/test',
    access: 'messaging.links',
    summary: { zh: '測試電信連線', en: 'Test a link' },
    description: {
      zh: '以存放的帳號密碼連線、繫結、詢問是否存活後解除，不送出簡訊。',
      en: 'Connects, binds and unbinds with the stored credentials. No text is sent.',
    },
    tag: 'messaging',
    params,
    response: {
      200: Type.Object({
        ok: Type.Boolean(),
        milliseconds: Type.Integer(),
        peer: nullable(Type.String({ description: 'system_id of the message centre' })),
        problem: nullable(Type.String()),
      }),
    },
    limitPerMinute: 20,
  },
});
