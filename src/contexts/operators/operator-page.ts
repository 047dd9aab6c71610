import { sql, type Kysely } from 'kysely';
import { parseCursor, toPage } from '#platform/http/cursor';
import type { FactRow, MatchRow, OperatorDetail } from './contract.ts';
import { operatorErrors } from './errors.ts';
import { listFindings } from './findings.ts';
import { newestRun } from './runs.ts';
import type { Match, Operator } from './run-result.ts';
import type { OperatorsTables } from './tables.ts';

/** Facts shown for one operator at most; a firm that moves often has dozens. */
const FACTS = 500;

/** When facts are asked for: true on a day, known at an instant; both default to now. */
export interface AsKnown {
  readonly validOn?: string | undefined;
  readonly knownAt?: string | undefined;
}

/** All that is on file about one operator. Throws `operators.operator_not_found`. */
export async function operatorDetail(
  db: Kysely<OperatorsTables>,
  ubn: string,
  asKnown: AsKnown = {},
): Promise<OperatorDetail> {
  const registered = await db.selectFrom('operator').selectAll().where('ubn', '=', ubn).executeTakeFirst();
  const facts = await factsOf(db, ubn, asKnown);
  const run = await newestRun(db);
  const candidate = run === null ? undefined : await candidateOf(db, run.id, ubn);
  if (registered === undefined && facts.length === 0 && candidate === undefined)
    throw operatorErrors.operator_not_found({ ubn });
  const names = await db
    .selectFrom('operator_name')
    .select(['name', 'kind'])
    .where('ubn', '=', ubn)
    .orderBy('kind', 'desc')
    .limit(50)
    .execute();
  const findings = await listFindings(db, { ubn, limit: 100 });
  const name =
    registered?.name ??
    candidate?.name ??
    facts.find((fact) => typeof fact.values['name'] === 'string')?.values['name'] ??
    ubn;
  return {
    ubn,
    name: String(name),
    names: names.map((row) => ({
      name: row.name,
      kind: row.kind,
      source: row.kind === 'brand' ? 'brand_alias' : (registered?.source ?? ''),
    })),
    address: registered?.address ?? candidate?.address ?? null,
    registerClass: registered?.register_class ?? candidate?.registerClass ?? 'not-in-registers',
    registerStatus: registered?.register_status ?? candidate?.registerStatus ?? null,
    capital: registered?.capital ?? null,
    item: candidate?.item ?? (registered === undefined ? null : registered.has_item ? 'item' : 'no-item'),
    status: candidate?.status ?? null,
    reasons: (candidate?.reasons ?? []).map((reason) => ({
      ...reason,
      evidence: reason.evidence.map((row) => ({ ...row, values: { ...row.values } })),
    })),
    registration: candidate?.registration ?? null,
    balance: candidate?.balance ?? null,
    sales: candidate?.sales ?? null,
    asOf: run?.asOf ?? null,
    facts,
    findings: findings.items,
    matches: run === null ? [] : await matchesOf(db, run.id, ubn),
    timeline: timelineOf(facts, findings.items),
  };
}

async function candidateOf(
  db: Kysely<OperatorsTables>,
  run: string,
  ubn: string,
): Promise<Operator | undefined> {
  const row = await db
    .selectFrom('run_operator')
    .select('content')
    .where('run_id', '=', run)
    .where('ubn', '=', ubn)
    .executeTakeFirst();
  return row?.content as Operator | undefined;
}

async function factsOf(db: Kysely<OperatorsTables>, ubn: string, asKnown: AsKnown): Promise<FactRow[]> {
  const { validOn, knownAt } = asKnown;
  const { rows } = await sql<{
    kind: string;
    file: string;
    row_number: number;
    valid_from: string | null;
    valid_to: string | null;
    known_from: Date;
    known_to: Date | null;
    payload: FactRow['values'];
    attribution: string | null;
  }>`
    select f.kind, s.file_name as file, f.row_number, f.valid_from, f.valid_to, f.known_from, f.known_to, f.payload, s.attribution
    from operators.fact f join operators.snapshot s on s.number = f.known_from_snapshot
    where f.ubn = ${ubn}
      and ${validOn === undefined ? sql`true` : sql`(f.valid_from is null or f.valid_from <= ${validOn}) and (f.valid_to is null or f.valid_to >= ${validOn})`}
      and ${knownAt === undefined ? sql`true` : sql`f.known_from <= ${knownAt} and (f.known_to is null or f.known_to > ${knownAt})`}
    order by (f.known_to is not null), f.kind, f.valid_from desc nulls last, f.row_number limit ${FACTS}`.execute(
    db,
  );
  return rows.map((row) => ({
    source: row.kind,
    file: row.file,
    row: row.row_number,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    knownFrom: row.known_from.toISOString(),
    knownTo: row.known_to?.toISOString() ?? null,
    values: row.payload,
    attribution: row.attribution,
  }));
}

async function matchesOf(db: Kysely<OperatorsTables>, run: string, ubn: string): Promise<MatchRow[]> {
  const { rows } = await matchQuery(
    db,
    sql`m.run_id = ${run} and (m.ubn = ${ubn} or m.content -> 'candidates' @> ${JSON.stringify([{ ubn }])}::jsonb)`,
    100,
  );
  return rows.map(toMatch);
}

