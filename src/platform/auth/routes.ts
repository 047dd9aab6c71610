import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../access.ts';
import { parseCursor, toPage } from '../http/cursor.ts';
import { registerRoutes } from '../http/routes.ts';
import type { Auth } from './auth.ts';
import { authRoutes } from './contract.ts';
import { authErrors } from './errors.ts';
import type { NewInvitation } from './invitations.ts';
import type { Session } from './session.ts';

const PAGE = 50;

export interface AuthRouteOptions {
  /** True where mails go out: a one-time link is then in no answer. */
  readonly mailsLinks: boolean;
}

/** The public part of `/api/v1/` about people, keys and organisations, and the steps of signing in. */
export function registerAuthRoutes(app: FastifyInstance, auth: Auth, options: AuthRouteOptions): void {
  auth.registerSignInRoutes(app);
  const ok = { ok: true } as const;
  const personal = async (request: FastifyRequest): Promise<Session> => {
    const session = await auth.session(request);
    if (session === null) throw authErrors.person_only();
    return session;
  };
  // The token itself is in no contract, so it is never sent.
  const shown = ({ link, ...invitation }: NewInvitation) => ({
    ...withArrays(invitation),
    link: options.mailsLinks ? null : link,
  });

  registerRoutes(app, authRoutes, {
    getMe: async ({ caller, request }) => describe(auth, caller, request),
    changeMe: async ({ caller, body, request }) => {
      await auth.me.change(caller, body);
      return describe(auth, caller, request);
    },
    switchOrganisation: async ({ body, request }) => {
      await auth.me.switchOrganisation(await personal(request), body.organisationId, request.id);
      return ok;
    },
    listMySessions: async ({ request }) => ({ items: await auth.me.sessions(await personal(request)) }),
    endMySession: async ({ params, request }) => {
      await auth.me.endSession(await personal(request), params.id, request.id);
      return ok;
    },

    listPeople: async ({ caller, query }) => page(query, (window) => auth.people.list(caller, window)),
    changeRoles: async ({ caller, params, body, request }) => {
      await auth.people.changeRoles(caller, params.id, body.roles, request.id);
      return ok;
    },
    removePerson: async ({ caller, params, request }) => {
      await auth.people.remove(caller, params.id, request.id);
      return ok;
    },
    listInvitations: async ({ caller, query }) =>
      page(query, (window) => auth.invitations.list(caller, window)),
    invite: async ({ caller, body, request }) =>
      shown(
        await auth.queries
          .transaction()
          .execute((trx) =>
            auth.invitations.invite(trx, caller, caller.organisation.id, body, { requestId: request.id }),
          ),
      ),
    withdrawInvitation: async ({ caller, params, request }) => {
      await auth.invitations.withdraw(caller, params.id, request.id);
      return ok;
    },
    viewInvitation: async ({ params }) => {
      const { organisation, ...rest } = await auth.invitations.view(params.token);
      const { name_zh: nameZh, name_en: nameEn, ...here } = organisation;
      return { ...rest, roles: [...rest.roles], organisation: { ...here, nameZh, nameEn } };
    },
    acceptInvitation: async ({ params, body, caller }) => {
      const { email } = await auth.invitations.view(params.token);
      await auth.invitations.accept(params.token, {
        ...body,
        personId: caller?.by === 'person' ? caller.actorId : null,
      });
      return { email };
    },

    listKeys: async ({ caller, query }) => page(query, (window) => auth.keys.list(caller, window)),
    createKey: async ({ caller, body, request }) => {
      const { expiresAt, ...rest } = body;
      const until = expiresAt == null ? null : Temporal.Instant.from(expiresAt);
      return withArrays(await auth.keys.create(caller, { ...rest, expiresAt: until }, request.id));
    },
    revokeKey: async ({ caller, params, request }) => {
      await auth.keys.revoke(caller, params.id, request.id);
      return ok;
    },
    rotateKey: async ({ caller, params, body, request }) =>
      withArrays(await auth.keys.rotate(caller, params.id, body.overlapHours ?? 24, request.id)),

    listOrganisations: async ({ query }) =>
      page(query, (window) =>
        auth.organisations.list({ ...window, ...(query.kind !== undefined && { kind: query.kind }) }),
      ),
    createOrganisation: ({ caller, body, request }) =>
      auth.queries.transaction().execute(async (trx) => {
        const { administrator, ...wish } = body;
        const organisation = await auth.organisations.create(trx, caller, wish, request.id);
        if (administrator === undefined) return { organisation: withArrays(organisation), invitation: null };
        const invitation = await auth.invitations.invite(
          trx,
          caller,
          organisation.id,
          { ...administrator, roles: ['administrator'] },
          { requestId: request.id },
        );
        return { organisation: withArrays(organisation), invitation: shown(invitation) };
      }),
    inviteAdministrator: async ({ caller, params, body, request }) =>
      shown(
        await auth.queries.transaction().execute(async (trx) => {
          await auth.organisations.requireNoAdministrator(trx, params.id);
          const wish = { ...body, roles: ['administrator'] as const };
          return auth.invitations.invite(trx, caller, params.id, wish, { requestId: request.id });
        }),
      ),
  });
}

async function describe(auth: Auth, caller: Caller, request: FastifyRequest) {
  const me = await auth.me.describe(caller, await auth.session(request));
  return withArrays({ ...me, organisations: me.organisations.map((one) => withArrays(one)) });
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };

/** The same object with its lists as the contract types them: lists that may be changed. */
function withArrays<T extends object>(value: T): Mutable<T> {
  return value as Mutable<T>;
}

async function page<Item extends { id: string }>(
  query: { limit?: number; cursor?: string },
  read: (window: { limit: number; before: string | null }) => Promise<Item[]>,
): Promise<{ items: Mutable<Item>[]; nextCursor: string | null }> {
  const limit = query.limit ?? PAGE;
  const before = parseCursor(query.cursor, 'text')?.[0] ?? null;
  const rows = await read({ limit: limit + 1, before });
  return toPage(rows, limit, (row) => [row.id], withArrays);
}
