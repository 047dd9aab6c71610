import { authRoutes } from '#platform/auth/contract';
import { jobsRoutes } from '#platform/jobs/contract';
import { m } from 'virtual:messages';
import type { TodaySource } from '../app/registry.ts';
import { call } from '../client/call.ts';

/** Jobs that ended this long ago no longer need anybody. */
const RECENT_MS = 7 * 24 * 3600 * 1000;

/** What the platform itself has for today: own jobs that failed, invitations that nobody took up. */
export const ownTodaySources: readonly TodaySource[] = [
  {
    id: 'jobs-failed',
    order: 80,
    access: 'jobs.read',
    load: async (signal) => {
      const { items } = await call(
        jobsRoutes.listJobs,
        { query: { state: 'failed', mine: true, limit: 50 } },
        { signal },
      );
      const recent = items.filter(
        (job) => Date.now() - Date.parse(job.finishedAt ?? job.createdAt) < RECENT_MS,
      );
      return [
        {
          id: 'jobs-failed',
          count: recent.length,
          text: m.today_jobs_failed(),
          detail: m.today_jobs_failed_detail(),
          tone: 'danger',
          target: { to: '/jobs', search: { state: 'failed', mine: 'true' } },
        },
      ];
    },
  },
  {
    id: 'invitations',
    order: 90,
    access: 'people.manage',
    load: async (signal) => {
      const { items } = await call(authRoutes.listInvitations, { query: { limit: 50 } }, { signal });
      return [
        {
          id: 'invitations',
          count: items.length,
          text: m.today_invitations(),
          detail: m.today_invitations_detail(),
          tone: 'info',
          target: { to: '/settings/people' },
        },
      ];
    },
  },
];
