import Type from 'typebox';
import { defineRoutes, nullable, pageOf, pageQuery } from '../http/contract.ts';

const notification = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  text: Type.Object({ zh: Type.String(), en: Type.String() }),
  link: nullable(Type.String({ description: 'path within the console' })),
  read: Type.Boolean(),
  createdAt: Type.String({ format: 'date-time' }),
});

export const notificationsRoutes = defineRoutes({
  listNotifications: {
    method: 'GET',
    url: '/api/v1/notifications',
    access: 'notifications.read',
    tag: 'notifications',
    summary: { zh: '列出通知，新的在前', en: 'List notifications, newest first' },
    query: Type.Object({ ...pageQuery, unread: Type.Optional(Type.Boolean()) }),
    response: { 200: pageOf(notification) },
  },
  countUnread: {
    method: 'GET',
    url: '/api/v1/notifications/unread-count',
    access: 'notifications.read',
    tag: 'notifications',
    summary: { zh: '未讀通知數', en: 'Number of unread notifications' },
    response: { 200: Type.Object({ unread: Type.Integer({ description: 'counted up to 1,000' }) }) },
  },
  markNotificationRead: {
    method: 'POST',
    url: '/api/v1/notifications/:id/read',
    access: 'notifications.read',
    tag: 'notifications',
    summary: { zh: '標示一則通知為已讀', en: 'Mark a notification as read' },
    params: Type.Object({ id: Type.String({ maxLength: 60 }) }),
    response: { 200: Type.Object({ read: Type.Boolean() }) },
  },
  markAllNotificationsRead: {
    method: 'POST',
    url: '/api/v1/notifications/read-all',
    access: 'notifications.read',
    tag: 'notifications',
    summary: { zh: '標示全部通知為已讀', en: 'Mark all notifications as read' },
    response: { 200: Type.Object({ marked: Type.Integer() }) },
  },
});
