import type { FastifyInstance } from 'fastify';
import type { AnyTransaction } from '#platform/database';
import type { Caller } from '#platform/access';
import { displayName } from '#platform/files/display-name';
import { registerRoutes } from '#platform/http/routes';
import { routes, type ImportDetail } from './contract.ts';
import { requireNotAhead } from './check-request.ts';
import { compareRuns } from './compare-runs.ts';
import { operatorErrors } from './errors.ts';
import { exportFindings, exportRun } from './exports.ts';
import { changeFindingState, countFindings, getFinding, listFindings } from './findings.ts';
import {
  confirmImport,
  createImport,
  getImport,
  listChanges,
  listImports,
  listRejected,
  MAX_FILES,
  type UploadedFile,
} from './import-page.ts';
import type { OperatorsDeps } from './index.ts';
import { declareOperating, judgeMatch, listJudgements, undoJudgement } from './judgements.ts';
import { listMatches, operatorDetail } from './operator-page.ts';
import { rejectedCsv } from './output/rejected-csv.ts';
import { ruleTitle } from './rule-titles.ts';
import { getRun, listRunOperators, listRuns, newestRun, startRun, type RunDeps } from './runs.ts';
import { createSavedView, deleteSavedView, listSavedViews } from './saved-views.ts';
import { searchOperators } from './search.ts';
import { listSourceKinds, templateOf } from './source-catalogue.ts';
import type { OperatorsTables } from './tables.ts';
import { changeWeights, packWithWeights, weightsHistory, weightsOf } from './weights.ts';

