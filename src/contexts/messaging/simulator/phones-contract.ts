import Type from 'typebox';
import { defineRoutes, nullable } from '#platform/http/contract';

/* The sandbox's outside world: telecoms that are simulated, and the phones that their texts reach. */

const received = Type.Object({
  number: Type.String({ description: 'a number of the sandbox; nobody is behind it' }),
  sender: Type.String(),
  text: nullable(Type.String()),
  parts: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
});

const share = Type.Number({ minimum: 0, maximum: 1 });
const milliseconds = Type.Integer({ minimum: 0, maximum: 600_000 });

/** The dials that a page offers; each may be left as it is. */
export const dials = Type.Object(
  {
    responseMs: milliseconds,
    receiptMs: milliseconds,
    noResponse: share,
    noReceipt: share,
    undeliverable: share,
    rate: Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description: 'parts a second of a bind; 0: no limit',
    }),
    queueFull: share,
    reorder: share,
    receiptFirst: share,
    duplicateReceipts: share,
    disconnectEvery: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  },
  { additionalProperties: false },
);

const telecom = Type.Object({
  id: Type.String(),
  name: Type.String(),
  port: Type.Integer(),
  binds: Type.Integer(),
  waitingReceipts: Type.Integer(),
  counters: Type.Record(Type.String(), Type.Number()),
  dials,
});

export const simulatorRoutes = defineRoutes({
  listSimulatedPhones: {
    method: 'GET',
    url: '/api/v1/messaging/simulator/phones',
    access: 'messaging.read',
    summary: { zh: '模擬手機牆', en: 'The wall of simulated phones' },
    description: {
      zh: '只在示範環境：最近收到簡訊的模擬手機在前。',
      en: 'In the sandbox alone: simulated phones, those with the newest texts first.',
    },
    tag: 'messaging',
    query: Type.Object({
      search: Type.Optional(Type.String({ pattern: '^[0-9]{1,10}$', description: 'part of the number' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    }),
    response: {
      200: Type.Object({
        items: Type.Array(
          Type.Object({
            number: Type.String(),
            telecom: Type.String(),
            received: Type.Integer(),
            texts: Type.Array(received, { description: 'oldest first, the last few' }),
          }),
        ),
      }),
    },
    limitPerMinute: 1200,
  },
  listSimulatedTelecoms: {
    method: 'GET',
    url: '/api/v1/messaging/simulator/telecoms',
    access: 'messaging.read',
    summary: { zh: '模擬電信', en: 'Simulated telecoms' },
    tag: 'messaging',
    response: { 200: Type.Object({ items: Type.Array(telecom) }) },
    limitPerMinute: 1200,
  },
  turnSimulatedTelecom: {
    method: 'PATCH',
    url: '/api/v1/messaging/simulator/telecoms/:id',
    access: 'messaging.links',
    summary: { zh: '調整模擬電信', en: 'Turn the dials of a simulated telecom' },
    tag: 'messaging',
    params: Type.Object({ id: Type.String({ maxLength: 10 }) }),
    body: Type.Partial(dials, { additionalProperties: false }),
    response: { 200: telecom },
  },
});
