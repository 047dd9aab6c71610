import { sql, type Kysely } from 'kysely';
import { operatorErrors } from './errors.ts';
import { ruleTitle } from './rule-titles.ts';
import { getRun } from './runs.ts';
import type { OperatorsTables } from './tables.ts';
import type { OperatorRow } from './contract.ts';

/** Differences shown of each sort at most. */
const SHOWN = 500;

type Status = OperatorRow['status'];

/** What differs between two finished runs: the funnel, the status of firms, findings that came and went. */
export async function compareRuns(db: Kysely<OperatorsTables>, beforeId: string, afterId: string) {
  const [before, after] = [await getRun(db, beforeId), await getRun(db, afterId)];
  for (const run of [before, after])
    if (run.state !== 'done') throw operatorErrors.run_not_done({ id: run.id });
  const { rows: operators } = await sql<{
    ubn: string | null;
    name: string;
    before: Status | null;
    after: Status | null;
  }>`
    select coalesce(ubn_after, ubn) as ubn, coalesce(a.name, b.name) as name, b.status as before, a.status as after
    from (select coalesce(ubn, folded) as key, ubn, name, status from operators.run_operator where run_id = ${before.id}) b
    full join (select coalesce(ubn, folded) as key, ubn as ubn_after, name, status from operators.run_operator where run_id = ${after.id}) a using (key)
    where a.status is distinct from b.status and (a.status is distinct from 'not-operating' or b.status is not null)
      and (b.status is distinct from 'not-operating' or a.status is not null)
    order by key limit ${SHOWN + 1}`.execute(db);
  const { rows: findings } = await sql<{
    rule: string;
    ubn: string | null;
    name: string;
    change: 'appeared' | 'vanished';
  }>`
    select f.rule, f.ubn, f.name, case when b.finding_id is null then 'appeared' else 'vanished' end as change
    from (select finding_id from operators.run_finding where run_id = ${before.id}) b
    full join (select finding_id from operators.run_finding where run_id = ${after.id}) a using (finding_id)
    join operators.finding f on f.id = finding_id
    where a.finding_id is null or b.finding_id is null order by f.rule, f.name limit ${SHOWN + 1}`.execute(
    db,
  );
  const steps = [...new Set([...before.funnel, ...after.funnel].map((step) => step.step))];
  const bare = ({
    id,
    asOf,
    state,
    startedAt,
    finishedAt,
    pack,
    operating,
    findings: found,
    jobId,
  }: typeof before) => ({
    id,
    asOf,
    state,
    startedAt,
    finishedAt,
    pack,
    operating,
    findings: found,
    jobId,
  });
  return {
    before: bare(before),
    after: bare(after),
    funnel: steps.map((step) => {
      const [was, is] = [before, after].map((run) => run.funnel.find((one) => one.step === step));
      return {
        step,
        zh: (is ?? was)?.zh ?? step,
        en: (is ?? was)?.en ?? step,
        before: was?.count ?? null,
        after: is?.count ?? null,
      };
    }),
    operators: operators.slice(0, SHOWN),
    findings: findings.slice(0, SHOWN).map((finding) => ({ ...finding, title: ruleTitle(finding.rule) })),
    truncated: operators.length > SHOWN || findings.length > SHOWN,
  };
}
