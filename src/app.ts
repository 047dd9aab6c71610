/** The composition root: contexts over the kernel, news between them, and the HTTP face. The only file that knows them all. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { createMessaging, type Messaging } from '#contexts/messaging';
import { createOperators, type Operators, type Originals } from '#contexts/operators';
import { permissionsOf } from '#platform/access';
import { registerAuditRoutes } from '#platform/audit/routes';
import { registerAuthRoutes } from '#platform/auth/routes';
import { registerSignInOptions } from '#platform/auth/sign-in-options';
import { registerClockRoutes } from '#platform/clock-routes/routes';
import type { Config } from '#platform/config';
import { createContentStore } from '#platform/files/content-store';
import { filesFolderOf } from '#platform/files/files';
import { registerMultipart } from '#platform/files/multipart';
import { registerFilesRoutes } from '#platform/files/routes';
import { registerIdempotency } from '#platform/http/idempotency';
import { registerRateLimits, type RateLimits } from '#platform/http/rate-limit';
import { registerRequestLog } from '#platform/http/request-log';
import { registerRequestLogRoutes } from '#platform/http/request-log-routes';
import { createHttp } from '#platform/http/server';
import { registerJobsRoutes } from '#platform/jobs/routes';
import type { AnyTransaction } from '#platform/database';
import type { Log } from '#platform/log';
import type { NewNotification } from '#platform/notifications/notifications';
import { registerMailRoutes } from '#platform/mail/routes';
import { registerNotificationsRoutes } from '#platform/notifications/routes';
import { registerHealth } from '#platform/observability/health';
import { registerMetrics } from '#platform/observability/metrics';
import { startTracing } from '#platform/observability/tracing';
import { registerOutboxRoutes } from '#platform/outbox/routes';
import type { SandboxFile } from '#platform/sandbox-file';
import { registerWebhooksRoutes } from '#platform/webhooks/routes';
import { registerConsole } from '#web/console-files';
import { registerDocs } from '#web/public-page/docs';
import { registerHome, sendNotFound } from '#web/public-page/home';
import packageJson from '../package.json' with { type: 'json' };
import { createKernel, oidcOf, type Kernel } from './kernel.ts';

/** The wired product, before it listens. */
export interface App extends Pick<Kernel, 'database' | 'auth' | 'audit' | 'jobs' | 'outbox' | 'start'> {
  readonly http: FastifyInstance;
  readonly operators: Operators;
  readonly messaging: Messaging;
  /** Lets the sign-in page of a sandbox offer its invented people. */
  offerSignIns(file: SandboxFile): void;
  close(): Promise<void>;
}

/** Wires every part over a database that is brought up to date. */
export async function createApp(config: Config, log: Log): Promise<App> {
  const kernel = await createKernel(config, log, packageJson.version);
  const { database, jobs, outbox, audit, clock, sandbox } = kernel;
  const filesFolder = filesFolderOf(config.dataFolder);
  const limitBytes = config.settings.uploadLimitMb * 1024 * 1024;
  const operators = createOperators({
    database,
    jobs,
    outbox,
    audit,
    clock,
    originals: originalsIn(filesFolder, limitBytes),
    folder: join(config.dataFolder, 'operators'),
  });
  const messaging = createMessaging({
    ...kernel,
    folder: join(config.dataFolder, 'messaging'),
    dispatches: config.settings.roles.split(',').includes('smpp'),
    agencySmpp: agencySmppOf(config),
    addressJudge: null,
    mayApprove: (actorId, organisationId) => mayApprove(kernel, actorId, organisationId),
  });
  messaging.measure(kernel.metrics);
  tellMinistries(kernel);

  const { otlpEndpoint } = config.settings;
  const tracing =
    otlpEndpoint === undefined ? null : await startTracing({ otlpEndpoint, version: kernel.version });
  let limits: RateLimits | null = null;
  const http = await createHttp({
    log,
    version: kernel.version,
    trustedProxies: listed(config.settings.trustedProxies),
    identify: (request) => kernel.auth.identify(request),
    admit: (request) => limits?.admit(request),
    pageNotFound: (request, reply) => sendNotFound(request, reply, { sandbox }),
  });
  await tracing?.install(http);
  registerMetrics(http, {
    metrics: kernel.metrics,
    allow: listed(config.settings.metricsNetworks),
    token: config.settings.metricsToken,
  });
  registerHealth(http, { database });
  limits = registerRateLimits(http);
  registerRequestLog(http, { database, sessions: sandbox });
  registerIdempotency(http, { database, clock });
  await registerMultipart(http, limitBytes);

  let signIns: SandboxFile | null = null;
  registerKernelRoutes(http, kernel, () => signIns);
  operators.registerRoutes(http);
  messaging.registerRoutes(http);
  const frame = { sandbox };
  registerHome(http, frame, {
    search: (language) => operators.searchForm(language),
    sections: async (language) => [await operators.homeSection(language)],
  });
  operators.registerPublic(http, frame, kernel.publicUrl);
  messaging.registerPublic(http, frame);
  await registerDocs(http, frame);
  await registerConsole(http);

  return {
    http,
    operators,
    messaging,
    database,
    jobs,
    outbox,
    audit,
    auth: kernel.auth,
    async start() {
      await kernel.start();
      await messaging.start();
    },
    offerSignIns(file) {
      signIns = file;
    },
    async close() {
      await http.close();
      await messaging.stop();
      await kernel.stop();
      await tracing?.stop();
    },
  };
}

