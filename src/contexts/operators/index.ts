/** Door of the operators context: who is out there, and whom to act on first. */
import type { FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import { join } from 'node:path';
import type { Caller } from '#platform/access';
import type { Audit } from '#platform/audit/audit';
import type { Clock } from '#platform/clock';
import type { AnyTransaction, Database } from '#platform/database';
import type { Language } from '#platform/errors';
import type { Html } from '#platform/http/html';
import type { Jobs } from '#platform/jobs/jobs';
import type { Outbox } from '#platform/outbox/outbox';
import { confirmImport, createImport, failImport } from './import-page.ts';
import { executeImport, IMPORT_JOB, restoreSnapshots, type ImportDeps, type Originals } from './imports.ts';
import { registerOperatorsRoutes } from './routes.ts';
import { executeRun, failRun, newestRun, RUN_JOB, startRun, type RunDeps } from './runs.ts';
import { missingParquets } from './snapshots.ts';
import type { OperatorsTables } from './tables.ts';
import type { PublicFrame } from '#web/public-page/page';
import { registerOpenData } from './web/open-data.ts';
import { homeSection, registerPublicPages, registerSearch } from './web/public-pages.ts';
import { registerReconciliationApi } from './web/reconcile-routes.ts';

export type { Originals } from './imports.ts';
export { generateSources } from './synthetic/generate-sources.ts';
export type { OperatorsEvents, OperatorsEventType } from './events.ts';

export interface OperatorsDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly originals: Originals;
  /** Folder below which the context keeps its cache and its work in progress. */
  readonly folder: string;
}

export interface Operators {
  registerRoutes(app: FastifyInstance): void;
  /** Pages and files for everybody: register, open data, reconciliation service. */
  registerPublic(app: FastifyInstance, frame: PublicFrame, publicUrl: string): void;
  /** The box on the home page that finds a firm. */
  searchForm(language: Language): Html;
  /** What the home page says of this context. */
  homeSection(language: Language): Promise<Html>;
  /** Imports files from disk and reconciles as of a day, as a person would on the page. Answers the id of the import. */
  importFiles(
    files: readonly { path: string; name: string }[],
    asOf: string,
    caller: Caller,
  ): Promise<string>;
  /** An operating firm of the newest run that has a finding, for demonstrations; null before the first run. */
  firmWithFinding(): Promise<string | null>;
  /** True once a run has finished. */
  hasRun(): Promise<boolean>;
}

/** A transaction of the kernel, for tables of this context. */
const ours = (trx: AnyTransaction): Kysely<OperatorsTables> =>
  trx.withSchema('operators') as unknown as Kysely<OperatorsTables>;

const CANCELLED = { zh: '已取消。', en: 'cancelled.' };

/** Wires the context: jobs are defined, routes wait to be registered. */
export function createOperators(deps: OperatorsDeps): Operators {
  const db = deps.database.of<OperatorsTables>('operators');
  const shared: Omit<ImportDeps, 'startRun'> = {
    ...deps,
    workFolder: join(deps.folder, 'work'),
    cacheFolder: join(deps.folder, 'snapshots'),
  };
  const runDeps: RunDeps = {
    ...shared,
    restoreSnapshots: (snapshots, signal) =>
      restoreSnapshots(shared, missingParquets(snapshots, shared.cacheFolder), signal),
  };
  const importDeps: ImportDeps = {
    ...shared,
    startRun: async (trx, asOf, caller) => (await startRun(runDeps, trx, { asOf }, caller)).id,
  };
  deps.jobs.define<{ importId: string }>(IMPORT_JOB, {
    title: { zh: '匯入來源檔', en: 'Import of source files' },
    maxAttempts: 3,
    run: ({ input, ...context }) => executeImport(importDeps, input.importId, context),
    ended: (trx, { input, state, error }) => failImport(ours(trx), input.importId, state, error),
  });
  deps.jobs.define<{ runId: string }>(RUN_JOB, {
    title: { zh: '勾稽', en: 'Reconciliation' },
    maxAttempts: 3,
    run: ({ input, ...context }) => executeRun(runDeps, input.runId, context),
    ended: (trx, { input, error }) => failRun(ours(trx), input.runId, error ?? CANCELLED),
  });
  return {
    registerRoutes: (app) => registerOperatorsRoutes(app, { ...deps, ...runDeps }),
    registerPublic: (app, frame, publicUrl) => {
      registerPublicPages(app, db, frame);
      registerOpenData(app, db, frame);
      registerReconciliationApi(app, db, publicUrl);
    },
    searchForm: (language) => registerSearch(language, ''),
    homeSection: (language) => homeSection(db, language),
    importFiles: async (files, asOf, caller) => {
      const id = await createImport(db, deps.originals, openFiles(files), caller, deps.clock.today());
      await db.transaction().execute((trx) => confirmImport(trx, deps.jobs, id, { asOf }, caller));
      return id;
    },
    firmWithFinding: async () => {
      const row = await db
        .selectFrom('finding')
        .innerJoin('run_operator', 'run_operator.ubn', 'finding.ubn')
        .select('finding.ubn')
        .where('run_operator.status', '=', 'operating')
        .where('finding.rule', '=', 'large-without-registration')
        .orderBy('finding.ubn')
        .executeTakeFirst();
      return row?.ubn ?? null;
    },
    hasRun: async () => (await newestRun(db)) !== null,
  };
}

async function* openFiles(files: readonly { path: string; name: string }[]) {
  const { createReadStream } = await import('node:fs');
  for (const { path, name } of files) yield { name, stream: createReadStream(path) };
}
