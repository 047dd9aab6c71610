import { permissionsOf, type Caller, type OrganisationKind, type Role } from '../access.ts';
import type { Language } from '../errors.ts';
import { authErrors } from './errors.ts';
import { personCaller } from './person-caller.ts';
import type { AuthDeps } from './ports.ts';
import { missingFactor, type Session } from './session.ts';
import type { AuthTables, Theme } from './tables.ts';

export interface Me {
  readonly by: 'person' | 'key';
  readonly person: { readonly id: string; readonly name: string; readonly email: string } | null;
  readonly organisation: {
    readonly id: string;
    readonly kind: OrganisationKind;
    readonly nameZh: string;
    readonly nameEn: string;
    readonly ubn: string | null;
  };
  /** Where else the person belongs, the present one included; a key has one. */
  readonly organisations: readonly {
    readonly id: string;
    readonly kind: OrganisationKind;
    readonly nameZh: string;
    readonly nameEn: string;
    readonly roles: readonly Role[];
  }[];
  readonly roles: readonly Role[];
  /** Empty while a second factor is still to be shown. */
  readonly permissions: readonly string[];
  readonly space: 'test' | 'live';
  readonly secondFactor: {
    /** `show` and `enrol`: nothing but this page and the steps of signing in works until then. */
    readonly missing: 'none' | 'show' | 'enrol';
    readonly authenticator: boolean;
    readonly passkey: boolean;
  };
  readonly language: Language;
  readonly theme: Theme;
  /** False while the person chose neither: a console goes by the browser then. */
  readonly lookChosen: boolean;
}

export interface OpenSession {
  readonly id: string;
  readonly current: boolean;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly startedAt: string;
  readonly lastSeenAt: string;
}

export interface MyAccount {
  describe(caller: Caller, session: Session | null): Promise<Me>;
  /** Works for another of the person's organisations from the next request on. */
  switchOrganisation(session: Session, organisationId: string, requestId?: string): Promise<void>;
  change(caller: Caller, wish: { language?: Language; theme?: Theme }): Promise<void>;
  sessions(session: Session): Promise<OpenSession[]>;
  endSession(session: Session, id: string, requestId?: string): Promise<void>;
}

/** What the person or key that calls may know and change about itself. */
export function createMyAccount(deps: Pick<AuthDeps, 'database' | 'audit' | 'mode'>): MyAccount {
  const queries = deps.database.of<AuthTables>('auth');
  return {
    async describe(caller, session) {
      const organisation = await queries
        .selectFrom('organisation')
        .selectAll()
        .where('id', '=', caller.organisation.id)
        .executeTakeFirstOrThrow();
      const here = {
        id: organisation.id,
        kind: organisation.kind,
        nameZh: organisation.name_zh,
        nameEn: organisation.name_en,
      };
      const common = {
        organisation: { ...here, ubn: organisation.ubn },
        roles: caller.roles,
        space: caller.space,
      };
      if (caller.by !== 'person' || session === null) {
        return {
          ...common,
          by: 'key',
          person: null,
          organisations: [{ ...here, roles: caller.roles }],
          permissions: [...caller.permissions].sort(),
          secondFactor: { missing: 'none', authenticator: false, passkey: false },
          language: 'zh-TW',
          theme: 'system',
          lookChosen: false,
        };
      }
      const person = await queries
        .selectFrom('person')
        .select(['id', 'name', 'email', 'language', 'theme', 'look_chosen'])
        .where('id', '=', caller.actorId)
        .executeTakeFirstOrThrow();
      const places = await queries
        .selectFrom('membership as m')
        .innerJoin('organisation as o', 'o.id', 'm.organisation_id')
        .select(['o.id', 'o.kind', 'o.name_zh', 'o.name_en', 'm.roles'])
        .where('m.person_id', '=', person.id)
        .orderBy('o.name_zh')
        .execute();
      const missing = missingFactor(session, deps.mode);
      return {
        ...common,
        by: 'person',
        person: { id: person.id, name: person.name, email: person.email },
        organisations: places.map((place) => ({
          id: place.id,
          kind: place.kind,
          nameZh: place.name_zh,
          nameEn: place.name_en,
          roles: place.roles,
        })),
        permissions: missing === 'none' ? [...permissionsOf(organisation.kind, caller.roles)].sort() : [],
        secondFactor: { missing, authenticator: session.hasAuthenticator, passkey: session.hasPasskey },
        language: person.language,
        theme: person.theme,
        lookChosen: person.look_chosen,
      };
    },

    switchOrganisation: (session, organisationId, requestId) =>
      queries.transaction().execute(async (trx) => {
        const place = await trx
          .selectFrom('membership as m')
          .innerJoin('organisation as o', 'o.id', 'm.organisation_id')
          .select(['o.id', 'o.kind', 'o.ubn', 'm.roles'])
          .where('m.person_id', '=', session.personId)
          .where('m.organisation_id', '=', organisationId)
          .executeTakeFirst();
        if (place === undefined) throw authErrors.organisation_not_found({ id: organisationId });
        await trx
          .updateTable('session')
          .set({ organisation_id: place.id })
          .where('id', '=', session.id)
          .execute();
        await trx
          .updateTable('person')
          .set({ last_organisation_id: place.id })
          .where('id', '=', session.personId)
          .execute();
        await deps.audit.record(trx, {
          caller: personCaller(
            { personId: session.personId, organisation: place, roles: place.roles },
            deps.mode,
          ),
          action: 'auth.organisation_switched',
          subject: { kind: 'organisation', id: place.id },
          details: { from: session.organisation.id },
          ...(requestId !== undefined && { requestId }),
        });
      }),

    async change(caller, wish) {
      if (caller.by !== 'person') throw authErrors.person_only();
      await queries
        .updateTable('person')
        .set({
          updated_at: new Date(),
          look_chosen: true,
          ...(wish.language !== undefined && { language: wish.language }),
          ...(wish.theme !== undefined && { theme: wish.theme }),
        })
        .where('id', '=', caller.actorId)
        .execute();
    },

    async sessions(session) {
      const rows = await queries
        .selectFrom('session')
        .select(['id', 'ip_address', 'user_agent', 'created_at', 'last_seen_at'])
        .where('person_id', '=', session.personId)
        .where('expires_at', '>', new Date())
        .orderBy('last_seen_at', 'desc')
        .limit(100)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        current: row.id === session.id,
        address: row.ip_address,
        userAgent: row.user_agent,
        startedAt: row.created_at.toISOString(),
        lastSeenAt: row.last_seen_at.toISOString(),
      }));
    },

    endSession: (session, id, requestId) =>
      queries.transaction().execute(async (trx) => {
        const gone = await trx
          .deleteFrom('session')
          .where('id', '=', id)
          .where('person_id', '=', session.personId)
          .returning('id')
          .executeTakeFirst();
        if (gone === undefined) throw authErrors.session_not_found();
        await deps.audit.record(trx, {
          caller: personCaller(session, deps.mode),
          action: 'auth.session_ended',
          subject: { kind: 'session', id },
          ...(requestId !== undefined && { requestId }),
        });
      }),
  };
}
