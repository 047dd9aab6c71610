import { messagingMigrations } from '#contexts/messaging';
import { operatorsMigrations } from '#contexts/operators';
import { auditMigrations } from '#platform/audit/audit';
import { authMigrations } from '#platform/auth/auth';
import { filesMigrations } from '#platform/files/files';
import { httpMigrations } from '#platform/http/http-migrations';
import { jobsMigrations } from '#platform/jobs/jobs';
import { mailMigrations } from '#platform/mail/mail';
import type { MigrationSet } from '#platform/migrate';
import { notificationsMigrations } from '#platform/notifications/notifications';
import { outboxMigrations } from '#platform/outbox/outbox';
import { vaultMigrations } from '#platform/vault/vault';
import { webhooksMigrations } from '#platform/webhooks/webhooks';

/** Every schema of the product, in the order in which they are brought up to date. */
export const allMigrations: readonly MigrationSet[] = [
  auditMigrations,
  vaultMigrations,
  filesMigrations,
  outboxMigrations,
  jobsMigrations,
  httpMigrations,
  authMigrations,
  notificationsMigrations,
  mailMigrations,
  webhooksMigrations,
  operatorsMigrations,
  messagingMigrations,
];
