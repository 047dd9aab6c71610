import { sql } from 'kysely';
import type { AnyTransaction, Database } from '../database.ts';
import { newId } from '../id.ts';
import type { JsonValue } from '../json.ts';
import type { Log } from '../log.ts';
import type { MigrationSet } from '../migrate.ts';
import { createPoller } from '../poller.ts';
import { deliverBatch, type DeliveryOptions } from './deliver.ts';
import { listParked, retryParked, type ParkedEvent } from './parked.ts';
import { register, sweep } from './upkeep.ts';

export const outboxMigrations: MigrationSet = {
  schema: 'outbox',
  folder: new URL('./migrations/', import.meta.url),
};

/** What happened. The payload holds ids and figures, never personal data. */
export interface NewEvent {
  /** `<area>.<what happened>`, e.g. `operators.finding_opened`. */
  readonly type: string;
  readonly payload: JsonValue;
  /** Whom it concerns; webhooks of that organisation hear it. */
  readonly organisationId?: string | null;
  /** Left out where the news belongs to neither test nor live data (public registers). */
  readonly space?: 'test' | 'live' | null;
}

export interface OutboxEvent {
  /** `evt_…`, the same at every delivery. */
  readonly id: string;
  readonly type: string;
  readonly payload: JsonValue;
  readonly organisationId: string | null;
  readonly space: 'test' | 'live' | null;
  readonly createdAt: Temporal.Instant;
}

export interface Subscription {
  /** Stable name; what was not handled is kept under it. */
  readonly name: string;
  /** Event types: exact, `operators.*`, or `*`. */
  readonly types: readonly string[];
  /**
   * Handles one event in the transaction that also marks it handled: either both hold or neither. What it does outside
   * that transaction may happen more than once. Events come in the order of publishing, but for those parked.
   */
  handle(transaction: AnyTransaction, event: OutboxEvent): Promise<void>;
  /** Attempts before an event is parked; 8 unless said, over about four minutes. */
  readonly maxAttempts?: number;
}

/** How far behind delivery is. */
export interface OutboxStatus {
  readonly waiting: number;
  readonly parked: number;
  /** Age of the oldest event still waiting, in seconds; 0 where none waits. */
  readonly oldestSeconds: number;
}

export interface Outbox {
  /** Publishes in the caller's transaction: a rollback publishes nothing. One round trip. */
  publish(transaction: AnyTransaction, event: NewEvent): Promise<void>;
  /** Publishes many events in one statement, in their order. */
  publishAll(transaction: AnyTransaction, events: readonly NewEvent[]): Promise<void>;
  /** Declares a subscriber, in every process before `start`, also in those that do not deliver. */
  subscribe(subscription: Subscription): void;
  /** Makes the subscribers known and, unless told otherwise, begins to deliver. */
  start(options?: { readonly deliver?: boolean }): Promise<void>;
  /** Ends delivery after the handlers under way. */
  stop(): Promise<void>;
  /** Delivers until every event is handled or parked, without waiting between attempts; for tests and commands. */
  drain(): Promise<void>;
  status(): Promise<OutboxStatus>;
  /** Events that a subscriber could not handle, newest first, at most `limit`; `before` is the last one of the page before. */
  parked(page: {
    readonly limit: number;
    readonly before?: { readonly seq: number; readonly subscriber: string };
  }): Promise<ParkedEvent[]>;
  /** Hands a parked event to its subscriber again; false where it is not parked. */
  retryParked(eventId: string, subscriber: string): Promise<boolean>;
  /** Deletes events that all have handled and that are older than 30 days; answers how many. */
  sweep(): Promise<number>;
}

export interface OutboxDependencies {
  readonly database: Database;
  readonly log: Log;
  /** Milliseconds between looks for new events; 100 unless said. */
  readonly pollMs?: number;
  /** Subscribers served at once by this process; each takes a connection while it works. 6 unless said. */
  readonly parallel?: number;
  /** Milliseconds after which a handler counts as failed; 5 minutes unless said. */
  readonly handlerTimeoutMs?: number;
  /** Milliseconds before the second attempt; doubles each time up to 60 s. 1,000 unless said. */
  readonly retryMs?: number;
}

