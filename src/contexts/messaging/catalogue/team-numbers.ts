/** Numbers of the people who try a service out: the only ones that a service on trial reaches. */
import type { Kysely } from 'kysely';
import type { Caller } from '#platform/access';
import type { Clock } from '#platform/clock';
import type { AnyTransaction } from '#platform/database';
import { AppError } from '#platform/errors';
import type { Vault } from '#platform/vault/vault';
import { maskPhoneNumber, parsePhoneNumber, suggestPhoneNumber } from '#shared/phone-number';
import legalBasis from '../legal-basis.json' with { type: 'json' };
import type { MessagingTables } from '../tables.ts';
import { catalogueErrors } from './catalogue-errors.ts';

export const TEAM_PURPOSE = 'messaging.team_numbers';
/** Team numbers are given anew once a year, or they are gone. */
const KEPT_YEARS = 1;

export interface TeamNumberDeps {
  readonly vault: Pick<Vault, 'putMany' | 'readMany' | 'erase' | 'findByValue'>;
  readonly clock: Clock;
}

/** Replaces the team numbers of a service; answers the ids of the values, in order, without doubles. */
export async function storeTeamNumbers(
  { vault, clock }: TeamNumberDeps,
  trx: AnyTransaction,
  caller: Caller,
  old: readonly string[],
  numbers: readonly string[],
): Promise<string[]> {
  const read = numbers.map((number, index) => {
    const found = parsePhoneNumber(number) ?? suggestPhoneNumber(number);
    if (found?.kind !== 'mobile' || found.extension !== null)
      throw catalogueErrors.team_number_unfit({ place: index + 1 });
    return found.national.slice(1);
  });
  if (old.length > 0) await vault.erase(trx, old, { caller, legalBasis: legalBasis.team });
  const values = [...new Set(read)];
  if (values.length === 0) return [];
  const deleteBy = clock.today().add({ years: KEPT_YEARS });
  return vault.putMany(trx, { purpose: TEAM_PURPOSE, values, deleteBy, caller });
}

/** The numbers with their middle masked; reading them is audited. Those past their day are left out. */
export async function maskedTeamNumbers(
  { vault }: Pick<TeamNumberDeps, 'vault'>,
  trx: AnyTransaction,
  caller: Caller,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const found = await vault
    .readMany(trx, ids, { caller, legalBasis: legalBasis.team })
    .catch((error: unknown) => {
      // They were stored together and end on the same day.
      if (error instanceof AppError && error.code === 'vault.not_found') return new Map<string, string>();
      throw error;
    });
  return [...found.values()].map((number) => {
    const parsed = parsePhoneNumber(`0${number}`);
    return parsed === null ? '–' : maskPhoneNumber(parsed);
  });
}

/** Whether a number (nine digits) is of a service's team. Found by the blind index: no value is opened. */
export function createTeamCheck(
  { vault }: Pick<TeamNumberDeps, 'vault'>,
  db: Kysely<MessagingTables>,
): (serviceId: string, number9: string) => Promise<boolean> {
  return (serviceId, number9) =>
    db.transaction().execute(async (trx) => {
      const row = await trx
        .selectFrom('service')
        .select('team_number_ids')
        .where('id', '=', serviceId)
        .executeTakeFirst();
      if (row === undefined || row.team_number_ids.length === 0) return false;
      const ids = await vault.findByValue(trx, TEAM_PURPOSE, number9);
      return ids.some((id) => row.team_number_ids.includes(id));
    });
}
