/** Keys of the citizen check: one a week, sealed in the database, destroyed on its day; then nobody can ask any more. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { SecretBox } from '#platform/secret-box';
import type { MessagingTables } from '../tables.ts';
import { checkKeyOf, type CheckKey } from './digest.ts';

/** Days from the Monday of a key to the day on which it is destroyed: a week of use and four of questions. */
const DAYS = 35;

export interface CheckKeys {
  /** The key of this week in Taipei; made at its first use. */
  current(): Promise<CheckKey>;
  /** Every key that was not destroyed yet, newest first, each with its Monday. */
  all(): Promise<readonly { readonly week: Temporal.PlainDate; readonly key: CheckKey }[]>;
  /** Destroys the keys whose day has come; answers how many. */
  destroyDue(): Promise<number>;
}

export interface CheckKeysDeps {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
}

/** The keys of a database, opened once each. */
export function createCheckKeys({ database, secretBox, clock }: CheckKeysDeps): CheckKeys {
  const db = database.of<MessagingTables>('messaging');
  const opened = new Map<string, CheckKey>();
  const open = (week: string, sealed: Buffer): CheckKey => {
    const known = opened.get(week);
    if (known !== undefined) return known;
    const key = checkKeyOf(Buffer.from(secretBox.open(sealed.toString('latin1')), 'base64'));
    opened.set(week, key);
    return key;
  };
  return {
    async current() {
      const today = clock.today();
      const monday = today.subtract({ days: today.dayOfWeek - 1 });
      const week = monday.toString();
      const known = opened.get(week);
      if (known !== undefined) return known;
      const sealed = Buffer.from(secretBox.seal(randomBytes(32).toString('base64')), 'latin1');
      // Of two processes at the same moment one makes the key; both use what is stored.
      await sql`insert into messaging.check_key (week, sealed_key, destroy_on)
        values (${week}, ${sealed}, ${monday.add({ days: DAYS }).toString()}) on conflict do nothing`.execute(
        db,
      );
      const stored = await db
        .selectFrom('check_key')
        .select('sealed_key')
        .where('week', '=', week)
        .executeTakeFirstOrThrow();
      return open(week, stored.sealed_key);
    },
    async all() {
      const rows = await db
        .selectFrom('check_key')
        .select(['week', 'sealed_key'])
        .where('destroy_on', '>', clock.today().toString())
        .orderBy('week', 'desc')
        .execute();
      const left = new Set(rows.map((row) => row.week));
      for (const week of opened.keys()) if (!left.has(week)) opened.delete(week);
      return rows.map((row) => ({
        week: Temporal.PlainDate.from(row.week),
        key: open(row.week, row.sealed_key),
      }));
    },
    async destroyDue() {
      const gone = await db
        .deleteFrom('check_key')
        .where('destroy_on', '<=', clock.today().toString())
        .returning('week')
        .execute();
      for (const { week } of gone) opened.delete(week);
      return gone.length;
    },
  };
}
