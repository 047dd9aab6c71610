/** Route → use case: SMPP accounts. */
import type { FastifyInstance } from 'fastify';
import { registerRoutes } from '#platform/http/routes';
import { accountRoutes } from './accounts-contract.ts';
import { closeAccount, createAccount, listAccounts, type AccountDeps, type AccountRow } from './accounts.ts';
import type { AgencyServer } from './agency-server.ts';

export interface AccountRouteDeps extends AccountDeps {
  /** Null where this process has no SMPP server. */
  readonly server: () => AgencyServer | null;
}

export function registerAccountRoutes(app: FastifyInstance, deps: AccountRouteDeps): void {
  const show = (row: AccountRow) => ({
    id: row.id,
    serviceId: row.service_id,
    templateVersionId: row.template_version_id,
    systemId: row.system_id,
    networks: row.networks,
    maxBinds: row.max_binds,
    partsPerSecond: row.parts_per_second,
    state: row.state,
    bound: (deps.server()?.binds() ?? []).filter(({ account }) => account.id === row.id).length,
    createdAt: row.created_at.toISOString(),
  });
  registerRoutes(app, accountRoutes, {
    createSmppAccount: async ({ body, caller, request }) => {
      const { account, password } = await createAccount(deps, caller, body, request.id);
      return { account: show(account), password };
    },
    listSmppAccounts: async ({ caller }) => {
      const server = deps.server();
      return {
        items: (await listAccounts(deps.db, caller)).map((row) => show(row)),
        server: { port: server?.port ?? null, tls: server?.isTls ?? false },
      };
    },
    closeSmppAccount: async ({ params, caller, request }) => {
      const row = await closeAccount(deps, caller, params.id, request.id);
      deps.server()?.drop(row.id);
      return show(row);
    },
  });
}
