import { sql, type Transaction } from 'kysely';
import type { AuthQueries, AuthTables } from './tables.ts';

type AuthTransaction = Transaction<AuthTables>;

/**
 * Deletes what has ended: sessions with their network addresses, half-done sign-ins, counts of wrong guesses older than
 * two days, and invitations that nobody took up together with the names and addresses of those invited.
 */
export async function tidy(queries: AuthQueries, now: Date): Promise<void> {
  await queries.transaction().execute(async (trx) => {
    await trx.deleteFrom('session').where('expires_at', '<=', new Date()).execute();
    await sql`delete from auth.verification where expires_at <= now()`.execute(trx);
    await sql`delete from auth.sign_in_failure where last_failed_at < now() - interval '2 days'`.execute(trx);
    await eraseNeverAccepted(trx, now);
  });
}

/** Ends invitations that nobody took up and erases their people. */
export async function eraseNeverAccepted(trx: AuthTransaction, now: Date): Promise<void> {
  const ended = await trx
    .deleteFrom('invitation')
    .where('expires_at', '<=', now)
    .returning('person_id')
    .execute();
  await eraseWhoBelongsNowhere(
    trx,
    ended.map((row) => row.person_id),
  );
}

/** Erases name, address and everything of sign-in of people who are in no organisation and invited to none. */
export async function eraseWhoBelongsNowhere(
  trx: AuthTransaction,
  personIds: readonly string[],
): Promise<void> {
  if (personIds.length === 0) return;
  await trx
    .deleteFrom('person')
    .where('id', 'in', personIds)
    .where((e) =>
      e.not(
        e.exists(
          e.selectFrom('membership as m').select('m.person_id').whereRef('m.person_id', '=', 'person.id'),
        ),
      ),
    )
    .where((e) =>
      e.not(
        e.exists(
          e.selectFrom('invitation as i').select('i.person_id').whereRef('i.person_id', '=', 'person.id'),
        ),
      ),
    )
    .execute();
}
