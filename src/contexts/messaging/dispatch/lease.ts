/**
 * Who may send over a link. A lease is held by time and fenced by token: every commit of its holder names the token, and
 * a greater one makes it fail, so that a holder who was away too long writes nothing more.
 */
import { sql, type Kysely } from 'kysely';
import type { MessagingTables } from '../tables.ts';

export interface Lease {
  readonly linkId: string;
  readonly token: number;
  /** Commits made under the leases of this link so far. */
  readonly cycle: number;
  /** Intents of older leases from here on may lack their answer. */
  readonly openFrom: number;
}

/** Takes the lease of a link where nobody holds it; null where somebody does. Call it in the transaction that settles. */
export async function takeLease(
  db: Kysely<MessagingTables>,
  { linkId, holder, holdMs }: { readonly linkId: string; readonly holder: string; readonly holdMs: number },
): Promise<Lease | null> {
  const { rows } = await sql<{ token: number; cycle: number; open_from: number }>`
    insert into messaging.link_lease (link_id, holder, token, expires_at)
    values (${linkId}, ${holder}, 1, now() + ${holdMs} * interval '1 millisecond')
    on conflict (link_id) do update
      set holder = excluded.holder, token = link_lease.token + 1, expires_at = excluded.expires_at
      where link_lease.expires_at <= now()
    returning token, cycle, open_from`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { linkId, token: row.token, cycle: row.cycle, openFrom: row.open_from };
}

/** Lets others have the link at once. */
export async function releaseLease(db: Kysely<MessagingTables>, lease: Lease): Promise<void> {
  await sql`update messaging.link_lease set expires_at = now()
    where link_id = ${lease.linkId} and token = ${lease.token}`.execute(db);
}

/** The last commit under the lease, or null where a greater token has it: tells whether a commit that broke came through. */
export async function committedCycle(db: Kysely<MessagingTables>, lease: Lease): Promise<number | null> {
  const row = await db
    .selectFrom('link_lease')
    .select('cycle')
    .where('link_id', '=', lease.linkId)
    .where('token', '=', lease.token)
    .executeTakeFirst();
  return row?.cycle ?? null;
}