/** The entries of a setting that is a list, parted by commas. */
function listed(setting: string): string[] {
  return setting
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** Where agencies bind by SMPP: in the sandbox always, in live mode where a port is set. */
function agencySmppOf({ settings }: Config): { host: string; port: number; tls?: TlsFiles } | null {
  const { smppPort, smppCertificateFile, smppKeyFile } = settings;
  const host = settings.smppHost ?? settings.host;
  if (!settings.roles.split(',').includes('smpp')) return null;
  if (smppPort === 0 && settings.mode !== 'sandbox') return null;
  const tls =
    smppCertificateFile === undefined || smppKeyFile === undefined
      ? undefined
      : { cert: readFileSync(smppCertificateFile), key: readFileSync(smppKeyFile) };
  return { host, port: smppPort, ...(tls && { tls }) };
}

interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Whether a person or a key holds the right to approve in an organisation now. */
async function mayApprove(
  { auth, clock }: Kernel,
  actorId: string,
  organisationId: string,
): Promise<boolean> {
  const person = await auth.queries
    .selectFrom('membership')
    .innerJoin('organisation', 'organisation.id', 'membership.organisation_id')
    .select(['organisation.kind', 'membership.roles'])
    .where('membership.person_id', '=', actorId)
    .where('organisation.id', '=', organisationId)
    .executeTakeFirst();
  if (person !== undefined) return permissionsOf(person.kind, person.roles).has('messaging.approve');
  const key = await auth.queries
    .selectFrom('api_key')
    .select(['scopes', 'expires_at'])
    .where('id', '=', actorId)
    .where('organisation_id', '=', organisationId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (key === undefined || !key.scopes.includes('messaging.approve')) return false;
  return key.expires_at === null || key.expires_at.getTime() > clock.now().epochMilliseconds;
}

function registerKernelRoutes(
  http: FastifyInstance,
  kernel: Kernel,
  signIns: () => SandboxFile | null,
): void {
  const { auth, audit, database, jobs, log, outbox, sandbox, publicUrl } = kernel;
  registerAuthRoutes(http, auth, { mailsLinks: kernel.mail !== null });
  registerSignInOptions(http, auth, {
    oidc: oidcOf(kernel.config) !== null,
    sandbox: sandbox ? signIns : null,
  });
  registerAuditRoutes(http, { audit, database });
  registerJobsRoutes(http, { jobs, database, log });
  registerOutboxRoutes(http, { outbox });
  registerNotificationsRoutes(http, { notifications: kernel.notifications });
  registerWebhooksRoutes(http, { webhooks: kernel.webhooks });
  registerRequestLogRoutes(http, { database, publicUrl });
  registerFilesRoutes(http, { files: kernel.files });
  if (kernel.movable !== null) registerClockRoutes(http, { clock: kernel.movable });
  if (sandbox && kernel.mail !== null && kernel.config.settings.smtpUrl === undefined)
    registerMailRoutes(http, { mail: kernel.mail });
}

/** News for the officers of every ministry: a finished reconciliation, a template that awaits its decision. */
function tellMinistries({ outbox, auth, notifications }: Kernel): void {
  const tell = async (trx: AnyTransaction, news: Omit<NewNotification, 'organisationId'>): Promise<void> => {
    const ministries = await auth.queries
      .selectFrom('organisation')
      .select('id')
      .where('kind', '=', 'ministry')
      .execute();
    for (const { id } of ministries) await notifications.notify(trx, { organisationId: id, ...news });
  };
  outbox.subscribe({
    name: 'notify-ministries',
    types: ['operators.run_finished'],
    async handle(trx, event) {
      const { asOf, operating, findings } = event.payload as {
        asOf: string;
        operating: number;
        findings: number;
      };
      await tell(trx, {
        kind: event.type,
        text: {
          zh: `勾稽完成（基準日 ${asOf}）：實際經營 ${operating} 家，查核發現 ${findings} 件`,
          en: `Reconciliation as of ${asOf}: ${operating} operating, ${findings} findings`,
        },
        link: '/console/reconciliation',
      });
    },
  });
  outbox.subscribe({
    name: 'notify-ministries-of-templates',
    types: ['messaging.template_submitted'],
    async handle(trx, event) {
      const { stage } = event.payload as { stage: 'agency' | 'ministry' };
      if (stage !== 'ministry') return;
      await tell(trx, {
        kind: event.type,
        ...(event.space && { space: event.space }),
        text: {
          zh: '有一個機關的首個簡訊範本待核定',
          en: 'The first text template of an agency awaits your decision',
        },
        link: '/console/messaging/agencies',
      });
    },
  });
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
