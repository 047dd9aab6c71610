/** The kernel wired: every platform part in the order of its dependencies, before any context. */
import { join } from 'node:path';
import { createAudit, openAuditKeys, type Audit } from '#platform/audit/audit';
import { createAuth, type Auth } from '#platform/auth/auth';
import { movableClock, systemClock, type Clock, type MovableClock } from '#platform/clock';
import type { Config } from '#platform/config';
import { openDatabase, type Database } from '#platform/database';
import { createFiles, filesFolderOf, type Files } from '#platform/files/files';
import { createJobs, type Jobs } from '#platform/jobs/jobs';
import type { Log } from '#platform/log';
import { createMail, type Mail } from '#platform/mail/mail';
import { migrate } from '#platform/migrate';
import { createNotifications, type Notifications } from '#platform/notifications/notifications';
import { createMetrics, type Metrics } from '#platform/observability/metrics';
import { createOutbox, type Outbox } from '#platform/outbox/outbox';
import { openSecretBox, type SecretBox } from '#platform/secret-box';
import { createVault, keyFolderOf, openRootKeys, type Vault } from '#platform/vault/vault';
import { createWebhooks, type Webhooks } from '#platform/webhooks/webhooks';
import { allMigrations } from './migrations.ts';

export interface Kernel {
  readonly config: Config;
  readonly log: Log;
  readonly version: string;
  readonly sandbox: boolean;
  /** Address under which browsers and partners reach the product. */
  readonly publicUrl: string;
  readonly database: Database;
  readonly clock: Clock;
  /** The clock of a sandbox, which can be moved; null in live mode. */
  readonly movable: MovableClock | null;
  readonly audit: Audit;
  readonly vault: Vault;
  readonly secretBox: SecretBox;
  readonly outbox: Outbox;
  readonly jobs: Jobs;
  readonly files: Files;
  readonly notifications: Notifications;
  /** Null in live mode without an SMTP server: links are then shown to whoever asks for them. */
  readonly mail: Mail | null;
  readonly webhooks: Webhooks;
  readonly metrics: Metrics;
  readonly auth: Auth;
  /** Starts what runs in the background: sealing, delivery, jobs, webhooks. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Opens the database, brings it up to date and wires the kernel. */
export async function createKernel(config: Config, log: Log, version: string): Promise<Kernel> {
  const { settings, dataFolder } = config;
  const sandbox = settings.mode === 'sandbox';
  const publicUrl = settings.publicUrl ?? `http://${settings.host}:${settings.port}`;
  const rootKeys = openRootKeys(config);
  const keyFolder = keyFolderOf(config);
  const database = await openDatabase(config, { exclusive: true });
  await migrate(database.of('public'), allMigrations);

  const movable = sandbox ? movableClock() : null;
  const clock = movable ?? systemClock;
  const secretBox = openSecretBox(keyFolder);
  const audit = createAudit({
    database,
    log,
    keys: openAuditKeys(keyFolder, { create: true }),
    checkpointFile: join(dataFolder, 'audit-checkpoint'),
  });
  const vault = createVault({ database, audit, rootKeys, clock });
  const outbox = createOutbox({ database, log });
  const jobs = createJobs({ database, log, clock });
  const notifications = createNotifications({ database });
  const { smtpUrl } = settings;
  const mail =
    sandbox || smtpUrl !== undefined
      ? createMail({ database, jobs, secretBox, smtpUrl, from: settings.mailFrom })
      : null;
  const guard = { allowLoopback: sandbox };
  const webhooks = createWebhooks({ database, log, clock, outbox, secretBox, audit, notifications, guard });
  const metrics = createMetrics({ log, version });
  const files = createFiles({
    database,
    audit,
    clock,
    folder: filesFolderOf(dataFolder),
    limitBytes: settings.uploadLimitMb * 1024 * 1024,
    scanCommand: settings.malwareScanCommand,
  });
  const auth = await createAuth({
    database,
    audit,
    mail,
    clock,
    log,
    mode: settings.mode,
    publicUrl,
    secrets: secretBox.derive('session'),
    oidc: oidcOf(config),
  });
  defineUpkeep({ jobs, vault, files, notifications, clock });
  outbox.subscribe({
    name: 'metrics',
    types: ['*'],
    handle: async (_trx, event) => metrics.businessEvent(event.type, { eventId: event.id }),
  });
  measureQueues({ metrics, jobs, outbox, webhooks });

  const worker = settings.roles.split(',').includes('worker');
  return {
    config,
    log,
    version,
    sandbox,
    publicUrl,
    database,
    clock,
    movable,
    audit,
    vault,
    secretBox,
    outbox,
    jobs,
    files,
    notifications,
    mail,
    webhooks,
    metrics,
    auth,
    async start() {
      audit.start();
      await outbox.start({ deliver: worker });
      if (!worker) return;
      await jobs.start();
      webhooks.start();
    },
    async stop() {
      // Each is stopped, also where the database is gone and some cannot end in order; the first failure is thrown.
      const failures: unknown[] = [];
      const parts: (() => Promise<void> | void | undefined)[] = [
        () => webhooks.stop(),
        () => jobs.stop(),
        () => outbox.stop(),
        () => mail?.close(),
        () => auth.close(),
        () => audit.stop(),
        () => database.close(),
      ];
      for (const stop of parts) {
        try {
          await stop();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** What is deleted by itself, every night in Taipei. */
function defineUpkeep({
  jobs,
  vault,
  files,
  notifications,
  clock,
}: Pick<Kernel, 'jobs' | 'vault' | 'files' | 'notifications' | 'clock'>): void {
  jobs.define('kernel.upkeep', {
    title: { zh: '刪除屆期資料', en: 'Deleting what is past its day' },
    run: async () => ({
      erasedValues: await vault.eraseExpired(clock.today()),
      sweptUploads: await files.sweep(),
      sweptNotices: await notifications.sweep(),
    }),
  });
  jobs.schedule({ name: 'kernel.upkeep', cron: '10 3 * * *', kind: 'kernel.upkeep', input: {} });
}

function measureQueues({
  metrics,
  jobs,
  outbox,
  webhooks,
}: Pick<Kernel, 'metrics' | 'jobs' | 'outbox' | 'webhooks'>): void {
  metrics.gauge('xinlai_jobs_waiting', 'Jobs that wait', async () => (await jobs.status()).waiting);
  metrics.gauge(
    'xinlai_jobs_oldest_seconds',
    'Age of the oldest waiting job',
    async () => (await jobs.status()).oldestSeconds,
  );
  metrics.gauge(
    'xinlai_outbox_waiting',
    'Events that wait for a subscriber',
    async () => (await outbox.status()).waiting,
  );
  metrics.gauge(
    'xinlai_outbox_parked',
    'Events that a subscriber failed on',
    async () => (await outbox.status()).parked,
  );
  metrics.gauge(
    'xinlai_webhooks_waiting',
    'Webhook deliveries that wait',
    async () => (await webhooks.status()).waiting,
  );
}

/** Single sign-on, where all of its settings are there. */
export function oidcOf({ settings }: Config) {
  const { oidcIssuer, oidcClientId, oidcClientSecret } = settings;
  if (oidcIssuer === undefined || oidcClientId === undefined || oidcClientSecret === undefined) return null;
  return { issuer: oidcIssuer, clientId: oidcClientId, clientSecret: oidcClientSecret };
}
