import { sql, type RawBuilder } from 'kysely';
import type { Caller, Role } from '../access.ts';
import type { AnyTransaction, Database } from '../database.ts';
import type { Bilingual } from '../errors.ts';
import { newId } from '../id.ts';
import type { MigrationSet } from '../migrate.ts';

export const notificationsMigrations: MigrationSet = {
  schema: 'notifications',
  folder: new URL('./migrations/', import.meta.url),
};

export interface NewNotification {
  readonly organisationId: string;
  /** One person; else everybody of the organisation, or of `role` there. */
  readonly personId?: string;
  readonly role?: Role;
  /** Left out: seen in test and in live space. */
  readonly space?: 'test' | 'live';
  /** What it is about, e.g. `webhooks.endpoint_disabled`. */
  readonly kind: string;
  /** Without personal data. */
  readonly text: Bilingual;
  /** Path within the product where the matter is seen to, beginning with `/`. */
  readonly link?: string;
}

export interface Notification {
  readonly id: string;
  readonly kind: string;
  readonly text: Bilingual;
  readonly link: string | null;
  readonly read: boolean;
  readonly createdAt: string;
}

export interface Notifications {
  /** Tells people in the transaction of what happened. Answers the id. */
  notify(transaction: AnyTransaction, notification: NewNotification): Promise<string>;
  /** Newest first; `before` is the id of the last one of the page before. */
  list(
    caller: Caller,
    page: { readonly limit: number; readonly unread?: boolean; readonly before?: string | undefined },
  ): Promise<Notification[]>;
  /** Unread ones, counted up to 1,000. */
  unread(caller: Caller): Promise<number>;
  /** Marks one as read by the caller; false where it cannot be seen. */
  markRead(caller: Caller, id: string): Promise<boolean>;
  /** Marks all as read by the caller; answers how many were not yet. */
  markAllRead(caller: Caller): Promise<number>;
  /** Deletes what is older than 180 days. */
  sweep(): Promise<number>;
}

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly text_zh: string;
  readonly text_en: string;
  readonly link: string | null;
  readonly read: boolean;
  readonly created_at: Date;
}

/** Notices inside the product, each with its own read mark for every person. */
export function createNotifications({ database }: { readonly database: Database }): Notifications {
  const connection = database.of('notifications');
  return {
    async notify(transaction, notification) {
      const { link, text } = notification;
      if (link !== undefined && !/^\/(?!\/)/.test(link))
        throw new TypeError('a notification links to a path of the product');
      const id = newId('ntf');
      await sql`
        insert into notifications.notification (id, organisation_id, space, person_id, role, kind, text_zh, text_en, link)
        values (${id}, ${notification.organisationId}, ${notification.space ?? null}, ${notification.personId ?? null},
          ${notification.role ?? null}, ${notification.kind}, ${text.zh}, ${text.en}, ${link ?? null})`.execute(
        transaction,
      );
      return id;
    },
    async list(caller, { limit, unread = false, before }) {
      const { rows } = await sql<Row>`
        select n.id, kind, text_zh, text_en, link, created_at, seen.at is not null as read
        from notifications.notification n
        left join notifications.seen on notification_id = n.id and seen.person_id = ${caller.actorId}
        where ${visibleTo(caller)} and (${!unread} or seen.at is null) and (${before ?? null}::text is null or n.id < ${before ?? null})
        order by n.id desc limit ${limit}`.execute(connection);
      return rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        text: { zh: row.text_zh, en: row.text_en },
        link: row.link,
        read: row.read,
        createdAt: row.created_at.toISOString(),
      }));
    },
    async unread(caller) {
      const { rows } = await sql<{ count: number }>`
        select count(*) from (
          select from notifications.notification n where ${visibleTo(caller)} and ${notSeenBy(caller)} limit 1000) as counted`.execute(
        connection,
      );
      return rows[0]?.count ?? 0;
    },
    async markRead(caller, id) {
      const { rows } = await sql`
        with one as (select id from notifications.notification n where id = ${id} and ${visibleTo(caller)}),
          marked as (insert into notifications.seen (notification_id, person_id) select id, ${caller.actorId} from one on conflict do nothing)
        select id from one`.execute(connection);
      return rows.length === 1;
    },
    async markAllRead(caller) {
      const { numAffectedRows = 0n } = await sql`
        insert into notifications.seen (notification_id, person_id)
        select id, ${caller.actorId} from notifications.notification n where ${visibleTo(caller)} and ${notSeenBy(caller)}
        on conflict do nothing`.execute(connection);
      return Number(numAffectedRows);
    },
    async sweep() {
      const { numAffectedRows = 0n } = await sql`
        delete from notifications.notification where created_at < now() - interval '180 days'`.execute(
        connection,
      );
      return Number(numAffectedRows);
    },
  };
}

function visibleTo(caller: Caller): RawBuilder<boolean> {
  return sql<boolean>`(n.organisation_id = ${caller.organisation.id} and (n.space is null or n.space = ${caller.space})
    and (n.person_id is null or n.person_id = ${caller.actorId}) and (n.role is null or n.role = any(${[...caller.roles]}::text[])))`;
}

function notSeenBy(caller: Caller): RawBuilder<boolean> {
  return sql<boolean>`not exists (select from notifications.seen where notification_id = n.id and seen.person_id = ${caller.actorId})`;
}