interface StoredMatch {
  readonly number: number;
  readonly to_judge: boolean;
  readonly key: string;
  readonly content: Match;
  readonly judgement: { id: string; verdict: string; ubn: string | null; at: string; reason: string } | null;
}

/** Matches with the judgement in force on each. */
export function matchQuery(db: Kysely<OperatorsTables>, condition: ReturnType<typeof sql>, limit: number) {
  return sql<StoredMatch>`
    select m.number, m.to_judge, m.key, m.content, j.judgement from operators.run_match m left join lateral (
      select jsonb_build_object('id', j.id, 'verdict', j.content ->> 'verdict', 'ubn', j.content ->> 'ubn',
        'at', to_char(j.made_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'reason', j.reason) as judgement
      from operators.judgement j where j.match_key = m.key and j.undone_at is null order by j.id desc limit 1) j on true
    where ${condition} order by m.to_judge desc, m.number limit ${limit}`.execute(db);
}

export function toMatch(row: StoredMatch): MatchRow {
  const { content } = row;
  return {
    key: row.key,
    row: { ...content.row, values: { ...content.row.values } },
    name: content.name,
    ubn: content.ubn,
    outcome: content.outcome,
    explanation:
      content.explanation === null
        ? null
        : { ...content.explanation, features: { ...content.explanation.features } },
    candidates: content.candidates.map((candidate) => ({ ...candidate })),
    judgement: row.judgement,
  };
}

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Dated facts and findings, newest first, in words. */
function timelineOf(
  facts: readonly FactRow[],
  findings: OperatorDetail['findings'],
): OperatorDetail['timeline'] {
  const amount = (value: unknown): string =>
    typeof value === 'number' ? value.toLocaleString('en-US') : text(value);
  const words: Readonly<Record<string, (values: FactRow['values']) => { zh: string; en: string }>> = {
    capability_registration: (v) => ({
      zh: `通過服務能量登錄 ${text(v['certificate_no'])}`,
      en: `capability registration passed ${text(v['certificate_no'])}`,
    }),
    capability_application: (v) => ({
      zh: `申請服務能量登錄：${text(v['status'])}`,
      en: `applied for capability registration: ${text(v['status'])}`,
    }),
    fsc_reply: (v) => ({
      zh: `代理收付日均餘額 ${amount(v['balance'])} 元（${text(v['year'])} 年）`,
      en: `daily average balance NT$${amount(v['balance'])} (${text(v['year'])})`,
    }),
    tax_sales: (v) => ({
      zh: `全年銷售額 ${amount(v['sales'])} 元（${text(v['year'])} 年）`,
      en: `yearly sales NT$${amount(v['sales'])} (${text(v['year'])})`,
    }),
    high_risk_shop: (v) => ({
      zh: `列入高風險賣場（${text(v['quarter'])} 第 ${text(v['rank'])} 名）`,
      en: `on the list of high-risk shops (${text(v['quarter'])}, rank ${text(v['rank'])})`,
    }),
    hardening_measure: (v) => ({
      zh: `參加 ${text(v['measure'])}`,
      en: `took part in ${text(v['measure'])}`,
    }),
  };
  const fromFacts = facts.flatMap((fact) => {
    const word = words[fact.source];
    return word === undefined || fact.validFrom === null
      ? []
      : [{ on: fact.validFrom, ...word(fact.values), source: fact.source }];
  });
  const registered = facts
    .filter((fact) => words[fact.source] === undefined && fact.knownTo !== null && fact.validTo !== null)
    .map((fact) => ({
      on: fact.validTo as string,
      zh: `登記資料變更或消失（原狀態 ${text(fact.values['status'])}）`,
      en: `register entry changed or vanished (was ${text(fact.values['status'])})`,
      source: fact.source,
    }));
  const opened = findings.map((finding) => ({
    on: finding.firstSeenOn,
    zh: `查核發現：${finding.title.zh}`,
    en: `finding: ${finding.title.en}`,
    source: 'finding',
  }));
  return [...fromFacts, ...registered, ...opened].sort((a, b) => b.on.localeCompare(a.on));
}

/** Matches of the newest run, those that need a person first. */
export async function listMatches(
  db: Kysely<OperatorsTables>,
  filter: {
    outcome?: string | undefined;
    toJudge?: boolean | undefined;
    key?: string | undefined;
    limit?: number | undefined;
    cursor?: string | undefined;
  },
) {
  const run = await newestRun(db);
  if (run === null) throw operatorErrors.no_run_yet();
  const limit = filter.limit ?? 50;
  const after = parseCursor(filter.cursor, 'integer', 'integer');
  const { rows } = await matchQuery(
    db,
    sql`m.run_id = ${run.id}
      and ${filter.outcome === undefined ? sql`true` : sql`m.outcome = ${filter.outcome}`}
      and ${filter.key === undefined ? sql`true` : sql`m.key = ${filter.key}`}
      and ${filter.toJudge === true ? sql`m.to_judge and j.judgement is null` : sql`true`}
      and ${after === null ? sql`true` : sql`(not m.to_judge, m.number) > (${after[0] === 1}, ${after[1]})`}`,
    limit + 1,
  );
  return toPage(rows, limit, (row) => [row.to_judge ? 0 : 1, row.number], toMatch);
}
