import { permissionsOf, type Caller, type Role } from '../access.ts';
import type { OrganisationRow } from './tables.ts';

/** A person at work for an organisation, as every route and audited act sees it. */
export function personCaller(
  person: {
    readonly personId: string;
    readonly organisation: Pick<OrganisationRow, 'id' | 'kind' | 'ubn'>;
    readonly roles: readonly Role[];
  },
  mode: 'sandbox' | 'live',
): Caller {
  const { id, kind, ubn } = person.organisation;
  return {
    by: 'person',
    actorId: person.personId,
    organisation: { id, kind, ubn },
    roles: person.roles,
    permissions: permissionsOf(kind, person.roles),
    space: mode === 'sandbox' ? 'test' : 'live',
  };
}
