import { sql, type Transaction } from 'kysely';
import type { Caller, Role } from '../access.ts';
import { authErrors } from './errors.ts';
import { eraseWhoBelongsNowhere } from './erasure.ts';
import type { AuthDeps } from './ports.ts';
import type { AuthTables } from './tables.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly secondFactor: boolean;
  readonly memberSince: string;
  /** Last request of a session that is still open. */
  readonly lastSeenAt: string | null;
}

export interface People {
  /** People of the caller's organisation, newest first. */
  list(caller: Caller, page: { limit: number; before: string | null }): Promise<Person[]>;
  /** Works from the next request on. Throws `auth.last_administrator`. */
  changeRoles(caller: Caller, personId: string, roles: readonly Role[], requestId?: string): Promise<void>;
  /** Ends the membership and its sessions; who belongs nowhere then is erased. Throws `auth.last_administrator`. */
  remove(caller: Caller, personId: string, requestId?: string): Promise<void>;
}

/** People of an organisation; every query names the caller's own. */
export function createPeople(deps: Pick<AuthDeps, 'database' | 'audit'>): People {
  const queries = deps.database.of<AuthTables>('auth');
  return {
    async list(caller, { limit, before }) {
      const rows = await queries
        .selectFrom('membership as m')
        .innerJoin('person as p', 'p.id', 'm.person_id')
        .select(['p.id', 'p.name', 'p.email', 'p.two_factor_enabled', 'm.roles', 'm.created_at'])
        .select((e) =>
          e
            .exists(e.selectFrom('passkey as k').select('k.id').whereRef('k.person_id', '=', 'p.id'))
            .as('has_passkey'),
        )
        .select((e) =>
          e
            .selectFrom('session as s')
            .select((s) => s.fn.max('s.last_seen_at').as('at'))
            .whereRef('s.person_id', '=', 'p.id')
            .whereRef('s.organisation_id', '=', 'm.organisation_id')
            .as('last_seen_at'),
        )
        .where('m.organisation_id', '=', caller.organisation.id)
        .$if(before !== null, (query) => query.where('p.id', '<', before ?? ''))
        .orderBy('p.id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        email: row.email,
        roles: row.roles,
        secondFactor: row.two_factor_enabled === true || row.has_passkey === true,
        memberSince: row.created_at.toISOString(),
        lastSeenAt: row.last_seen_at?.toISOString() ?? null,
      }));
    },

    changeRoles: (caller, personId, roles, requestId) =>
      queries.transaction().execute(async (trx) => {
        const before = await requireMember(trx, caller, personId, roles.includes('administrator'));
        await trx
          .updateTable('membership')
          .set({ roles: [...new Set(roles)] })
          .where('organisation_id', '=', caller.organisation.id)
          .where('person_id', '=', personId)
          .execute();
        await deps.audit.record(trx, {
          caller,
          action: 'auth.roles_changed',
          subject: { kind: 'person', id: personId },
          details: { from: before, to: [...new Set(roles)] },
          ...(requestId !== undefined && { requestId }),
        });
      }),

    remove: (caller, personId, requestId) =>
      queries.transaction().execute(async (trx) => {
        const roles = await requireMember(trx, caller, personId, false);
        await trx
          .deleteFrom('membership')
          .where('organisation_id', '=', caller.organisation.id)
          .where('person_id', '=', personId)
          .execute();
        await trx
          .deleteFrom('session')
          .where('organisation_id', '=', caller.organisation.id)
          .where('person_id', '=', personId)
          .execute();
        await eraseWhoBelongsNowhere(trx, [personId]);
        await deps.audit.record(trx, {
          caller,
          action: 'auth.person_removed',
          subject: { kind: 'person', id: personId },
          details: { roles },
          ...(requestId !== undefined && { requestId }),
        });
      }),
  };
}

/**
 * The roles of a member of the caller's organisation, whose memberships stay locked: of two administrators who remove
 * each other at once, the second sees that it is the last.
 */
async function requireMember(
  trx: Transaction<AuthTables>,
  caller: Caller,
  personId: string,
  staysAdministrator: boolean,
): Promise<Role[]> {
  const members = await trx
    .selectFrom('membership')
    .select(['person_id', 'roles'])
    .where('organisation_id', '=', caller.organisation.id)
    .where((e) => e.or([e('person_id', '=', personId), sql<boolean>`'administrator' = any(roles)`]))
    .orderBy('person_id')
    .forUpdate()
    .execute();
  const member = members.find((one) => one.person_id === personId);
  if (member === undefined) throw authErrors.person_not_found({ id: personId });
  const others = members.filter((one) => one.person_id !== personId && one.roles.includes('administrator'));
  if (member.roles.includes('administrator') && !staysAdministrator && others.length === 0) {
    throw authErrors.last_administrator();
  }
  return member.roles;
}
