import type { FastifyInstance } from 'fastify';
import { registerRoutes } from '../http/routes.ts';
import type { SandboxFile } from '../sandbox-file.ts';
import type { Auth } from './auth.ts';
import { signInOptionsRoutes } from './sign-in-options-contract.ts';

export interface SignInOptions {
  readonly oidc: boolean;
  /** The invented people of a sandbox, once they are there; null in live mode. A sandbox listens on loopback only. */
  readonly sandbox: (() => SandboxFile | null) | null;
}

/** Tells the sign-in page what it may offer. */
export function registerSignInOptions(app: FastifyInstance, auth: Auth, options: SignInOptions): void {
  registerRoutes(app, signInOptionsRoutes, {
    getSignInOptions: async ({ request }) => {
      const local = request.ip === '127.0.0.1' || request.ip === '::1';
      const file = local ? (options.sandbox?.() ?? null) : null;
      if (file === null) return { oidc: options.oidc, sandbox: null };
      const organisations = await auth.queries
        .selectFrom('organisation')
        .select(['id', 'name_zh', 'name_en'])
        .execute();
      const people = Object.entries(file.signIns).map(([name, signIn]) => {
        const organisation = organisations.find((one) => one.id === signIn.organisation);
        return {
          email: signIn.email,
          password: signIn.password,
          name,
          organisation: { zh: organisation?.name_zh ?? '', en: organisation?.name_en ?? '' },
          roles: [...signIn.roles],
        };
      });
      return { oidc: options.oidc, sandbox: people };
    },
  });
}
