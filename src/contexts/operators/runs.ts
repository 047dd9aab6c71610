import { sql, type Kysely, type Transaction } from 'kysely';
import { foldText } from '#shared/company-name';
import type { Caller } from '#platform/access';
import type { Database } from '#platform/database';
import { parseCursor, toPage } from '#platform/http/cursor';
import { newId } from '#platform/id';
import type { Outbox } from '#platform/outbox/outbox';
import type { Jobs } from '#platform/jobs/jobs';
import type { OperatorRow, RunDetail, RunRow } from './contract.ts';
import { reconcile } from './engine.ts';
import { operatorErrors } from './errors.ts';
import { saveFindings } from './findings.ts';
import { judgementsInForce } from './judgements.ts';
import { matchKey, needsJudgement } from './match-key.ts';
import type { Match, Operator, RunResult } from './run-result.ts';
import { ruleTitle } from './rule-titles.ts';
import { openSnapshots, snapshotsKnownAt, type SnapshotFile } from './snapshots.ts';
import type { OperatorsTables } from './tables.ts';
import { packWithWeights } from './weights.ts';
import { openWorkspace } from './workspace.ts';

export const RUN_JOB = 'operators.run';

export interface RunDeps {
  readonly database: Database;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  readonly workFolder: string;
  readonly cacheFolder: string;
  /** Makes the cached rows of snapshots again from their originals. */
  restoreSnapshots(snapshots: readonly SnapshotFile[], signal: AbortSignal): Promise<void>;
}

/** What the summary column of a run holds. */
type Summary = Pick<RunResult, 'funnel' | 'shops' | 'sources'>;

