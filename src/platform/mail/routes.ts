import type { FastifyInstance } from 'fastify';
import { parseCursor, toPage } from '../http/cursor.ts';
import { registerRoutes } from '../http/routes.ts';
import { mailRoutes } from './contract.ts';
import type { Mail } from './mail.ts';

/** The routes of `contract.ts`; only for a sandbox without an SMTP server. */
export function registerMailRoutes(app: FastifyInstance, { mail }: { readonly mail: Mail }): void {
  registerRoutes(app, mailRoutes, {
    async readSandboxInbox({ query }) {
      const limit = query.limit ?? 50;
      const cursor = parseCursor(query.cursor, 'text');
      const rows = await mail.inbox({
        limit: limit + 1,
        before: cursor?.[0],
      });
      return toPage(
        rows,
        limit,
        ({ id }) => [id],
        (row) => row,
      );
    },
  });
}
