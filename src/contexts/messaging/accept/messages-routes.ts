/** Route → use case: single texts. */
import type { FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import { AppError } from '#platform/errors';
import { registerRoutes } from '#platform/http/routes';
import type { MessagingTables } from '../tables.ts';
import type { Acceptor } from './accept.ts';
import { messageRoutes } from './messages-contract.ts';
import { getMessage, listMessages } from './messages.ts';

export interface MessageRouteDeps {
  readonly db: Kysely<MessagingTables>;
  readonly acceptor: Acceptor;
}

export function registerMessageRoutes(app: FastifyInstance, { db, acceptor }: MessageRouteDeps): void {
  registerRoutes(app, messageRoutes, {
    sendMessage: async ({ body, caller, request, reply }) => {
      const key = request.headers['idempotency-key'];
      const accepted = await acceptor.accept(
        caller,
        { ...body, ...(typeof key === 'string' && { idempotencyKey: key }) },
        request.id,
      );
      if (accepted.replayed) void reply.header('idempotency-replayed', 'true');
      return accepted;
    },
    sendMessages: async ({ body, caller, request }) => ({
      results: await Promise.all(
        body.messages.map(async (message, index) => {
          try {
            return { index, accepted: await acceptor.accept(caller, message, request.id) };
          } catch (error) {
            if (!(error instanceof AppError)) throw error;
            return {
              index,
              problem: { code: error.code, zh: error.text('zh-TW'), en: error.text('en') },
            };
          }
        }),
      ),
    }),
    getMessage: ({ params, caller }) => getMessage(db, caller, params.id),
    listMessages: ({ query, caller }) => listMessages(db, caller, query),
  });
}
