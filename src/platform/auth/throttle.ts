import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../database.ts';
import { authErrors } from './errors.ts';
import type { AuthTables } from './tables.ts';

/** How many attempts are free, and how the waits grow after them. */
interface Allowance {
  readonly free: number;
  readonly firstSeconds: number;
  readonly longestSeconds: number;
}

const allowances = {
  /** One account: five tries, then 5, 10, 20 … seconds, at most a quarter of an hour. */
  account: { free: 5, firstSeconds: 5, longestSeconds: 900 },
  /** One network address: an office behind one address signs in together, so it gets more. */
  address: { free: 50, firstSeconds: 5, longestSeconds: 900 },
} as const satisfies Record<string, Allowance>;

export type ThrottleKind = keyof typeof allowances;

export interface Throttle {
  /**
   * Counts an attempt before it is judged, so that attempts sent at once are counted too. Throws `auth.locked` while
   * the wait runs. Returns how many attempts have failed since the last success, this one included.
   */
  attempt(kind: ThrottleKind, subject: string): Promise<number>;
  /** Forgets the failures of an account; gives an address back the one attempt. */
  succeeded(kind: ThrottleKind, subject: string): Promise<void>;
  /** True where `failures` is the first attempt that makes the next one wait. */
  locksAt(kind: ThrottleKind, failures: number): boolean;
}

/** Slows down guessing. Subjects are kept as keyed digests: an unknown address is treated as a known one. */
export function createThrottle(database: Database, secret: string): Throttle {
  const queries = database.of<AuthTables>('auth');
  const keyOf = (kind: ThrottleKind, subject: string): Buffer =>
    createHmac('sha256', secret).update(`throttle\n${kind}\n${subject.trim().toLowerCase()}`).digest();
  return {
    async attempt(kind, subject) {
      const { free, firstSeconds, longestSeconds } = allowances[kind];
      const key = keyOf(kind, subject);
      const { rows } = await sql<{ failures: number }>`
        insert into auth.sign_in_failure as f (key, failures, last_failed_at) values (${key}, 1, now())
        on conflict (key) do update set
          failures = case when f.last_failed_at < now() - interval '1 day' then 1 else f.failures + 1 end,
          last_failed_at = now(),
          locked_until = case when f.last_failed_at >= now() - interval '1 day' and f.failures + 1 >= ${free}
            then now() + make_interval(secs => least(${longestSeconds}::float8,
              ${firstSeconds}::float8 * 2 ^ least(f.failures + 1 - ${free}, 16))) end
        where f.locked_until is null or f.locked_until <= now()
        returning failures`.execute(queries);
      const [counted] = rows;
      if (counted !== undefined) return counted.failures;
      const waiting = await sql<{ seconds: number }>`
        select greatest(1, ceil(extract(epoch from locked_until - now())))::int as seconds
        from auth.sign_in_failure where key = ${key}`.execute(queries);
      throw authErrors.locked({ seconds: waiting.rows[0]?.seconds ?? 1 });
    },
    async succeeded(kind, subject) {
      const key = keyOf(kind, subject);
      if (kind === 'account') {
        await sql`delete from auth.sign_in_failure where key = ${key}`.execute(queries);
      } else {
        await sql`update auth.sign_in_failure set failures = greatest(0, failures - 1), locked_until = null
          where key = ${key}`.execute(queries);
      }
    },
    locksAt: (kind, failures) => failures === allowances[kind].free,
  };
}
