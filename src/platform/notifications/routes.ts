import type { FastifyInstance } from 'fastify';
import { defineErrors } from '../errors.ts';
import { parseCursor, toPage } from '../http/cursor.ts';
import { registerRoutes } from '../http/routes.ts';
import { notificationsRoutes } from './contract.ts';
import type { Notifications } from './notifications.ts';

const errors = defineErrors('notifications', {
  not_found: { status: 404, zh: '查無通知 {id}。', en: 'there is no notification {id}.' },
});

/** The routes of `contract.ts`. */
export function registerNotificationsRoutes(
  app: FastifyInstance,
  { notifications }: { readonly notifications: Notifications },
): void {
  registerRoutes(app, notificationsRoutes, {
    async listNotifications({ query, caller }) {
      const limit = query.limit ?? 50;
      const cursor = parseCursor(query.cursor, 'text');
      const rows = await notifications.list(caller, {
        limit: limit + 1,
        unread: query.unread ?? false,
        before: cursor?.[0],
      });
      return toPage(
        rows,
        limit,
        ({ id }) => [id],
        (row) => row,
      );
    },
    countUnread: async ({ caller }) => ({ unread: await notifications.unread(caller) }),
    async markNotificationRead({ params, caller }) {
      if (!(await notifications.markRead(caller, params.id))) throw errors.not_found({ id: params.id });
      return { read: true };
    },
    markAllNotificationsRead: async ({ caller }) => ({ marked: await notifications.markAllRead(caller) }),
  });
}
