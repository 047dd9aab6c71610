import type { Audit } from '#platform/audit/audit';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Jobs } from '#platform/jobs/jobs';
import type { Log } from '#platform/log';
import type { Notifications } from '#platform/notifications/notifications';
import type { Outbox } from '#platform/outbox/outbox';
import type { Vault } from '#platform/vault/vault';
import type { Router } from '../routing/route.ts';
import type { Staging } from './staging.ts';

/** What the use cases of batches work with. */
export interface BatchDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly audit: Audit;
  readonly vault: Vault;
  readonly notifications: Notifications;
  readonly clock: Clock;
  readonly log: Log;
  readonly router: Router;
  readonly staging: Staging;
  readonly uploadLimitBytes: number;
  /** Wakes the dispatchers of this process after a commit that queued something. */
  readonly wake: () => void;
  /** Whether a person or key may still approve for an organisation. */
  readonly mayApprove: (actorId: string, organisationId: string) => Promise<boolean>;
}

export const READ_JOB = 'messaging.read-recipients';
export const SEAL_JOB = 'messaging.seal-batch';
export const VERIFY_JOB = 'messaging.verify-batch';
export const RETRY_JOB = 'messaging.retry-batch';
export const SWEEP_JOB = 'messaging.sweep-batches';
