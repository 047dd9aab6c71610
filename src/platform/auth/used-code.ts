import { createHmac } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { AuthTables } from './tables.ts';

/**
 * Takes a code of an authenticator for one sign-in: false where it was taken before (RFC 6238, 5.2). A code is right for
 * 90 seconds at most; what is kept of it for ten minutes is a keyed digest.
 */
export async function useCode(
  trx: Transaction<AuthTables>,
  personId: string,
  code: string,
  secret: string,
): Promise<boolean> {
  const digest = createHmac('sha256', secret).update(`${personId} ${code}`).digest();
  await sql`delete from auth.used_code where used_at < now() - interval '10 minutes'`.execute(trx);
  const { numAffectedRows } = await sql`
    insert into auth.used_code (digest) values (${digest}) on conflict do nothing`.execute(trx);
  return numAffectedRows === 1n;
}
