/** Route → use case: the citizen's question by API. */
import type { FastifyInstance } from 'fastify';
import { registerRoutes } from '#platform/http/routes';
import { askWhetherSent, type AskDeps } from './ask.ts';
import { checkRoutes } from './check-contract.ts';

export function registerCheckRoutes(app: FastifyInstance, deps: AskDeps): void {
  registerRoutes(app, checkRoutes, {
    checkText: async ({ body, reply }) => {
      void reply.header('cache-control', 'no-store');
      const { sent, sender, sentAt, knownSince } = await askWhetherSent(deps, body.text, body.lastDigits);
      return { sent, sender, sentAt: sentAt?.toString() ?? null, knownSince: knownSince.toString() };
    },
  });
}
