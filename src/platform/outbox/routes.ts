import type { FastifyInstance } from 'fastify';
import { defineErrors } from '../errors.ts';
import { parseCursor, toPage } from '../http/cursor.ts';
import { registerRoutes } from '../http/routes.ts';
import { outboxRoutes } from './contract.ts';
import type { Outbox } from './outbox.ts';

const errors = defineErrors('outbox', {
  not_parked: {
    status: 404,
    zh: '事件 {id} 並未在 {subscriber} 擱置，可能已重新處理。',
    en: 'the event {id} is not parked for {subscriber}; it may have been handled since.',
  },
});

/** The routes of `contract.ts`. */
export function registerOutboxRoutes(app: FastifyInstance, { outbox }: { readonly outbox: Outbox }): void {
  registerRoutes(app, outboxRoutes, {
    async listParkedEvents({ query }) {
      const limit = query.limit ?? 50;
      const cursor = parseCursor(query.cursor, 'bigint', 'text');
      const rows = await outbox.parked({
        limit: limit + 1,
        ...(cursor !== null && { before: { seq: cursor[0], subscriber: cursor[1] } }),
      });
      return toPage(
        rows,
        limit,
        ({ seq, subscriber }) => [seq, subscriber],
        (row) => row,
      );
    },
    async retryParkedEvent({ params, body }) {
      const retried = await outbox.retryParked(params.id, body.subscriber);
      if (!retried) throw errors.not_parked({ id: params.id, subscriber: body.subscriber });
      return { retried };
    },
  });
}
