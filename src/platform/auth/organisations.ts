import { isUbn } from '#shared/ubn';
import { sql, type Transaction } from 'kysely';
import type { Caller, OrganisationKind } from '../access.ts';
import { newId } from '../id.ts';
import { authErrors } from './errors.ts';
import type { AuthDeps } from './ports.ts';
import type { AuthTables, OrganisationRow, Space } from './tables.ts';

export interface OrganisationRequest {
  readonly kind: OrganisationKind;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly ubn?: string | null;
  readonly spaces?: readonly Space[];
}

export interface Organisation {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly ubn: string | null;
  readonly spaces: readonly Space[];
  readonly people: number;
  readonly createdAt: string;
}

export interface Organisations {
  /** Every organisation, newest first; for administrators of the ministry. */
  list(page: { limit: number; before: string | null; kind?: OrganisationKind }): Promise<Organisation[]>;
  /** Throws `auth.bad_ubn`, `auth.organisation_exists`. */
  create(
    trx: Transaction<AuthTables>,
    caller: Caller,
    request: OrganisationRequest,
    requestId?: string,
  ): Promise<Organisation>;
  /** Throws `auth.organisation_has_administrator`: from then on nobody from outside grants roles in it. */
  requireNoAdministrator(trx: Transaction<AuthTables>, id: string): Promise<void>;
}

export function createOrganisations(deps: Pick<AuthDeps, 'database' | 'audit'>): Organisations {
  const queries = deps.database.of<AuthTables>('auth');
  return {
    async list({ limit, before, kind }) {
      const rows = await queries
        .selectFrom('organisation as o')
        .selectAll('o')
        .select((e) =>
          e
            .selectFrom('membership as m')
            .select((m) => m.fn.countAll<string>().as('count'))
            .whereRef('m.organisation_id', '=', 'o.id')
            .as('people'),
        )
        .$if(before !== null, (query) => query.where('o.id', '<', before ?? ''))
        .$if(kind !== undefined, (query) => query.where('o.kind', '=', kind as OrganisationKind))
        .orderBy('o.id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => toOrganisation(row, Number(row.people ?? 0)));
    },

    async create(trx, caller, request, requestId) {
      const ubn = request.ubn ?? null;
      if (ubn !== null && !isUbn(ubn)) throw authErrors.bad_ubn({ ubn });
      if (ubn === null && request.kind === 'operator') throw authErrors.bad_ubn({ ubn: '' });
      const row = await trx
        .insertInto('organisation')
        .values({
          id: newId('org'),
          kind: request.kind,
          name_zh: request.nameZh.trim(),
          name_en: request.nameEn.trim(),
          ubn,
          spaces: [...new Set(request.spaces ?? (['test', 'live'] as const))],
        })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) throw authErrors.organisation_exists();
      await deps.audit.record(trx, {
        caller,
        action: 'auth.organisation_created',
        subject: { kind: 'organisation', id: row.id },
        details: { kind: row.kind, ubn: row.ubn },
        ...(requestId !== undefined && { requestId }),
      });
      return toOrganisation(row, 0);
    },

    async requireNoAdministrator(trx, id) {
      const administrator = await trx
        .selectFrom('membership')
        .select('person_id')
        .where('organisation_id', '=', id)
        .where(sql<boolean>`'administrator' = any(roles)`)
        .executeTakeFirst();
      if (administrator !== undefined) throw authErrors.organisation_has_administrator();
    },
  };
}

function toOrganisation(
  row: Omit<OrganisationRow, 'created_at'> & { created_at: Date },
  people: number,
): Organisation {
  return {
    id: row.id,
    kind: row.kind,
    nameZh: row.name_zh,
    nameEn: row.name_en,
    ubn: row.ubn,
    spaces: row.spaces,
    people,
    createdAt: row.created_at.toISOString(),
  };
}