/** Starts a run as of a day in the transaction given; the job does the work. One run of the same day waits at most. */
export async function startRun(
  deps: RunDeps,
  trx: Transaction<OperatorsTables>,
  input: { asOf: string; knownAt?: string | undefined },
  caller: Caller,
): Promise<RunRow> {
  const { rows } = await sql<{
    known: boolean;
  }>`select exists (select 1 from operators.snapshot) as known`.execute(trx);
  if (rows[0]?.known !== true) throw operatorErrors.nothing_imported();
  const id = newId('run');
  const knownAt = input.knownAt ?? new Date().toISOString();
  const jobId = await deps.jobs.enqueue(trx, {
    kind: RUN_JOB,
    input: { runId: id },
    caller,
    title: { zh: `勾稽（基準日 ${input.asOf}）`, en: `Reconciliation as of ${input.asOf}` },
  });
  const row = await trx
    .insertInto('run')
    .values({
      id,
      as_of: input.asOf,
      known_at: knownAt,
      state: 'running',
      organisation_id: caller.organisation.id,
      started_by: caller.actorId,
      finished_at: null,
      job_id: jobId,
      pack: null,
      operating: null,
      findings: null,
      summary: null,
      problem: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toRun(row);
}

/** Computes a run and writes its result in one transaction. Running it again gives the same result. */
export async function executeRun(
  deps: RunDeps,
  runId: string,
  context: {
    signal: AbortSignal;
    progress(done: number, total: number | null, note?: { zh: string; en: string }): Promise<void>;
  },
): Promise<{ operating: number; findings: number }> {
  const db = deps.database.of<OperatorsTables>('operators');
  const run = await db.selectFrom('run').selectAll().where('id', '=', runId).executeTakeFirstOrThrow();
  // The process ended after the result was written and before its job was told so.
  if (run.state === 'done') return { operating: run.operating ?? 0, findings: run.findings ?? 0 };
  const asOf = Temporal.PlainDate.from(run.as_of);
  const snapshots = await snapshotsKnownAt(db, run.known_at.toISOString());
  await deps.restoreSnapshots(snapshots, context.signal);
  await using workspace = await openWorkspace(deps.workFolder);
  await openSnapshots(workspace.connection, snapshots, deps.cacheFolder);
  const result = await reconcile({
    connection: workspace.connection,
    asOf,
    judgements: await judgementsInForce(db),
    pack: await packWithWeights(db, asOf),
    onProgress: (step) => void context.progress(step.done, step.total, { zh: step.zh, en: step.en }),
    signal: context.signal,
  });
  return saveRun(deps, run.id, result);
}

async function saveRun(
  deps: RunDeps,
  runId: string,
  result: RunResult,
): Promise<{ operating: number; findings: number }> {
  const operating = result.operators.filter((operator) => operator.status === 'operating').length;
  const findings = result.findings.length;
  const summary: Summary = { funnel: result.funnel, shops: result.shops, sources: result.sources };
  await deps.database
    .of<OperatorsTables>('operators')
    .transaction()
    .execute(async (trx) => {
      // One run writes at a time, so that "newest" and the state of findings are decided in order.
      await sql`select pg_advisory_xact_lock(hashtext('operators.run'))`.execute(trx);
      const { rows } = await sql<{ current: boolean }>`
      select not exists (select 1 from operators.run where state = 'done' and as_of > ${result.asOf}::date) as current`.execute(
        trx,
      );
      await sql`delete from operators.run_operator where run_id = ${runId}`.execute(trx);
      await insertOperators(trx, runId, result.operators);
      await insertMatches(trx, runId, result.matches);
      const changes = await saveFindings(
        trx,
        { id: runId, asOf: result.asOf, current: rows[0]?.current ?? true },
        result.findings,
      );
      await trx
        .updateTable('run')
        .set({
          state: 'done',
          finished_at: new Date(),
          pack: result.pack.id,
          operating,
          findings,
          summary: JSON.stringify(summary),
        })
        .where('id', '=', runId)
        .execute();
      for (const { id, finding } of changes.opened) {
        const { rule, ubn, name, severity } = finding;
        await deps.outbox.publish(trx, {
          type: 'operators.finding_opened',
          payload: { findingId: id, rule, ubn, name, severity },
        });
      }
      for (const { id, rule, ubn, name } of changes.resolved) {
        await deps.outbox.publish(trx, {
          type: 'operators.finding_resolved',
          payload: { findingId: id, rule, ubn, name },
        });
      }
      await deps.outbox.publish(trx, {
        type: 'operators.run_finished',
        payload: { runId, asOf: result.asOf, operating, findings },
      });
    });
  return { operating, findings };
}

const CHUNK = 2000;

async function insertOperators(
  trx: Transaction<OperatorsTables>,
  runId: string,
  operators: readonly Operator[],
): Promise<void> {
  for (let start = 0; start < operators.length; start += CHUNK) {
    const rows = operators.slice(start, start + CHUNK).map((operator, index) => ({
      number: start + index,
      ubn: operator.ubn,
      name: operator.name,
      folded: foldText(operator.name),
      status: operator.status,
      steps: operator.steps,
      content: operator,
    }));
    await sql`insert into operators.run_operator (run_id, number, ubn, name, folded, status, steps, content)
      select ${runId}, number, ubn, name, folded, status, steps, content from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as r (number integer, ubn text, name text, folded text, status text, steps text[], content jsonb)`.execute(
      trx,
    );
  }
}

async function insertMatches(
  trx: Transaction<OperatorsTables>,
  runId: string,
  matches: readonly Match[],
): Promise<void> {
  for (let start = 0; start < matches.length; start += CHUNK) {
    const rows = matches.slice(start, start + CHUNK).map((match, index) => ({
      number: start + index,
      key: matchKey(match),
      ubn: match.ubn,
      outcome: match.outcome,
      to_judge: needsJudgement(match),
      content: match,
    }));
    await sql`insert into operators.run_match (run_id, number, key, ubn, outcome, to_judge, content)
      select ${runId}, number, key, ubn, outcome, to_judge, content from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as r (number integer, key text, ubn text, outcome text, to_judge boolean, content jsonb)
      on conflict do nothing`.execute(trx);
  }
}

type StoredRun = {
  id: string;
  as_of: string;
  state: RunRow['state'];
  started_at: Date;
  finished_at: Date | null;
  pack: string | null;
  operating: number | null;
  findings: number | null;
  job_id: string | null;
};

export function toRun(row: StoredRun): RunRow {
  return {
    id: row.id,
    asOf: row.as_of,
    state: row.state,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    pack: row.pack,
    operating: row.operating,
    findings: row.findings,
    jobId: row.job_id,
  };
}

/** Marks a run failed, for the page that waits for it. */
export async function failRun(
  db: Kysely<OperatorsTables>,
  runId: string,
  problem: { zh: string; en: string },
): Promise<void> {
  await db
    .updateTable('run')
    .set({ state: 'failed', finished_at: new Date(), problem: JSON.stringify(problem) })
    .where('id', '=', runId)
    .where('state', '=', 'running')
    .execute();
}

/** The newest finished run; null before the first. */
export async function newestRun(db: Kysely<OperatorsTables>): Promise<RunRow | null> {
  const row = await db
    .selectFrom('run')
    .selectAll()
    .where('state', '=', 'done')
    .orderBy('number', 'desc')
    .executeTakeFirst();
  return row === undefined ? null : toRun(row);
}

export async function listRuns(
  db: Kysely<OperatorsTables>,
  page: { limit?: number | undefined; cursor?: string | undefined },
) {
  const limit = page.limit ?? 50;
  const after = parseCursor(page.cursor, 'integer');
  const rows = await db
    .selectFrom('run')
    .selectAll()
    .$if(after !== null, (query) => query.where('number', '<', after?.[0] ?? 0))
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, (row) => [row.number], toRun);
}

/** A run by id, or the newest finished one for `latest`. Throws `operators.run_not_found`, `operators.no_run_yet`. */
export async function getRun(db: Kysely<OperatorsTables>, id: string): Promise<RunDetail> {
  const row = await db
    .selectFrom('run')
    .selectAll()
    .$if(id !== 'latest', (query) => query.where('id', '=', id))
    .$if(id === 'latest', (query) => query.where('state', '=', 'done').orderBy('number', 'desc'))
    .executeTakeFirst();
  if (row === undefined)
    throw id === 'latest' ? operatorErrors.no_run_yet() : operatorErrors.run_not_found({ id });
  const summary = (row.summary ?? { funnel: [], shops: [], sources: [] }) as Summary;
  const { rows } = await sql<{
    rule: string;
    severity: RunDetail['findingsByRule'][number]['severity'];
    count: number;
  }>`
    select f.rule, rf.severity, count(*)::integer as count from operators.run_finding rf join operators.finding f on f.id = rf.finding_id
    where rf.run_id = ${row.id} group by f.rule, rf.severity order by f.rule`.execute(db);
  return {
    ...toRun(row),
    funnel: summary.funnel.map((step) => ({
      ...step,
      opens: step.opens === null ? null : { ...step.opens },
      parts: step.parts.map((part) => ({ ...part })),
    })),
    findingsByRule: rows.map((counted) => ({ ...counted, title: ruleTitle(counted.rule) })),
    shops: summary.shops.map(({ ubn, name, domain, quarters, measures, monthlyVisits }) => ({
      ubn,
      name,
      domain,
      quarters: [...quarters],
      measures: [...measures],
      monthlyVisits,
    })),
    sources: summary.sources.map(({ file, kind, dataDate, goodRows, rejectedRows, superseded }) => ({
      file,
      kind,
      dataDate,
      goodRows,
      rejectedRows,
      superseded,
    })),
  };
}

/** The candidates of a run, in the engine's order, by status, funnel step or part of a name. */
export async function listRunOperators(
  db: Kysely<OperatorsTables>,
  filter: {
    run?: string | undefined;
    status?: string | undefined;
    step?: string | undefined;
    q?: string | undefined;
    limit?: number | undefined;
    cursor?: string | undefined;
  },
) {
  const run = filter.run ?? (await newestRun(db))?.id;
  if (run === undefined) throw operatorErrors.no_run_yet();
  const limit = filter.limit ?? 50;
  const after = parseCursor(filter.cursor, 'integer');
  const q = filter.q?.trim() ?? '';
  const { rows } = await sql<{ number: number; content: Operator; findings: number }>`
    select o.number, o.content, (select count(*)::integer from operators.run_finding rf join operators.finding f on f.id = rf.finding_id
      where rf.run_id = o.run_id and f.ubn = o.ubn) as findings
    from operators.run_operator o where o.run_id = ${run} and o.number > ${after?.[0] ?? -1}
      and ${filter.status === undefined ? sql`true` : sql`o.status = ${filter.status}`}
      and ${filter.step === undefined ? sql`true` : sql`o.steps @> array[${filter.step}]`}
      and ${q === '' ? sql`true` : sql`(o.ubn = ${q} or position(${foldText(q)} in o.folded) > 0)`}
    order by o.number limit ${limit + 1}`.execute(db);
  return toPage(
    rows,
    limit,
    (row) => [row.number],
    (row) => toOperator(row.content, row.findings),
  );
}

export function toOperator(operator: Operator, findings: number): OperatorRow {
  const { ubn, name, status, registerClass, registerStatus, item, address, balance, sales, registration } =
    operator;
  return {
    ubn,
    name,
    status,
    registerClass,
    registerStatus,
    item,
    address,
    balance,
    sales,
    registration,
    findings,
  };
}