/** Route → use case: registers the operators API. */
export function registerOperatorsRoutes(app: FastifyInstance, deps: OperatorsDeps & RunDeps): void {
  const db = deps.database.of<OperatorsTables>('operators');
  const audited = async (
    trx: AnyTransaction,
    caller: Caller,
    action: string,
    subject: { kind: string; id: string },
    requestId: string,
    details?: Record<string, string | number | boolean | null>,
  ): Promise<void> =>
    deps.audit.record(trx, {
      caller,
      action: `operators.${action}`,
      subject,
      requestId,
      ...(details && { details }),
    });
  /** The newest run is computed again, as of its own day, after a judgement or a change of weights. */
  const runAgain = async (trx: Parameters<typeof startRun>[1], caller: Caller) => {
    const newest = await newestRun(trx);
    if (newest === null) throw operatorErrors.no_run_yet();
    return startRun(deps, trx, { asOf: newest.asOf }, caller);
  };

  registerRoutes(app, routes, {
    searchOperators: async ({ query, caller }) => {
      const hits = await searchOperators(db, query.q, query.limit ?? 20);
      // Whether a firm really operates follows from closed uploads.
      const closed = caller.permissions.has('operators.read');
      return { items: closed ? hits : hits.map((hit) => ({ ...hit, status: null })) };
    },
    listOperators: ({ query }) => listRunOperators(db, query),
    getOperator: ({ params, query }) => operatorDetail(db, params.ubn, query),
    getOwnOperator: async ({ caller }) => {
      const { ubn } = caller.organisation;
      if (ubn === null) throw operatorErrors.operator_not_found({ ubn: '-' });
      const detail = await operatorDetail(db, ubn);
      // A firm sees its facts and findings; matches and scores are the supervisor's working papers.
      return {
        ...detail,
        matches: [],
        findings: detail.findings.filter((finding) => finding.state === 'open'),
      };
    },
    listSourceKinds: async () => ({ items: listSourceKinds() }),
    downloadTemplate: async ({ params, reply }) => {
      const template = templateOf(params.kind);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', attachment(template.name))
        .send(template.text);
    },
    createImport: async ({ request, caller }): Promise<ImportDetail> => {
      const id = await createImport(
        db,
        deps.originals,
        uploadsOf(request.parts({ limits: { files: MAX_FILES + 1 } })),
        caller,
        deps.clock.today(),
      );
      await db
        .transaction()
        .execute((trx) => audited(trx, caller, 'import_uploaded', { kind: 'import', id }, request.id));
      return getImport(db, id);
    },
    listImports: ({ query }) => listImports(db, query),
    getImport: ({ params }) => getImport(db, params.id),
    confirmImport: async ({ params, body, caller, request }) => {
      requireNotAhead(body.asOf, deps.clock.today());
      await db.transaction().execute(async (trx) => {
        await confirmImport(trx, deps.jobs, params.id, body, caller);
        await audited(trx, caller, 'import_confirmed', { kind: 'import', id: params.id }, request.id);
      });
      return getImport(db, params.id);
    },
    listRejectedCells: ({ params, query }) => listRejected(db, params.id, query),
    downloadRejected: async ({ params, reply }) => {
      await getImport(db, params.id);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', attachment(`rejected-${params.id}.csv`))
        .send(await rejectedCsvOf(params.id));
    },
    listChanges: ({ params, query }) => listChanges(db, params.id, query),
    createRun: ({ body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        requireNotAhead(body.asOf, deps.clock.today());
        const run = await startRun(deps, trx, body, caller);
        await audited(trx, caller, 'run_started', { kind: 'run', id: run.id }, request.id, {
          asOf: body.asOf,
        });
        return run;
      }),
    listRuns: ({ query }) => listRuns(db, query),
    getRun: ({ params }) => getRun(db, params.id),
    compareRuns: ({ params }) => compareRuns(db, params.id, params.other),
    exportRun: async ({ params, query, reply }) => {
      const made = await exportRun(db, params.id, query.format);
      return reply.type(made.type).header('content-disposition', attachment(made.name)).send(made.content);
    },
    listFindings: ({ query }) => listFindings(db, query),
    exportFindings: async ({ query, reply }) => {
      const made = await exportFindings(db, query, query.format);
      return reply.type(made.type).header('content-disposition', attachment(made.name)).send(made.content);
    },
    countFindings: async () => ({ items: await countFindings(db) }),
    getFinding: ({ params }) => getFinding(db, params.id),
    dismissFinding: async ({ params, body, caller, request }) => {
      await db.transaction().execute(async (trx) => {
        await changeFindingState(trx, params.id, 'dismissed', caller, body.reason);
        await audited(trx, caller, 'finding_dismissed', { kind: 'finding', id: params.id }, request.id, {
          reason: body.reason,
        });
      });
      return getFinding(db, params.id);
    },
    reopenFinding: async ({ params, caller, request }) => {
      await db.transaction().execute(async (trx) => {
        await changeFindingState(trx, params.id, 'open', caller, null);
        await audited(trx, caller, 'finding_reopened', { kind: 'finding', id: params.id }, request.id);
      });
      return getFinding(db, params.id);
    },
    listMatches: ({ query }) => listMatches(db, query),
    createJudgement: ({ body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const judged = await judgeMatch(trx, body, caller);
        await audited(trx, caller, 'match_judged', { kind: 'operator', id: judged.ubn }, request.id, {
          judgement: judged.id,
          verdict: judged.verdict,
          reason: body.reason,
        });
        return { id: judged.id, run: await runAgain(trx, caller) };
      }),
    declareOperating: ({ params, body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const { name } = await operatorDetail(trx, params.ubn);
        const id = await declareOperating(trx, { ubn: params.ubn, name, ...body }, caller);
        await audited(trx, caller, 'operating_declared', { kind: 'operator', id: params.ubn }, request.id, {
          operating: body.operating,
          reason: body.reason,
        });
        return { id, run: await runAgain(trx, caller) };
      }),
    listJudgements: ({ query }) => listJudgements(db, query),
    undoJudgement: ({ params, caller, request }) =>
      db.transaction().execute(async (trx) => {
        await undoJudgement(trx, params.id, caller);
        await audited(trx, caller, 'judgement_undone', { kind: 'judgement', id: params.id }, request.id);
        return { run: await runAgain(trx, caller) };
      }),
    getRulePack: async ({ query }) => {
      // Without a day, that of the newest run: the pack whose weights `changeWeights` sets.
      const day = query.asOf ?? (await newestRun(db))?.asOf;
      const asOf = day === undefined ? deps.clock.today() : Temporal.PlainDate.from(day);
      const pack = await packWithWeights(db, asOf);
      return {
        id: pack.id,
        validFrom: pack.validFrom,
        validTo: pack.validTo,
        title: pack.title,
        rules: pack.rules.map((rule) => ({
          id: rule.id,
          title: ruleTitle(rule.id),
          severity: rule.severity,
          law: rule.law,
        })),
        thresholds: pack.thresholds,
        weights: weightsOf(pack),
        history: await weightsHistory(db, pack.id),
      };
    },
    changeWeights: ({ body, caller, request }) =>
      db.transaction().execute(async (trx) => {
        const newest = await newestRun(trx);
        const asOf = newest === null ? deps.clock.today() : Temporal.PlainDate.from(newest.asOf);
        const id = await changeWeights(
          trx,
          await packWithWeights(trx, asOf),
          body.weights,
          body.reason,
          caller,
        );
        await audited(trx, caller, 'weights_changed', { kind: 'weights', id }, request.id, {
          reason: body.reason,
        });
        return { run: newest === null ? null : await runAgain(trx, caller) };
      }),
    listSavedViews: async ({ caller }) => ({ items: await listSavedViews(db, caller) }),
    createSavedView: async ({ body, caller }) => ({ id: await createSavedView(db, body, caller) }),
    deleteSavedView: async ({ params, caller }) => {
      await deleteSavedView(db, params.id, caller);
      return {};
    },
  });

  async function rejectedCsvOf(id: string): Promise<string> {
    const rows = await db
      .selectFrom('rejected_cell')
      .selectAll()
      .where('import_id', '=', id)
      .orderBy('number')
      .limit(200_000)
      .execute();
    return [
      ...rejectedCsv(
        rows.map((row) => ({
          file: row.file,
          row: row.row_number,
          column: row.column_name,
          value: row.value,
          code: row.reason_code,
          zh: row.reason_zh,
          en: row.reason_en,
          rowKept: row.row_kept,
        })),
      ),
    ].join('');
  }
}

const attachment = (name: string): string => `attachment; filename*=UTF-8''${encodeURIComponent(name)}`;

async function* uploadsOf(parts: AsyncIterable<unknown>): AsyncGenerator<UploadedFile> {
  for await (const part of parts) {
    const { type, filename, file } = part as {
      type: string;
      filename?: string;
      file?: NodeJS.ReadableStream;
    };
    if (type === 'file' && file !== undefined) yield { name: displayName(filename ?? ''), stream: file };
  }
}
