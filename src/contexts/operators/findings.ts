import { sql, type Kysely, type Transaction } from 'kysely';
import { foldText } from '#shared/company-name';
import type { Caller } from '#platform/access';
import { parseCursor, toPage } from '#platform/http/cursor';
import { newId } from '#platform/id';
import type { FindingDetail, FindingRow } from './contract.ts';
import { operatorErrors } from './errors.ts';
import type { Finding } from './run-result.ts';
import type { OperatorsTables } from './tables.ts';
import { ruleTitle } from './rule-titles.ts';

export interface FindingFilter {
  readonly rule?: string | undefined;
  readonly severity?: string | undefined;
  readonly state?: string | undefined;
  readonly q?: string | undefined;
  readonly ubn?: string | undefined;
}

interface Row {
  readonly id: string;
  readonly rule: string;
  readonly ubn: string | null;
  readonly name: string;
  readonly state: FindingRow['state'];
  readonly severity: FindingRow['severity'];
  readonly score: number;
  readonly first_seen_on: string;
  readonly still_true_on: string;
  readonly dismissed_reason: string | null;
  readonly content: Finding;
}

/** The newest content of each finding: that of the newest run in which it held. */
const withContent = sql`
  select f.*, rf.severity, rf.score, rf.content from operators.finding f
  join lateral (select rf.* from operators.run_finding rf join operators.run r on r.id = rf.run_id
    where rf.finding_id = f.id order by r.number desc limit 1) rf on true`;

function conditions(filter: FindingFilter) {
  const parts = [sql`true`];
  if (filter.rule !== undefined) parts.push(sql`rule = ${filter.rule}`);
  if (filter.severity !== undefined) parts.push(sql`severity = ${filter.severity}`);
  if (filter.state !== undefined) parts.push(sql`state = ${filter.state}`);
  if (filter.ubn !== undefined) parts.push(sql`ubn = ${filter.ubn}`);
  const q = filter.q?.trim();
  if (q)
    parts.push(
      sql`(ubn = ${q} or position(${q.toLowerCase()} in lower(name)) > 0 or position(${foldText(q)} in subject) > 0)`,
    );
  return sql.join(parts, sql` and `);
}

/** Findings, highest score first. */
export async function listFindings(
  db: Kysely<OperatorsTables>,
  filter: FindingFilter & { limit?: number | undefined; cursor?: string | undefined },
): Promise<{ items: FindingRow[]; nextCursor: string | null }> {
  const limit = filter.limit ?? 50;
  const after = parseCursor(filter.cursor, 'real', 'text');
  const { rows } = await sql<Row>`
    select * from (${withContent}) f where ${conditions(filter)}
      and ${after === null ? sql`true` : sql`(score, id) < (${after[0]}::real, ${after[1]})`}
    order by score desc, id desc limit ${limit + 1}`.execute(db);
  return toPage(rows, limit, (row) => [row.score, row.id], toFinding);
}

/** Every finding of a filter, for an export; bounded. */
export async function allFindings(db: Kysely<OperatorsTables>, filter: FindingFilter): Promise<FindingRow[]> {
  const { rows } = await sql<Row>`
    select * from (${withContent}) f where ${conditions(filter)} order by score desc, id desc limit 100000`.execute(
    db,
  );
  return rows.map(toFinding);
}

export async function countFindings(db: Kysely<OperatorsTables>) {
  const { rows } = await sql<{
    rule: string;
    severity: FindingRow['severity'];
    state: FindingRow['state'];
    count: number;
  }>`
    select rule, severity, state, count(*)::integer as count from (${withContent}) f group by rule, severity, state
    order by rule, severity, state`.execute(db);
  return rows.map((row) => ({ ...row, title: ruleTitle(row.rule) }));
}

