import { organisationKinds } from '#platform/access';
import { m } from 'virtual:messages';
import { isoDay, oneOf, text } from '../client/search-params.ts';
import NotFoundPage from '../pages/not-found.tsx';
import { deliverySearch } from '../pages/delivery-search.ts';
import type { Contribution, Page } from './registry.ts';

/** Every context adds its own by the default export of its `web/pages.tsx`. */
const contexts = Object.values(
  import.meta.glob<Contribution>('../../contexts/*/web/pages.tsx', { eager: true, import: 'default' }),
);

const own: readonly Page[] = [
  {
    path: '/',
    title: () => m.page_home(),
    load: () => import('../pages/home.tsx'),
    nav: { group: 'today', order: 1, icon: 'home' },
    words: 'home today',
  },
  {
    path: '/jobs',
    title: () => m.page_jobs(),
    load: () => import('../pages/jobs.tsx'),
    access: 'jobs.read',
    search: { state: oneOf('waiting', 'running', 'done', 'failed', 'cancelled'), mine: text(5) },
    nav: { group: 'record', order: 1, icon: 'jobs' },
    words: 'jobs work',
  },
  {
    path: '/jobs/$id',
    title: () => m.page_job(),
    load: () => import('../pages/job.tsx'),
    access: 'jobs.read',
  },
  {
    path: '/audit',
    title: () => m.page_audit(),
    load: () => import('../pages/audit.tsx'),
    access: 'audit.read',
    search: {
      actor: text(),
      action: text(),
      subjectKind: text(),
      subjectId: text(),
      from: isoDay(),
      to: isoDay(),
    },
    nav: { group: 'record', order: 2, icon: 'audit' },
    words: 'audit trail',
  },
  {
    path: '/developer/keys',
    title: () => m.page_keys(),
    load: () => import('../pages/keys.tsx'),
    access: 'keys.manage',
    nav: { group: 'develop', order: 1, icon: 'key' },
    words: 'api keys',
  },
  {
    path: '/developer/keys/new',
    title: () => m.page_key_new(),
    load: () => import('../pages/key-new.tsx'),
    access: 'keys.manage',
  },
  {
    path: '/developer/keys/$id/rotate',
    title: () => m.page_key_rotate(),
    load: () => import('../pages/key-rotate.tsx'),
    access: 'keys.manage',
  },
  {
    path: '/developer/keys/$id/revoke',
    title: () => m.page_key_revoke(),
    load: () => import('../pages/key-revoke.tsx'),
    access: 'keys.manage',
  },
  {
    path: '/notifications',
    title: () => m.page_notifications(),
    load: () => import('../pages/notifications.tsx'),
    access: 'notifications.read',
    search: { unread: oneOf('true') },
  },
  {
    path: '/developer/requests',
    title: () => m.page_requests(),
    load: () => import('../pages/requests.tsx'),
    access: 'developer.read',
    search: {
      method: oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
      status: oneOf('2xx', '3xx', '4xx', '5xx'),
      route: text(),
      requestId: text(60),
      actorId: text(80),
    },
    nav: { group: 'develop', order: 2, icon: 'log' },
    words: 'request log api',
  },
  {
    path: '/developer/requests/$id',
    title: () => m.page_request(),
    load: () => import('../pages/request.tsx'),
    access: 'developer.read',
  },
  {
    path: '/developer/webhooks',
    title: () => m.page_webhooks(),
    load: () => import('../pages/webhooks.tsx'),
    access: 'webhooks.manage',
    search: deliverySearch,
    nav: { group: 'develop', order: 3, icon: 'webhook' },
    words: 'webhooks events deliveries',
  },
  {
    path: '/developer/webhooks/new',
    title: () => m.page_webhook_new(),
    load: () => import('../pages/webhook-new.tsx'),
    access: 'webhooks.manage',
  },
  {
    path: '/developer/webhooks/$id',
    title: () => m.page_webhook(),
    load: () => import('../pages/webhook.tsx'),
    access: 'webhooks.manage',
    search: deliverySearch,
  },
  {
    path: '/developer/webhooks/$id/delete',
    title: () => m.page_webhook_delete(),
    load: () => import('../pages/webhook-delete.tsx'),
    access: 'webhooks.manage',
  },
  {
    path: '/developer/deliveries/$id',
    title: () => m.page_delivery(),
    load: () => import('../pages/delivery.tsx'),
    access: 'webhooks.manage',
  },
  {
    path: '/developer/clock',
    title: () => m.page_clock(),
    load: () => import('../pages/clock.tsx'),
    access: 'clock.move',
    sandboxOnly: true,
    nav: { group: 'develop', order: 4, icon: 'clock' },
    words: 'test clock time',
  },
  {
    path: '/developer/inbox',
    title: () => m.page_inbox(),
    load: () => import('../pages/inbox.tsx'),
    access: 'people.manage',
    sandboxOnly: true,
    nav: { group: 'develop', order: 5, icon: 'mail' },
    words: 'mail inbox',
  },
  {
    path: '/settings/profile',
    title: () => m.page_profile(),
    load: () => import('../pages/profile.tsx'),
    nav: { group: 'settings', order: 1, icon: 'shield' },
    words: 'profile security password passkey',
  },
  {
    path: '/settings/authenticator',
    title: () => m.page_authenticator(),
    load: () => import('../pages/authenticator.tsx'),
  },
  { path: '/settings/password', title: () => m.page_password(), load: () => import('../pages/password.tsx') },
  { path: '/settings/passkey', title: () => m.page_passkey(), load: () => import('../pages/passkey.tsx') },
  {
    path: '/settings/people',
    title: () => m.page_people(),
    load: () => import('../pages/people.tsx'),
    access: 'people.manage',
    nav: { group: 'settings', order: 2, icon: 'people' },
    words: 'people members',
  },
  {
    path: '/settings/people/invite',
    title: () => m.page_invite(),
    load: () => import('../pages/invite.tsx'),
    access: 'people.manage',
  },
  {
    path: '/settings/people/$id/roles',
    title: () => m.page_roles(),
    load: () => import('../pages/roles.tsx'),
    access: 'people.manage',
  },
  {
    path: '/settings/people/$id/remove',
    title: () => m.page_remove_person(),
    load: () => import('../pages/remove-person.tsx'),
    access: 'people.manage',
  },
  {
    path: '/settings/organisations',
    title: () => m.page_organisations(),
    load: () => import('../pages/organisations.tsx'),
    access: 'organisations.manage',
    search: { kind: oneOf(...organisationKinds) },
    nav: { group: 'settings', order: 3, icon: 'building' },
    words: 'organisations tenants',
  },
  {
    path: '/settings/organisations/new',
    title: () => m.organisation_add(),
    load: () => import('../pages/organisation-new.tsx'),
    access: 'organisations.manage',
  },
  { path: '$', title: () => m.not_found_title(), load: () => Promise.resolve({ default: NotFoundPage }) },
];

/** Pages before signing in; they stand without the shell. */
export const publicPages: readonly Page[] = [
  {
    path: '/sign-in',
    title: () => m.page_sign_in(),
    load: () => import('../pages/sign-in.tsx'),
    search: { back: text(500), error: text(80) },
  },
  { path: '/invitation', title: () => m.page_invitation(), load: () => import('../pages/invitation.tsx') },
  { path: '/reset-password', title: () => m.page_reset(), load: () => import('../pages/reset-password.tsx') },
  {
    path: '/second-factor',
    title: () => m.page_second_factor(),
    load: () => import('../pages/second-factor.tsx'),
  },
];

export const pages: readonly Page[] = [...own, ...contexts.flatMap(({ pages }) => pages)];
export const todaySources = contexts.flatMap(({ today }) => today ?? []);
export const homePanels = contexts.flatMap(({ panels }) => panels ?? []).sort((a, b) => a.order - b.order);
export const searchSources = contexts.flatMap(({ search }) => search ?? []);
