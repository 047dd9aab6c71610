import type { FastifyInstance } from 'fastify';
import type { Caller } from '../access.ts';
import type { Database } from '../database.ts';
import { parseCursor, toPage } from '../http/cursor.ts';
import { httpErrors } from '../http/http-errors.ts';
import { registerRoutes } from '../http/routes.ts';
import type { Log } from '../log.ts';
import { jobsRoutes } from './contract.ts';
import { createJobFeed } from './feed.ts';
import { findJob, listJobs, toJob, type JobRow } from './job.ts';
import { jobErrors } from './jobs-errors.ts';
import type { Jobs } from './jobs.ts';

/** The routes of `contract.ts`; streams of progress end when the server closes. */
export function registerJobsRoutes(
  app: FastifyInstance,
  { jobs, database, log }: { readonly jobs: Jobs; readonly database: Database; readonly log: Log },
): void {
  const feed = createJobFeed({ database, log });
  app.addHook('preClose', () => feed.close());

  async function require(id: string, caller: Caller): Promise<JobRow> {
    const row = await findJob(database, id, caller);
    if (row === undefined) throw jobErrors.not_found({ id });
    return row;
  }

  /** The starter, or whoever may manage jobs. */
  async function requireControl(id: string, caller: Caller): Promise<void> {
    const row = await require(id, caller);
    if (row.started_by !== caller.actorId && !caller.permissions.has('jobs.manage')) {
      throw httpErrors.forbidden({ permission: 'jobs.manage' });
    }
  }

  registerRoutes(app, jobsRoutes, {
    async listJobs({ query, caller }) {
      const limit = query.limit ?? 50;
      const cursor = parseCursor(query.cursor, 'text');
      const rows = await listJobs(database, caller, {
        ...query,
        limit: limit + 1,
        before: cursor?.[0],
      });
      return toPage(rows, limit, ({ id }) => [id], toJob);
    },
    watchJobs({ caller, reply }) {
      const stream = feed.open(caller);
      return Promise.resolve(
        reply
          .headers({
            'content-type': 'text/event-stream; charset=utf-8',
            'cache-control': 'no-store',
            'x-accel-buffering': 'no',
          })
          .send(stream),
      );
    },
    async readJob({ params, caller }) {
      return toJob(await require(params.id, caller));
    },
    async cancelJob({ params, caller }) {
      await requireControl(params.id, caller);
      return toJob(await jobs.cancel(params.id, caller));
    },
    async retryJob({ params, caller }) {
      await requireControl(params.id, caller);
      return toJob(await jobs.retry(params.id, caller));
    },
  });
}
