import { sql } from 'kysely';
import { systemCaller, type Caller } from '../access.ts';
import type { Audit } from '../audit/audit.ts';
import type { Database } from '../database.ts';

/** Rows deleted in one transaction, with one audit record. */
const BATCH = 100_000;

/** Deletes every row whose `delete_by` lies before `today`; returns how many. */
export async function eraseExpired(
  database: Database,
  audit: Audit,
  today: Temporal.PlainDate,
): Promise<number> {
  for (let total = 0; ;) {
    const erased = await database
      .of('vault')
      .transaction()
      .execute(async (trx) => {
        const { rows } = await sql<{ purpose: string; count: number }>`
          with expired as (
            delete from vault.item where id in (
              select id from vault.item where delete_by < ${today.toString()}::date limit ${BATCH} for update skip locked
            ) returning purpose
          ) select purpose, count(*)::int as count from expired group by purpose order by purpose`.execute(
          trx,
        );
        const count = rows.reduce((sum, row) => sum + row.count, 0);
        if (count === 0) return 0;
        const purposes = Object.fromEntries(rows.map((row) => [row.purpose, row.count]));
        await audit.record(trx, {
          caller: systemCaller('vault'),
          action: 'vault.expired_erased',
          subject: { kind: 'vault_day', id: today.toString() },
          details: { count, purposes },
        });
        return count;
      });
    total += erased;
    if (erased < BATCH) return total;
  }
}

/** Destroys the keys of a purpose at once, then deletes its rows in batches; returns how many rows. */
export async function erasePurpose(
  database: Database,
  audit: Audit,
  purpose: string,
  reading: { readonly caller: Caller; readonly legalBasis: string; readonly requestId?: string },
): Promise<number> {
  await database
    .of('vault')
    .transaction()
    .execute(async (trx) => {
      const keys = await sql`delete from vault.data_key where purpose = ${purpose} returning id`.execute(trx);
      const counted = await sql<{ count: number }>`
        select count(*)::int as count from vault.item where purpose = ${purpose}`.execute(trx);
      await sql`update vault.rotation set finished_at = now() where purpose = ${purpose} and finished_at is null`.execute(
        trx,
      );
      await audit.record(trx, {
        ...reading,
        action: 'vault.purpose_erased',
        subject: { kind: 'vault_purpose', id: purpose },
        details: { keys: keys.rows.length, items: counted.rows[0]?.count ?? 0 },
      });
    });
  for (let total = 0; ;) {
    // Values stored under a new key since then stay: only rows without a key are unreadable.
    const { rows } = await sql`
      delete from vault.item where id in (
        select id from vault.item where purpose = ${purpose}
          and not exists (select from vault.data_key where data_key.id = item.data_key_id) limit ${BATCH}
      ) returning 1`.execute(database.of('vault'));
    total += rows.length;
    if (rows.length < BATCH) return total;
  }
}
