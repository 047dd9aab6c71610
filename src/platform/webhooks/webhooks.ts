import { sql } from 'kysely';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database.ts';
import { newId } from '../id.ts';
import type { Log } from '../log.ts';
import type { MigrationSet } from '../migrate.ts';
import type { Notifications } from '../notifications/notifications.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { createPoller } from '../poller.ts';
import type { SecretBox } from '../secret-box.ts';
import { bodyOf } from './deliveries.ts';
import { createDispatcher } from './dispatch.ts';
import type { SendOptions } from './send.ts';

export const webhooksMigrations: MigrationSet = {
  schema: 'webhooks',
  folder: new URL('./migrations/', import.meta.url),
};

export interface WebhooksDependencies {
  readonly database: Database;
  readonly log: Log;
  /** Decides when a retry is due; signatures carry the real time. */
  readonly clock: Clock;
  readonly outbox: Pick<Outbox, 'subscribe'>;
  readonly secretBox: Pick<SecretBox, 'seal' | 'open'>;
  readonly audit: Pick<Audit, 'record'>;
  readonly notifications: Pick<Notifications, 'notify'>;
  /** Where requests may go: `allowLoopback` in the sandbox only. */
  readonly guard: SendOptions;
  /** Milliseconds between looks for due deliveries; 250 unless said. */
  readonly pollMs?: number;
}

/** What the parts of webhooks share. */
export type WebhooksContext = Omit<WebhooksDependencies, 'outbox' | 'pollMs'>;

export interface WebhooksStatus {
  readonly waiting: number;
  readonly failed: number;
  /** Seconds by which the oldest due delivery is late. */
  readonly oldestSeconds: number;
}

/** Partners are told of events by signed HTTP posts (Standard Webhooks), at least once. */
export interface Webhooks {
  readonly context: WebhooksContext;
  /** Begins to send in this process. */
  start(): void;
  /** Ends after what is being sent. */
  stop(): Promise<void>;
  /** Sends everything that is due by the clock; for tests and commands. */
  drain(): Promise<void>;
  status(): Promise<WebhooksStatus>;
  /** True where an endpoint of the organisation itself asks for events of the type: news of single messages is made for it alone. */
  listens(organisationId: string, space: 'test' | 'live', type: string): Promise<boolean>;
}

/**
 * Declares the subscriber `webhooks` at the outbox: every event is written down for each endpoint that asked for its type:
 * of the organisation that it concerns, and of the ministry. An event without a space goes to both spaces.
 */
export function createWebhooks(dependencies: WebhooksDependencies): Webhooks {
  const { outbox, pollMs, ...context } = dependencies;
  const connection = context.database.of('webhooks');
  const dispatcher = createDispatcher(context, () => poller.poke());
  const onError = (error: unknown): void => context.log.error({ err: error }, 'webhooks round failed');
  const poller = createPoller({
    work: async () => {
      await dispatcher.round();
      return false;
    },
    everyMs: pollMs ?? 250,
    onError,
  });
  const forgetting = createPoller({ work: forget, everyMs: 600_000, onError });

  async function forget(): Promise<boolean> {
    const { numAffectedRows = 0n } = await sql`
      delete from webhooks.delivery where id in (
        select id from webhooks.delivery where created_at < now() - interval '30 days' limit 5000)`.execute(
      connection,
    );
    return numAffectedRows === 5000n;
  }

  outbox.subscribe({
    name: 'webhooks',
    types: ['*'],
    async handle(trx, event) {
      const { rows } = await sql<{ id: string }>`
        select id from webhooks.endpoint e
        where enabled and (organisation_kind = 'ministry' or organisation_id = ${event.organisationId})
          and (${event.space}::text is null or space = ${event.space})
          and exists (select from unnest(types) as pattern where pattern = ${event.type} or pattern = '*'
            or (pattern like '%.*' and starts_with(${event.type}, left(pattern, -1))))`.execute(trx);
      if (rows.length === 0) return;
      await sql`
        insert into webhooks.delivery (id, endpoint_id, event_id, event_type, body, next_at)
        select id, endpoint_id, ${event.id}, ${event.type}, ${bodyOf(event)}, ${context.clock.now().toString()}::timestamptz
        from unnest(${rows.map(() => newId('whd'))}::text[], ${rows.map(({ id }) => id)}::text[]) as one(id, endpoint_id)`.execute(
        trx,
      );
    },
  });

  return {
    context,
    start() {
      poller.start();
      forgetting.start();
    },
    async stop() {
      await Promise.all([poller.stop(), forgetting.stop()]);
      await dispatcher.settle();
    },
    async drain() {
      while ((await dispatcher.round()) > 0) await dispatcher.settle();
    },
    async listens(organisationId, space, type) {
      const { rows } = await sql`
        select from webhooks.endpoint where enabled and organisation_id = ${organisationId} and space = ${space}
          and exists (select from unnest(types) as pattern where pattern = ${type} or pattern = '*'
            or (pattern like '%.*' and starts_with(${type}, left(pattern, -1)))) limit 1`.execute(connection);
      return rows.length > 0;
    },
    async status() {
      const { rows } = await sql<{ waiting: number; failed: number; oldest: number }>`
        select count(*) filter (where state = 'waiting') as waiting, count(*) filter (where state = 'failed') as failed,
          coalesce(extract(epoch from ${context.clock.now().toString()}::timestamptz - min(next_at) filter (where state = 'waiting' and enabled)), 0)::float8 as oldest
        from webhooks.delivery d join webhooks.endpoint e on e.id = d.endpoint_id where state <> 'delivered'`.execute(
        connection,
      );
      const row = rows[0];
      return {
        waiting: row?.waiting ?? 0,
        failed: row?.failed ?? 0,
        oldestSeconds: Math.max(0, row?.oldest ?? 0),
      };
    },
  };
}
