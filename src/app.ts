/** The composition root: every part in the order of its dependencies. The only file that knows them all. */
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { createOperators, type Operators, type Originals } from '#contexts/operators';
import { createAudit, openAuditKeys, type Audit } from '#platform/audit/audit';
import { registerAuditRoutes } from '#platform/audit/routes';
import { createAuth, type Auth } from '#platform/auth/auth';
import { registerAuthRoutes } from '#platform/auth/routes';
import { registerSignInOptions } from '#platform/auth/sign-in-options';
import { movableClock, systemClock } from '#platform/clock';
import { registerClockRoutes } from '#platform/clock-routes/routes';
import type { Config } from '#platform/config';
import { openDatabase, type Database } from '#platform/database';
import { createContentStore } from '#platform/files/content-store';
import { createFiles, filesFolderOf } from '#platform/files/files';
import { registerMultipart } from '#platform/files/multipart';
import { registerFilesRoutes } from '#platform/files/routes';
import { registerIdempotency } from '#platform/http/idempotency';
import { registerRateLimits, type RateLimits } from '#platform/http/rate-limit';
import { createHttp } from '#platform/http/server';
import { registerRequestLog } from '#platform/http/request-log';
import { registerRequestLogRoutes } from '#platform/http/request-log-routes';
import { createJobs, type Jobs } from '#platform/jobs/jobs';
import { registerJobsRoutes } from '#platform/jobs/routes';
import type { Log } from '#platform/log';
import { migrate } from '#platform/migrate';
import { createNotifications } from '#platform/notifications/notifications';
import { registerNotificationsRoutes } from '#platform/notifications/routes';
import type { SandboxFile } from '#platform/sandbox-file';
import { createOutbox, type Outbox } from '#platform/outbox/outbox';
import { registerOutboxRoutes } from '#platform/outbox/routes';
import { openSecretBox } from '#platform/secret-box';
import { createVault, keyFolderOf, openRootKeys } from '#platform/vault/vault';
import { registerDocs } from '#web/docs-page/docs';
import { registerConsole } from '#web/console-files';
import { registerHome } from '#web/public-page/home';
import packageJson from '../package.json' with { type: 'json' };
import { allMigrations } from './migrations.ts';

/** The wired product, before it listens. */
export interface App {
  readonly http: FastifyInstance;
  readonly database: Database;
  readonly auth: Auth;
  readonly audit: Audit;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly operators: Operators;
  /** Lets the sign-in page of a sandbox offer its invented people. */
  offerSignIns(file: SandboxFile): void;
  /** Starts what runs in the background: sealing, delivery, jobs. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database, brings it up to date and wires every part. */
export async function createApp(config: Config, log: Log): Promise<App> {
  const { settings, dataFolder } = config;
  const sandbox = settings.mode === 'sandbox';
  const database = await openDatabase(config, { exclusive: true });
  await migrate(database.of('public'), allMigrations);

  const movable = sandbox ? movableClock() : null;
  const clock = movable ?? systemClock;
  const rootKeys = openRootKeys(config);
  const keyFolder = keyFolderOf(config);
  const box = openSecretBox(keyFolder);
  const publicUrl = settings.publicUrl ?? `http://${settings.host}:${settings.port}`;

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
  const limitBytes = settings.uploadLimitMb * 1024 * 1024;
  const files = createFiles({
    database,
    audit,
    clock,
    folder: filesFolderOf(dataFolder),
    limitBytes,
    scanCommand: settings.malwareScanCommand,
  });
  const auth = await createAuth({
    database,
    audit,
    mail: null,
    clock,
    log,
    mode: settings.mode,
    publicUrl,
    secrets: box.derive('session'),
    oidc: oidcOf(config),
  });
  const operators = createOperators({
    database,
    jobs,
    outbox,
    audit,
    clock,
    originals: originalsIn(filesFolderOf(dataFolder), limitBytes),
    folder: join(dataFolder, 'operators'),
  });
  jobs.define('vault.erase-expired', {
    title: { zh: '刪除屆期個人資料', en: 'Erasing personal data past its day' },
    run: async () => ({ erased: await vault.eraseExpired(clock.today()) }),
  });
  jobs.schedule({ name: 'vault.erase-expired', cron: '10 3 * * *', kind: 'vault.erase-expired', input: {} });

  let limits: RateLimits | null = null;
  const http = await createHttp({
    log,
    version: packageJson.version,
    trustedProxies: settings.trustedProxies.split(',').filter((proxy) => proxy !== ''),
    identify: (request) => auth.identify(request),
    admit: (request) => limits?.admit(request),
  });
  limits = registerRateLimits(http);
  registerIdempotency(http, { database, clock });
  await registerMultipart(http, limitBytes);
  registerAuthRoutes(http, auth, { mailsLinks: false });
  let signIns: SandboxFile | null = null;
  registerSignInOptions(http, auth, {
    oidc: oidcOf(config) !== null,
    sandbox: sandbox ? () => signIns : null,
  });
  registerAuditRoutes(http, { audit, database });
  registerJobsRoutes(http, { jobs, database, log });
  registerOutboxRoutes(http, { outbox });
  registerNotificationsRoutes(http, { notifications });
  registerRequestLog(http, { database, sessions: sandbox });
  registerRequestLogRoutes(http, { database, publicUrl });
  if (movable !== null) registerClockRoutes(http, { clock: movable });
  registerFilesRoutes(http, { files });
  operators.registerRoutes(http);
  const frame = { sandbox };
  registerHome(http, frame, {
    search: (language) => operators.searchForm(language),
    sections: async (language) => [await operators.homeSection(language)],
  });
  operators.registerPublic(http, frame, publicUrl);
  await registerDocs(http, frame);
  await registerConsole(http);

  return {
    http,
    database,
    auth,
    audit,
    jobs,
    outbox,
    operators,
    offerSignIns(file) {
      signIns = file;
    },
    async start() {
      audit.start();
      const worker = settings.roles.split(',').includes('worker');
      await outbox.start({ deliver: worker });
      if (worker) await jobs.start();
    },
    async close() {
      await http.close();
      await jobs.stop();
      await outbox.stop();
      await auth.close();
      await audit.stop();
      await database.close();
    },
  };
}

function oidcOf({ settings }: Config) {
  const { oidcIssuer, oidcClientId, oidcClientSecret } = settings;
  if (oidcIssuer === undefined || oidcClientId === undefined || oidcClientSecret === undefined) return null;
  return { issuer: oidcIssuer, clientId: oidcClientId, clientSecret: oidcClientSecret };
}

/** Originals of imports lie in the same content-addressed store as evidence, so that a backup holds them. */
function originalsIn(folder: string, limitBytes: number): Originals {
  const content = createContentStore(folder);
  return {
    async store({ stream }) {
      const incoming = await content.receive(stream as Readable, limitBytes);
      await content.keep(incoming);
      return { id: incoming.sha256, sha256: incoming.sha256, bytes: incoming.size };
    },
    pathOf: async (id) => content.pathOf(id),
  };
}