/** The transactional outbox over the schema `outbox`. */
export function createOutbox(dependencies: OutboxDependencies): Outbox {
  const { database, log } = dependencies;
  const subscriptions = new Map<string, Subscription>();
  const busy = new Map<string, Promise<void>>();
  const parallel = dependencies.parallel ?? 6;
  const options: DeliveryOptions = {
    handlerTimeoutMs: dependencies.handlerTimeoutMs ?? 300_000,
    retryMs: dependencies.retryMs ?? 1000,
  };
  const poller = createPoller({ work: round, everyMs: dependencies.pollMs ?? 100, onError: failed });
  const upkeep = createPoller({
    work: async () => {
      await register(database, [...subscriptions.values()]);
      await sweep(database);
      return false;
    },
    everyMs: 600_000,
    onError: failed,
  });

  function failed(error: unknown): void {
    log.error({ err: error }, 'outbox round failed');
  }

  async function serve(subscription: Subscription): Promise<void> {
    let more = false;
    try {
      more = await deliverBatch(database, log, subscription, options);
    } catch (error) {
      failed(error);
    }
    busy.delete(subscription.name);
    if (more) poller.poke();
  }

  /** Starts one batch for each subscriber with something due; slow ones keep only their own place. */
  async function round(): Promise<boolean> {
    const idle = [...subscriptions.keys()].filter((name) => !busy.has(name));
    if (idle.length === 0 || busy.size >= parallel) return false;
    const { rows } = await sql<{ name: string }>`
      select name from unnest(${idle}::text[]) as s(name)
      where (select next_at <= now() from outbox.delivery
             where subscriber = name and parked_at is null order by seq limit 1)
      order by random() limit ${parallel - busy.size}`.execute(database.of('outbox'));
    for (const { name } of rows) {
      const subscription = subscriptions.get(name);
      if (subscription === undefined) continue;
      busy.set(name, serve(subscription));
    }
    return false;
  }

  async function publishAll(transaction: AnyTransaction, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    const own = [...subscriptions.values()].flatMap(({ name, types }) =>
      types.map((type) => ({ name, type })),
    );
    await sql`
      select outbox.publish(${events.map(() => newId('evt'))}::text[], ${events.map(({ type }) => type)}::text[],
        ${events.map(({ payload }) => JSON.stringify(payload))}::text[],
        ${events.map(({ organisationId }) => organisationId ?? null)}::text[],
        ${events.map(({ space }) => space ?? null)}::text[],
        ${own.map(({ name }) => name)}::text[], ${own.map(({ type }) => type)}::text[])`.execute(transaction);
  }

  return {
    publish: (transaction, event) => publishAll(transaction, [event]),
    publishAll,
    subscribe(subscription) {
      if (subscriptions.has(subscription.name))
        throw new Error(`subscriber ${subscription.name} is declared twice`);
      subscriptions.set(subscription.name, subscription);
    },
    async start({ deliver = true } = {}) {
      await register(database, [...subscriptions.values()]);
      upkeep.start();
      if (deliver) poller.start();
    },
    async stop() {
      await Promise.all([poller.stop(), upkeep.stop()]);
      await Promise.all(busy.values());
    },
    async drain() {
      await Promise.all(busy.values());
      let worked = true;
      while (worked) {
        worked = false;
        for (const subscription of subscriptions.values()) {
          while (await deliverBatch(database, log, subscription, { ...options, now: true })) worked = true;
        }
      }
    },
    async status() {
      const { rows } = await sql<{ waiting: number; parked: number; oldest: number }>`
        select count(*) filter (where parked_at is null) as waiting, count(*) filter (where parked_at is not null) as parked,
          coalesce(extract(epoch from now() - min(created_at) filter (where parked_at is null)), 0)::float8 as oldest
        from outbox.delivery join outbox.event using (seq)`.execute(database.of('outbox'));
      const row = rows[0];
      return {
        waiting: row?.waiting ?? 0,
        parked: row?.parked ?? 0,
        oldestSeconds: Math.max(0, row?.oldest ?? 0),
      };
    },
    parked: (page) => listParked(database, page),
    retryParked: (eventId, subscriber) => retryParked(database, eventId, subscriber),
    sweep: () => sweep(database),
  };
}
