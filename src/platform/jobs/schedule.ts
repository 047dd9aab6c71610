import { parseCronItem } from 'graphile-worker';
import { sql } from 'kysely';
import { systemCaller } from '../access.ts';
import { TAIPEI, type Clock } from '../clock.ts';
import type { AnyTransaction, Database } from '../database.ts';
import type { JsonValue } from '../json.ts';
import type { NewJob } from './jobs.ts';

/** Work that repeats. `cron` has the five usual fields and counts in Asia/Taipei. */
export type ScheduleDefinition = {
  readonly name: string;
  readonly kind: string;
  readonly input: JsonValue;
} & ({ readonly cron: string } | { readonly everySeconds: number });

interface Entry {
  readonly definition: ScheduleDefinition;
  readonly pattern: string;
  next(after: Temporal.Instant): Temporal.Instant;
}

export interface Scheduler {
  add(definition: ScheduleDefinition): void;
  /** Writes down new and changed schedules. */
  settle(): Promise<void>;
  /** Asks for the jobs that are due; each once over all processes. */
  tick(): Promise<void>;
}

/** Schedules by our clock, as graphile-worker's cron counts in UTC and cannot be moved. */
export function createScheduler(dependencies: {
  readonly database: Database;
  readonly clock: Clock;
  enqueue(
    transaction: AnyTransaction,
    job: NewJob & { schedule: string; keepDone?: boolean },
  ): Promise<string>;
}): Scheduler {
  const { database, clock } = dependencies;
  const entries = new Map<string, Entry>();
  let last = clock.now();

  async function settle(): Promise<void> {
    const now = clock.now();
    const all = [...entries.values()];
    // A clock that was moved forward and then reset leaves times far ahead; they come back to the next regular one.
    await sql`
      insert into jobs.schedule (name, pattern, next_at)
      select * from unnest(${all.map(({ definition }) => definition.name)}::text[], ${all.map(({ pattern }) => pattern)}::text[],
        ${all.map((entry) => entry.next(now).toString())}::timestamptz[])
      on conflict (name) do update set pattern = excluded.pattern,
        next_at = case when schedule.pattern = excluded.pattern then least(schedule.next_at, excluded.next_at)
          else excluded.next_at end`.execute(database.of('jobs'));
  }

  return {
    add(definition) {
      if (entries.has(definition.name)) throw new Error(`schedule ${definition.name} is declared twice`);
      entries.set(definition.name, toEntry(definition));
    },
    settle,
    async tick() {
      if (entries.size === 0) return;
      const now = clock.now();
      if (Temporal.Instant.compare(now, last) < 0) await settle();
      last = now;
      const due = await sql<{ due: boolean }>`
        select exists (select from jobs.schedule where name = any(${[...entries.keys()]}::text[])
          and next_at <= ${now.toString()}::timestamptz) as due`.execute(database.of('jobs'));
      if (due.rows[0]?.due !== true) return;
      await database
        .of('jobs')
        .transaction()
        .execute(async (transaction) => {
          const { rows } = await sql<{ name: string }>`
            select name from jobs.schedule where name = any(${[...entries.keys()]}::text[])
              and next_at <= ${now.toString()}::timestamptz for update skip locked`.execute(transaction);
          for (const { name } of rows) {
            const entry = entries.get(name);
            if (entry === undefined) continue;
            const { definition } = entry;
            await dependencies.enqueue(transaction, {
              kind: definition.kind,
              input: definition.input,
              caller: systemCaller(name),
              key: `schedule:${name}`,
              schedule: name,
              ...('everySeconds' in definition && { keepDone: false }),
            });
            await sql`update jobs.schedule set last_at = ${now.toString()}::timestamptz,
              next_at = ${entry.next(now).toString()}::timestamptz where name = ${name}`.execute(transaction);
          }
        });
    },
  };
}

function toEntry(definition: ScheduleDefinition): Entry {
  if ('everySeconds' in definition) {
    const { everySeconds } = definition;
    return {
      definition,
      pattern: `every ${everySeconds} s`,
      next: (after) => after.add({ milliseconds: Math.round(everySeconds * 1000) }),
    };
  }
  return { definition, pattern: definition.cron, next: cronIn(definition.cron) };
}

const MINUTE = 60_000;

/** The next minute after an instant that a cron pattern names in Asia/Taipei; throws on a pattern that never comes. */
export function cronIn(pattern: string): (after: Temporal.Instant) => Temporal.Instant {
  const { match } = parseCronItem({ task: 'schedule', match: pattern });
  return (after) => {
    // Taipei has kept one offset since 1979, so minutes of its wall clock are counted as plain minutes.
    const offset = after.toZonedDateTimeISO(TAIPEI).offsetNanoseconds / 1e6;
    const first = Math.floor(after.epochMilliseconds / MINUTE) * MINUTE + MINUTE;
    for (let at = first; at < first + 1500 * 1440 * MINUTE; at += MINUTE) {
      const wall = new Date(at + offset);
      const digest = {
        min: wall.getUTCMinutes(),
        hour: wall.getUTCHours(),
        date: wall.getUTCDate(),
        month: wall.getUTCMonth() + 1,
        dow: wall.getUTCDay(),
      };
      if (match(digest)) return Temporal.Instant.fromEpochMilliseconds(at);
    }
    throw new RangeError(`the cron pattern ${pattern} never comes`);
  };
}
