import { systemCaller, type OrganisationKind } from '../access.ts';
import type { Auth } from './auth.ts';

export interface FirstAdministrator {
  readonly email: string;
  readonly name: string;
  /** Chinese name of the organisation; it is made where no organisation of that kind has this name. */
  readonly organisation: string;
  readonly organisationEn?: string;
  readonly kind: OrganisationKind;
  readonly ubn?: string | null;
}

const HOURS = 24;

/**
 * Invites an administrator from the command line: how the first one of a live product comes in, and how one comes back
 * into an organisation that lost its last. Returns the one-time link, good for 24 hours; only its hash is kept.
 */
export function inviteFirstAdministrator(
  { queries, organisations, invitations }: Auth,
  wish: FirstAdministrator,
): Promise<{ link: string; organisationId: string; expiresAt: string; made: boolean }> {
  const caller = systemCaller('command-line');
  return queries.transaction().execute(async (trx) => {
    const nameZh = wish.organisation.trim();
    const known = await trx
      .selectFrom('organisation')
      .select('id')
      .where('kind', '=', wish.kind)
      .where('name_zh', '=', nameZh)
      .executeTakeFirst();
    const { id } =
      known ??
      (await organisations.create(trx, caller, {
        kind: wish.kind,
        nameZh,
        nameEn: wish.organisationEn ?? nameZh,
        ubn: wish.ubn ?? null,
      }));
    const { link, expiresAt } = await invitations.invite(
      trx,
      caller,
      id,
      { email: wish.email, name: wish.name, roles: ['administrator'] },
      { hours: HOURS, mail: false },
    );
    return { link, organisationId: id, expiresAt, made: known === undefined };
  });
}
