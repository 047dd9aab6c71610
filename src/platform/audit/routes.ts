import type { FastifyInstance } from 'fastify';
import type { Database } from '../database.ts';
import { registerRoutes } from '../http/routes.ts';
import type { Audit } from './audit.ts';
import { auditRoutes } from './contract.ts';
import { listEntries } from './list-entries.ts';
import type { AuditTables } from './tables.ts';

/** Registers reading and checking of the audit trail. */
export function registerAuditRoutes(
  app: FastifyInstance,
  deps: { readonly database: Database; readonly audit: Audit },
): void {
  const database = deps.database.of<AuditTables>('audit');
  registerRoutes(app, auditRoutes, {
    listAudit: ({ caller, query }) => listEntries(database, caller, query),
    verifyAudit: async () => {
      const { ok, entries, checkpoints, firstBroken, warnings, head } = await deps.audit.verify();
      return { ok, entries, checkpoints, firstBroken, warnings: [...warnings], head };
    },
    getAuditCheckpoint: async ({ reply }) => {
      const newest = await database
        .selectFrom('checkpoint')
        .select('note')
        .orderBy('tree_size', 'desc')
        .limit(1)
        .executeTakeFirst();
      return reply.type('text/plain; charset=utf-8').send(newest?.note ?? '');
    },
  });
}