/** One finding with its evidence, score and history. Throws `operators.finding_not_found`. */
export async function getFinding(db: Kysely<OperatorsTables>, id: string): Promise<FindingDetail> {
  const { rows } = await sql<Row>`select * from (${withContent}) f where id = ${id}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw operatorErrors.finding_not_found({ id });
  const history = await db
    .selectFrom('finding_history')
    .selectAll()
    .where('finding_id', '=', id)
    .orderBy('at')
    .execute();
  const { scoreParts, evidence, law } = row.content;
  return {
    ...toFinding(row),
    scoreParts: scoreParts.map((part) => ({ ...part })),
    evidence: evidence.map((line) => ({ ...line, values: { ...line.values } })),
    law: law.map((basis) => ({ ...basis })),
    history: history.map(({ at, what, actor_id, note }) => ({
      at: at.toISOString(),
      what,
      actorId: actor_id,
      note,
    })),
  };
}

export function toFinding(row: Row): FindingRow {
  return {
    id: row.id,
    rule: row.rule,
    title: ruleTitle(row.rule),
    ubn: row.ubn,
    name: row.name,
    severity: row.severity,
    score: row.score,
    state: row.state,
    text: { zh: row.content.zh, en: row.content.en },
    facts: row.content.facts as FindingRow['facts'],
    firstSeenOn: row.first_seen_on,
    stillTrueOn: row.still_true_on,
    dismissedReason: row.dismissed_reason,
  };
}

/** Sets a finding aside with a reason, or takes it back. Throws where its state does not allow it. */
export async function changeFindingState(
  trx: Transaction<OperatorsTables>,
  id: string,
  to: 'dismissed' | 'open',
  caller: Caller,
  reason: string | null,
): Promise<void> {
  const found = await trx
    .selectFrom('finding')
    .select(['state'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (found === undefined) throw operatorErrors.finding_not_found({ id });
  const allowed = to === 'dismissed' ? found.state === 'open' : found.state === 'dismissed';
  if (!allowed) throw operatorErrors.finding_state({ id, state: found.state });
  await trx
    .updateTable('finding')
    .set({ state: to, dismissed_reason: reason })
    .where('id', '=', id)
    .execute();
  await trx
    .insertInto('finding_history')
    .values({
      finding_id: id,
      what: to === 'dismissed' ? 'dismissed' : 'reopened',
      actor_id: caller.actorId,
      run_id: null,
      note: reason,
    })
    .execute();
}

export interface FindingChanges {
  readonly opened: readonly { id: string; finding: Finding }[];
  readonly resolved: readonly { id: string; rule: string; ubn: string | null; name: string }[];
}

/**
 * Writes the findings of a run. Where the run is the newest of the register (`current`), findings that it no longer
 * shows are resolved and resolved ones that hold again are reopened; dismissed ones stay dismissed.
 */
export async function saveFindings(
  trx: Transaction<OperatorsTables>,
  run: { id: string; asOf: string; current: boolean },
  findings: readonly Finding[],
): Promise<FindingChanges> {
  const incoming = withSubjects(findings).map((item) => ({ ...item, id: newId('fnd') }));
  const table = sql`jsonb_to_recordset(${JSON.stringify(
    incoming.map(({ id, subject, finding }) => ({
      id,
      subject,
      rule: finding.rule,
      ubn: finding.ubn,
      name: finding.name,
      severity: finding.severity,
      score: finding.score,
      content: finding,
    })),
  )}::jsonb) as i (id text, subject text, rule text, ubn text, name text, severity text, score real, content jsonb)`;
  const { rows: before } = await sql<{ rule: string; subject: string; state: string }>`
    select f.rule, f.subject, f.state from operators.finding f join ${table} using (rule, subject)`.execute(
    trx,
  );
  await sql`
    insert into operators.finding (id, rule, subject, ubn, name, state, first_seen_run, first_seen_on, still_true_on)
    select i.id, i.rule, i.subject, i.ubn, i.name, ${run.current ? 'open' : 'resolved'}, ${run.id}, ${run.asOf}::date, ${run.asOf}::date from ${table}
    on conflict (rule, subject) do update set
      state = case when finding.state = 'resolved' and ${run.current} then 'open' else finding.state end,
      name = excluded.name, first_seen_on = least(finding.first_seen_on, excluded.first_seen_on),
      still_true_on = greatest(finding.still_true_on, excluded.still_true_on)`.execute(trx);
  await sql`
    insert into operators.run_finding (run_id, finding_id, severity, score, content)
    select ${run.id}, f.id, i.severity, i.score, i.content from ${table} join operators.finding f using (rule, subject)`.execute(
    trx,
  );
  if (!run.current) return { opened: [], resolved: [] };

  const known = new Map(before.map((row) => [`${row.rule}|${row.subject}`, row.state]));
  const ids = await trx.selectFrom('finding').select(['id', 'rule', 'subject']).execute();
  const idOf = new Map(ids.map((row) => [`${row.rule}|${row.subject}`, row.id]));
  const opened = incoming
    .filter(({ subject, finding }) => (known.get(`${finding.rule}|${subject}`) ?? 'resolved') === 'resolved')
    .map(({ subject, finding }) => ({ key: `${finding.rule}|${subject}`, finding }))
    .map(({ key, finding }) => ({ id: idOf.get(key) ?? '', finding, again: known.has(key) }));
  const { rows: resolved } = await sql<{ id: string; rule: string; ubn: string | null; name: string }>`
    update operators.finding f set state = 'resolved' where f.state = 'open'
      and not exists (select 1 from operators.run_finding rf where rf.run_id = ${run.id} and rf.finding_id = f.id)
    returning f.id, f.rule, f.ubn, f.name`.execute(trx);
  const history = [
    ...opened.map(({ id, again }) => ({ id, what: again ? 'reopened' : 'opened' })),
    ...resolved.map(({ id }) => ({ id, what: 'resolved' })),
  ];
  await sql`insert into operators.finding_history (finding_id, what, run_id)
    select id, what, ${run.id} from jsonb_to_recordset(${JSON.stringify(history)}::jsonb) as h (id text, what text)`.execute(
    trx,
  );
  return { opened, resolved };
}

/** What a finding is about, over all runs: the firm's number, else the name; several of one rule are told apart by name. */
function withSubjects(findings: readonly Finding[]): { subject: string; finding: Finding }[] {
  const seen = new Set<string>();
  return findings.map((finding) => {
    const named = foldText(String(finding.facts['givenName'] ?? finding.name));
    let subject =
      finding.ubn === null
        ? `name:${named}`
        : finding.rule === 'identifier-conflict'
          ? `${finding.ubn}|${named}`
          : finding.ubn;
    for (let again = 2; seen.has(`${finding.rule}|${subject}`); again++)
      subject = `${subject.split('#', 1)[0]}#${again}`;
    seen.add(`${finding.rule}|${subject}`);
    return { subject, finding };
  });
}
