/** Door of the messaging context: government texts under short code 111. */
import type { FastifyInstance } from 'fastify';
import type { Audit } from '#platform/audit/audit';
import type { Clock } from '#platform/clock';
import type { Config } from '#platform/config';
import type { Database } from '#platform/database';
import type { Files } from '#platform/files/files';
import type { Jobs } from '#platform/jobs/jobs';
import type { Log } from '#platform/log';
import type { Notifications } from '#platform/notifications/notifications';
import type { Metrics } from '#platform/observability/metrics';
import type { Outbox } from '#platform/outbox/outbox';
import type { SecretBox } from '#platform/secret-box';
import { rootKeyFile, type Vault } from '#platform/vault/vault';
import type { Webhooks } from '#platform/webhooks/webhooks';
import type { PublicFrame } from '#web/public-page/page';
import { createAcceptor } from './accept/accept.ts';
import { registerMessageRoutes } from './accept/messages-routes.ts';
import { createEndTeller } from './accept/tell-ended.ts';
import { registerAccountRoutes } from './agency-smpp/accounts-routes.ts';
import {
  startAgencyServer,
  type AgencyServer,
  type AgencyServerOptions,
} from './agency-smpp/agency-server.ts';
import { startReceiptsOut } from './agency-smpp/receipts-out.ts';
import { createBatches } from './batches/batches.ts';
import { registerCatalogueRoutes } from './catalogue/catalogue-routes.ts';
import { reserveParts } from './catalogue/quota.ts';
import { createTeamCheck } from './catalogue/team-numbers.ts';
import { registerCheckRoutes } from './check/check-routes.ts';
import { createCheckKeys } from './check/keys.ts';
import { registerCheckPage } from './check/page.ts';
import { registerLinkRoutes } from './dispatch/links-routes.ts';
import { startSender, type Sender } from './dispatch/sender.ts';
import { defineUpkeep, keepDays } from './dispatch/upkeep.ts';
import { measureTexts } from './measure.ts';
import type { PortabilityLookup } from './routing/portability.ts';
import { createRouter } from './routing/route.ts';
import { registerSimulatorRoutes } from './simulator/phones-routes.ts';
import { seedAgency, seedLinks, type SandboxAgency } from './simulator/seed.ts';
import { startSandboxTelecoms, type SandboxTelecoms } from './simulator/sandbox-telecoms.ts';
import type { MessagingTables } from './tables.ts';

/** Says what is known of an address in a text; the threat exchange answers it where it is wired. */
export interface AddressJudge {
  judge(address: URL): Promise<{ readonly bad: boolean; readonly reason: string | null }>;
}

export interface MessagingDeps {
  /** Where the thread that sends finds its keys. */
  readonly config: Config;
  readonly database: Database;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly audit: Audit;
  readonly vault: Vault;
  readonly files: Files;
  readonly notifications: Notifications;
  readonly webhooks: Pick<Webhooks, 'listens'>;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
  /** Folder below which the context keeps its work in progress, encrypted. */
  readonly folder: string;
  readonly sandbox: boolean;
  /** True where this process sends over the links. */
  readonly dispatches: boolean;
  /** Where agencies bind by SMPP; null where this process does not serve them. */
  readonly agencySmpp: AgencyServerOptions | null;
  readonly addressJudge: AddressJudge | null;
  /** Whether a person or key may approve for an organisation, asked again when a batch starts. */
  readonly mayApprove: (actorId: string, organisationId: string) => Promise<boolean>;
}

export interface Messaging {
  registerRoutes(app: FastifyInstance): void;
  /** Gauges of queues and links, for `/metrics`. */
  measure(metrics: Pick<Metrics, 'gauge'>): void;
  /** The citizen's page. */
  registerPublic(app: FastifyInstance, frame: PublicFrame): void;
  /** Begins to send and to take receipts in this process. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Gives an agency of the sandbox a service with approved templates, once. */
  seedAgency(agency: SandboxAgency): Promise<void>;
  /** Port of the agencies' SMPP server; null where this process has none. */
  smppPort(): number | null;
}

/** Wires the context: jobs are defined, routes wait to be registered. */
export function createMessaging(deps: MessagingDeps): Messaging {
  const { database, secretBox, clock, audit, log } = deps;
  const db = database.of<MessagingTables>('messaging');
  let telecoms: SandboxTelecoms | null = null;
  let agencies: AgencyServer | null = null;
  let sender: Sender | null = null;
  let receipts: ReturnType<typeof startReceiptsOut> | null = null;

  // The sandbox's database of ported numbers opens with its telecoms.
  const portability: PortabilityLookup | null = deps.sandbox
    ? { portedTo: async (numbers) => (await telecoms?.portability.portedTo(numbers)) ?? new Map() }
    : null;
  const router = createRouter({ database, portability });
  const keys = createCheckKeys({ database, secretBox, clock });
  defineUpkeep(deps.jobs, { database, clock, checkKeys: keys });
  const ask = { db, keys, clock, space: deps.sandbox ? ('test' as const) : ('live' as const) };
  const acceptor = createAcceptor({
    ...deps,
    router,
    reserveParts: (trx, of) => reserveParts(deps, trx, of),
    listens: (...of) => deps.webhooks.listens(...of),
    isTeamNumber: createTeamCheck(deps, db),
    digestKey: Buffer.from(secretBox.derive('messaging.idempotency')[0], 'base64url'),
    wake: () => sender?.wake(),
  });

  const ends = createEndTeller({ database, outbox: deps.outbox, log });
  const batches = createBatches({
    ...deps,
    router,
    uploadLimitBytes: deps.config.settings.uploadLimitMb * 1024 * 1024,
    wake: () => sender?.wake(),
  });

  return {
    registerRoutes(app) {
      batches.registerRoutes(app);
      registerCatalogueRoutes(app, { ...deps, db });
      registerMessageRoutes(app, { db, acceptor });
      registerAccountRoutes(app, { db, audit, server: () => agencies });
      registerCheckRoutes(app, ask);
      registerLinkRoutes(app, deps);
      if (deps.sandbox) registerSimulatorRoutes(app, () => telecoms);
    },
    measure: (metrics) => measureTexts(db, metrics),
    registerPublic: (app, frame) => registerCheckPage(app, ask, frame),
    async start() {
      if (deps.sandbox) {
        telecoms = await startSandboxTelecoms();
        await seedLinks(db, secretBox, telecoms);
      }
      if (deps.dispatches) {
        ends.start();
        await keepDays(database);
        sender = startSender({
          databaseUrl: database.url,
          rootKeyFile: rootKeyFile(deps.config),
          clock,
          log,
        });
      }
      if (deps.agencySmpp !== null) {
        agencies = await startAgencyServer({ db, acceptor, log }, deps.agencySmpp);
        receipts = startReceiptsOut({ ...deps, server: agencies });
      }
      batches.clerk.start();
    },
    seedAgency: (agency) => seedAgency(db, agency),
    smppPort: () => agencies?.port ?? null,
    async stop() {
      await batches.clerk.stop();
      await ends.stop();
      await receipts?.stop();
      await agencies?.close();
      await acceptor.close();
      await sender?.stop();
      await telecoms?.close();
    },
  };
}
