/** The area of batches wired: jobs, schedules, routes, the clerk. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Poller } from '#platform/poller';
import { READ_JOB, RETRY_JOB, SEAL_JOB, SWEEP_JOB, VERIFY_JOB, type BatchDeps } from './batch-deps.ts';
import { registerBatchRoutes } from './batches-routes.ts';
import { createClerk } from './clerk.ts';
import { readJob } from './read-batch.ts';
import { retryJob } from './retry-batch.ts';
import { sealJob } from './seal-batch.ts';
import { createStaging } from './staging.ts';
import { sweepJob } from './sweep.ts';
import { verifyJob } from './verify-batch.ts';

export interface Batches {
  registerRoutes(app: FastifyInstance): void;
  readonly clerk: Poller;
}

/** Defines the jobs of batches; `folder` is that of the context. */
export function createBatches(given: Omit<BatchDeps, 'staging'> & { readonly folder: string }): Batches {
  const deps: BatchDeps = { ...given, staging: createStaging(join(given.folder, 'staged'), given.vault) };
  deps.jobs.define(READ_JOB, readJob(deps));
  deps.jobs.define(SEAL_JOB, sealJob(deps));
  deps.jobs.define(VERIFY_JOB, verifyJob(deps));
  deps.jobs.define(RETRY_JOB, retryJob(deps));
  deps.jobs.define(SWEEP_JOB, sweepJob(deps));
  deps.jobs.schedule({ name: SWEEP_JOB, kind: SWEEP_JOB, input: {}, cron: '17 * * * *' });
  return { registerRoutes: (app) => registerBatchRoutes(app, deps), clerk: createClerk(deps) };
}
