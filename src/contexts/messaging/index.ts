/** Door of the messaging context: government texts under short code 111. */
import type { FastifyInstance } from 'fastify';
import type { Audit } from '#platform/audit/audit';
import type { Clock } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Files } from '#platform/files/files';
import type { Jobs } from '#platform/jobs/jobs';
import type { Log } from '#platform/log';
import type { Outbox } from '#platform/outbox/outbox';
import type { SecretBox } from '#platform/secret-box';
import type { Vault } from '#platform/vault/vault';

/** Says what is known of an address in a text; the threat exchange answers it where it is wired. */
export interface AddressJudge {
  judge(address: URL): Promise<{ readonly bad: boolean; readonly reason: string | null }>;
}

export interface MessagingDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly audit: Audit;
  readonly vault: Vault;
  readonly files: Files;
  readonly secretBox: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
  /** Folder below which the context keeps its work in progress, encrypted. */
  readonly folder: string;
  readonly sandbox: boolean;
  /** True where this process sends over the links. */
  readonly dispatches: boolean;
  readonly addressJudge: AddressJudge | null;
}

export interface Messaging {
  registerRoutes(app: FastifyInstance): void;
  /** Begins to send and to take receipts in this process. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Wires the context: jobs are defined, routes wait to be registered. */
export function createMessaging(_deps: MessagingDeps): Messaging {
  return {
    registerRoutes(_app) {},
    async start() {},
    async stop() {},
  };
}
