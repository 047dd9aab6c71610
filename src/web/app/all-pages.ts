import { m } from 'virtual:messages';
import { isoDay, oneOf, text } from '../client/search-params.ts';
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
