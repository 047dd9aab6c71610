import type { FastifyInstance, FastifyRequest } from 'fastify';
import { systemCaller } from '../access.ts';
import { createEngine, type Engine, type SessionOpening } from './engine.ts';
import type { Invitations } from './invitations.ts';
import { personCaller } from './person-caller.ts';
import type { AuthDeps } from './ports.ts';
import { findSession, sessionToken, type Session } from './session.ts';
import { registerSignInRoutes } from './sign-in-routes.ts';
import type { AuthTables } from './tables.ts';
import { createThrottle, type Throttle } from './throttle.ts';
import { useCode } from './used-code.ts';

export interface SignIn {
  session(request: FastifyRequest): Promise<Session | null>;
  engine(): Promise<Engine>;
  readonly throttle: Throttle;
  registerRoutes(app: FastifyInstance): void;
}

const IDLE_MINUTES = 60;
/** An issuer that was not reachable at the start is tried again at most this often. */
const RETRY_OIDC_MILLISECONDS = 10_000;

/** Sign-in of people: the engine with our rules about where a session works, what is recorded and what is slowed down. */
export async function createSignIn(
  deps: AuthDeps,
  invitations: Pick<Invitations, 'acceptPending'>,
): Promise<SignIn> {
  const queries = deps.database.of<AuthTables>('auth');
  const [secret] = deps.secrets;
  const throttle = createThrottle(deps.database, secret);

  const openSession = (opening: SessionOpening): Promise<{ organisationId: string } | 'code-used' | null> =>
    queries.transaction().execute(async (trx) => {
      if (opening.code !== null && !(await useCode(trx, opening.personId, opening.code, secret)))
        return 'code-used';
      if (opening.method === 'oidc') await invitations.acceptPending(trx, opening.personId);
      const person = await trx
        .selectFrom('person')
        .select(['last_organisation_id', 'two_factor_enabled'])
        .where('id', '=', opening.personId)
        .executeTakeFirst();
      const places = await trx
        .selectFrom('membership as m')
        .innerJoin('organisation as o', 'o.id', 'm.organisation_id')
        .select(['o.id', 'o.kind', 'o.ubn', 'm.roles'])
        .where('m.person_id', '=', opening.personId)
        .orderBy('m.created_at')
        .execute();
      const place = places.find((one) => one.id === person?.last_organisation_id) ?? places[0];
      if (place === undefined) return null;
      // After a right password alone the sign-in of who has an authenticator is only half done.
      const isHalf = opening.method === 'password' && person?.two_factor_enabled === true;
      if (!isHalf && opening.method !== 'replaced') {
        await deps.audit.record(trx, {
          caller: personCaller(
            { personId: opening.personId, organisation: place, roles: place.roles },
            deps.mode,
          ),
          action: 'auth.signed_in',
          subject: { kind: 'person', id: opening.personId },
          details: { method: opening.method },
        });
      }
      return { organisationId: place.id };
    });

  const hooks = {
    openSession,
    sendPasswordReset: async (person: { id: string; email: string }, token: string): Promise<void> => {
      const { mail } = deps;
      if (mail === null) return;
      await queries.transaction().execute(async (trx) => {
        const place = await trx
          .selectFrom('membership')
          .select('roles')
          .where('person_id', '=', person.id)
          .executeTakeFirst();
        if (place === undefined) return;
        const link = `${deps.publicUrl}/reset-password#${token}`;
        await mail.send(trx, {
          to: person.email,
          subject: '信賴：重設密碼 / Xinlai: set a new password',
          text: `請於一小時內開啟下列連結以設定新密碼。若非您本人申請，請忽略此信。\nOpen this link within an hour to set a new password. If you did not ask for it, ignore this mail.\n\n${link}\n`,
          kind: 'auth.password_reset',
        });
        await deps.audit.record(trx, {
          caller: systemCaller('sign-in'),
          action: 'auth.password_reset_sent',
          subject: { kind: 'person', id: person.id },
        });
      });
    },
    passwordReset: (personId: string): Promise<void> =>
      queries.transaction().execute((trx) =>
        deps.audit.record(trx, {
          caller: systemCaller('sign-in'),
          action: 'auth.password_reset',
          subject: { kind: 'person', id: personId },
        }),
      ),
  };

  let engine = await createEngine(deps, hooks);
  let triedAt = Date.now();
  const engineFor = async (needsOidc: boolean): Promise<Engine> => {
    if (needsOidc && deps.oidc != null && !engine.hasOidc && Date.now() - triedAt > RETRY_OIDC_MILLISECONDS) {
      triedAt = Date.now();
      engine = await createEngine(deps, hooks);
    }
    return engine;
  };

  const session = async (request: FastifyRequest): Promise<Session | null> => {
    const token = sessionToken(request, secret);
    return token === null ? null : findSession(queries, token, deps.idleMinutes ?? IDLE_MINUTES);
  };

  const record = (of: Session, act: string, requestId: string): Promise<void> =>
    queries.transaction().execute((trx) =>
      deps.audit.record(trx, {
        caller: personCaller(of, deps.mode),
        action: `auth.${act}`,
        subject: { kind: 'person', id: of.personId },
        requestId,
      }),
    );

  return {
    session,
    engine: () => engineFor(false),
    throttle,
    registerRoutes(app) {
      registerSignInRoutes(app, {
        engine: engineFor,
        throttle,
        publicUrl: deps.publicUrl,
        mode: deps.mode,
        session,
        record,
        factorShown: (of, factor) =>
          queries.transaction().execute(async (trx) => {
            await trx.updateTable('session').set({ second_factor: factor }).where('id', '=', of.id).execute();
            await deps.audit.record(trx, {
              caller: personCaller(of, deps.mode),
              action: 'auth.second_factor_shown',
              subject: { kind: 'person', id: of.personId },
              details: { factor },
            });
          }),
        locked: (email, requestId) =>
          queries.transaction().execute(async (trx) => {
            const person = await trx
              .selectFrom('person')
              .select('id')
              .where('email', '=', email.toLowerCase())
              .executeTakeFirst();
            await deps.audit.record(trx, {
              caller: systemCaller('sign-in'),
              action: 'auth.guessing_slowed',
              subject: { kind: 'person', id: person?.id ?? 'unknown' },
              requestId,
            });
          }),
      });
    },
  };
}
