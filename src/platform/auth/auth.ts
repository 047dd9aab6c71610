import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../access.ts';
import type { MigrationSet } from '../migrate.ts';
import { authRoutes } from './contract.ts';
import { authErrors } from './errors.ts';
import type { Engine } from './engine.ts';
import { tidy } from './erasure.ts';
import { createInvitations, type Invitations } from './invitations.ts';
import { createKeys, type Keys } from './keys.ts';
import { createMyAccount, type MyAccount } from './me.ts';
import { createOrganisations, type Organisations } from './organisations.ts';
import { createPeople, type People } from './people.ts';
import { personCaller } from './person-caller.ts';
import type { AuthDeps } from './ports.ts';
import { requireSameOrigin } from './origin.ts';
import { missingFactor, type Session } from './session.ts';
import { createSignIn } from './sign-in.ts';
import type { AuthQueries, AuthTables } from './tables.ts';

export type { AuditRecorder, AuthDeps, MailSender, OidcSettings } from './ports.ts';

export const authMigrations: MigrationSet = {
  schema: 'auth',
  folder: new URL('./migrations/', import.meta.url),
};

/** Who is who: organisations, people, their sign-in, invitations and API keys. */
export interface Auth {
  /**
   * Who calls: the API key of `Authorization: Bearer xk_…`, else the session cookie, else null. Throws
   * `auth.key_*` for a key that does not hold, `http.cross_site` for a cookie used by another site, and
   * `auth.second_factor_needed` where a session lacks its second factor (but for `/api/v1/me` and the change of organisation).
   */
  identify(request: FastifyRequest): Promise<Caller | null>;
  /** The session of a request made by cookie; null for keys. */
  session(request: FastifyRequest): Promise<Session | null>;
  /** Registers the steps of signing in under `/api/auth/`. */
  registerSignInRoutes(app: FastifyInstance): void;
  readonly people: People;
  readonly invitations: Invitations;
  readonly keys: Keys;
  readonly organisations: Organisations;
  readonly me: MyAccount;
  readonly queries: AuthQueries;
  /** Password hashing as sign-in does it. */
  readonly passwords: Pick<Engine, 'hashPassword' | 'verifyPassword'>;
  /** Deletes sessions, challenges, counts and invitations that have ended; also runs every hour. */
  tidy(): Promise<void>;
  /** Writes what is still in memory and stops the timers. */
  close(): Promise<void>;
}

/** What works while a second factor is missing: seeing so, and going to an organisation that asks for none. */
const worksWithoutFactor: ReadonlySet<string> = new Set([
  authRoutes.getMe.url,
  authRoutes.switchOrganisation.url,
]);

/** Sign-in over a database whose `authMigrations` are applied. */
export async function createAuth(deps: AuthDeps): Promise<Auth> {
  const keys = createKeys(deps);
  const invitations = createInvitations(deps, {
    engine: () => signIn.engine(),
    throttle: () => signIn.throttle,
  });
  const signIn = await createSignIn(deps, invitations);
  const queries = deps.database.of<AuthTables>('auth');
  const tidyNow = (): Promise<void> => tidy(queries, new Date(deps.clock.now().epochMilliseconds));
  const timer = setInterval(() => {
    tidyNow().catch((error: unknown) => deps.log.warn({ err: error }, 'ended sessions could not be deleted'));
  }, 3_600_000);
  timer.unref();
  return {
    async identify(request) {
      const { authorization } = request.headers;
      if (authorization !== undefined) {
        const [scheme = '', secret = ''] = authorization.split(' ');
        if (scheme.toLowerCase() !== 'bearer') throw authErrors.key_invalid();
        return keys.identify(secret, request.ip);
      }
      const session = await signIn.session(request);
      if (session === null) return null;
      requireSameOrigin(request, deps.publicUrl);
      const contract = request.routeOptions.config.contract;
      if (missingFactor(session, deps.mode) !== 'none') {
        if (contract?.access === 'public') return null;
        if (!worksWithoutFactor.has(contract?.url ?? '')) throw authErrors.second_factor_needed();
      }
      return personCaller(session, deps.mode);
    },
    session: (request) =>
      request.headers.authorization === undefined ? signIn.session(request) : Promise.resolve(null),
    registerSignInRoutes: (app) => signIn.registerRoutes(app),
    people: createPeople(deps),
    invitations,
    keys,
    organisations: createOrganisations(deps),
    me: createMyAccount(deps),
    queries,
    passwords: {
      hashPassword: async (password) => (await signIn.engine()).hashPassword(password),
      verifyPassword: async (hash, password) => (await signIn.engine()).verifyPassword(hash, password),
    },
    tidy: tidyNow,
    close: () => {
      clearInterval(timer);
      return keys.close();
    },
  };
}
