import { sql } from 'kysely';
import type { Database } from '../database.ts';

/** Writes down who listens to what, so that processes without that code publish for them too. */
export async function register(
  database: Database,
  subscriptions: readonly { readonly name: string; readonly types: readonly string[] }[],
): Promise<void> {
  const pairs = subscriptions.flatMap(({ name, types }) => types.map((type) => [name, type] as const));
  await database
    .of('outbox')
    .transaction()
    .execute(async (transaction) => {
      // Two processes that start at once would otherwise lock the same rows in opposite orders.
      await sql`select pg_advisory_xact_lock(hashtextextended('outbox.subscription', 0))`.execute(
        transaction,
      );
      await sql`
        insert into outbox.subscription (subscriber, pattern)
        select * from unnest(${pairs.map(([name]) => name)}::text[], ${pairs.map(([, type]) => type)}::text[])
        on conflict (subscriber, pattern) do update set seen_at = now()`.execute(transaction);
    });
}

/**
 * Deletes events older than 30 days that nobody still has to handle, 5,000 at a time, and forgets subscribers that no
 * process has declared for 7 days. Answers how many events went.
 */
export async function sweep(database: Database): Promise<number> {
  const connection = database.of('outbox');
  await sql`
    with gone as (
      delete from outbox.subscription s where seen_at < now() - interval '7 days' returning subscriber
    )
    delete from outbox.delivery where parked_at is null and subscriber in (
      select subscriber from gone except select subscriber from outbox.subscription where seen_at >= now() - interval '7 days'
    )`.execute(connection);
  let deleted = 0;
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from outbox.event where seq in (
        select seq from outbox.event e
        where created_at < now() - interval '30 days' and not exists (select from outbox.delivery d where d.seq = e.seq)
        order by seq limit 5000 for update skip locked
      )`.execute(connection);
    deleted += Number(numAffectedRows);
    if (numAffectedRows < 5000n) return deleted;
  }
}
