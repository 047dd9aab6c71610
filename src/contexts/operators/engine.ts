/**
 * One reconciliation run: reads the loaded sources as of a day, ties rows to firms, decides who operates, and lists
 * whom to act on first. DuckDB does the work on millions of rows, TypeScript that on thousands. Nothing is written
 * but temporary tables of the connection. The same input gives the same result.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import {
  type Candidate,
  gatherCandidates,
  latestYears,
  type LatestYears,
  registrationState,
} from './candidate.ts';
import { funnelOf, type FunnelMember, stepsOf } from './funnel.ts';
import type { Judgement } from './judgement.ts';
import { chooseFiles } from './matching/files-in-use.ts';
import {
  firmsWithItem,
  missingItem,
  openRegisters,
  readFirms,
  type RegistersLoaded,
} from './matching/registers.ts';
import { gatherShops, type ShopFacts } from './matching/shops.ts';
import {
  type AliasRow,
  evidenceOf,
  type FirmRow,
  type MeasureRow,
  readSourceRows,
} from './matching/source-rows.ts';
import { tieRows } from './matching/tie-rows.ts';
import type { TiedAlias, TiedRow } from './matching/tied-row.ts';
import { decideOperating, type OperatingDecision } from './operating.ts';
import { evaluateRules } from './rules/evaluate.ts';
import type { RulePack } from './rules/rule-pack.ts';
import { conflictSubject, operatorSubject, shopSubject, type Subject } from './rules/subject.ts';
import type { ItemState, Match, Operator, RunResult, Shop } from './run-result.ts';

/** The steps of a run, in order, with how much of the work (of 100) is done when each begins. */
const phases = {
  'choose-files': { done: 0, zh: '選取資料檔', en: 'Choosing files' },
  'read-sources': { done: 5, zh: '讀取名冊', en: 'Reading the registers' },
  match: { done: 20, zh: '比對業者', en: 'Matching firms' },
  decide: { done: 80, zh: '判定實際經營', en: 'Deciding who operates' },
  rules: { done: 90, zh: '套用查核規則', en: 'Applying the rules' },
  done: { done: 100, zh: '完成', en: 'Done' },
} as const;

export type RunPhase = keyof typeof phases;

export interface RunProgress {
  readonly phase: RunPhase;
  readonly done: number;
  readonly total: number;
  readonly zh: string;
  readonly en: string;
}

export interface RunInput {
  /** A connection whose tables of `sources/source-tables.ts` are filled. */
  readonly connection: DuckDBConnection;
  readonly asOf: Temporal.PlainDate;
  readonly judgements: readonly Judgement[];
  readonly pack: RulePack;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs one reconciliation. Rejects with the signal's reason when it is aborted between two steps. */
export async function reconcile(input: RunInput): Promise<RunResult> {
  const { connection, asOf, judgements, pack } = input;
  const step = (phase: RunPhase): void => {
    input.signal?.throwIfAborted();
    input.onProgress?.({ phase, total: 100, ...phases[phase] });
  };
  step('choose-files');
  const sources = await chooseFiles(connection, asOf);
  step('read-sources');
  const loaded = await openRegisters(connection);
  const itemFirms = await firmsWithItem(connection, pack);
  const rows = await readSourceRows(connection);
  step('match');
  const tied = await tieRows(connection, rows, itemFirms, judgements, pack, loaded);
  const shopNumbers = [...rows.shops, ...rows.measures].map((row) => row.ubn).filter((ubn) => ubn !== null);
  const unmet = shopNumbers.filter((ubn) => !tied.firms.has(ubn));
  const shopFirms = await readFirms(connection, unmet, pack, loaded);
  const namesOf = (ubn: string): readonly string[] =>
    (shopFirms.get(ubn) ?? tied.firms.get(ubn))?.names ?? [];
  const firmOfMeasure = new Map<object, string | null>(tied.tied.map((tie) => [tie.row, tie.ubn]));
  const firmOf = (row: MeasureRow): string | null => firmOfMeasure.get(row) ?? null;
  const near = pack.matching.nearlyEqualShop;
  const shops = gatherShops(rows, tied.aliases.all, judgements, asOf, namesOf, firmOf, near);
  step('decide');
  const years = latestYears(rows.amounts, asOf);
  const decided = gatherCandidates(tied, itemFirms, judgements, asOf).map((candidate) => {
    const item = itemOf(candidate, loaded);
    return { candidate, item, decision: decideOperating(candidate, pack, asOf, years) };
  });
  step('rules');
  const subjects = subjectsOf(decided, shops, asOf, years);
  const findings = evaluateRules(subjects, pack, asOf);
  const members = decided.map((one) => memberOf(one, asOf));
  step('done');
  return {
    asOf: asOf.toString(),
    pack: { id: pack.id, validFrom: pack.validFrom, validTo: pack.validTo },
    sources,
    funnel: funnelOf(members, findings, pack.rules, loaded),
    operators: decided.map((one, index) => toOperator(one, members[index]!, subjects[index]!)),
    shops: shops.map(toShop),
    matches: [...tied.tied.filter(isWorthShowing), ...tied.tiedAliases].map(toMatch),
    findings,
  };
}

interface Decided {
  readonly candidate: Candidate;
  readonly item: ItemState;
  readonly decision: OperatingDecision;
}

function itemOf(candidate: Candidate, loaded: RegistersLoaded): ItemState {
  if (candidate.firm !== null) return candidate.firm.item;
  return candidate.ubn === null
    ? 'unknown'
    : missingItem(/(?:商行|企業社|商號|工作室)$/u.test(candidate.name), loaded);
}

/** Operators first, in the order of `decided`; then shops, then conflicts. */
function subjectsOf(
  decided: readonly Decided[],
  shops: readonly ShopFacts[],
  asOf: Temporal.PlainDate,
  years: LatestYears,
): Subject[] {
  return [
    ...decided.map(({ candidate, decision, item }) =>
      operatorSubject(candidate, decision, item, asOf, years),
    ),
    ...shops.map(shopSubject),
    ...decided
      .filter(({ candidate }) => candidate.disputed.length > 0)
      .map(({ candidate }) => conflictSubject(candidate, years)),
  ];
}

function memberOf({ candidate, item, decision }: Decided, asOf: Temporal.PlainDate): FunnelMember {
  return {
    status: decision.status,
    identified: candidate.ubn !== null,
    item,
    class: candidate.firm?.class ?? 'not-in-registers',
    inTaxRegister: candidate.firm?.inTaxRegister === true,
    isBusiness: candidate.firm?.isBusiness === true,
    hasSign: decision.signs.length > 0,
    registration: registrationState(candidate, asOf),
  };
}

function toOperator(
  { candidate, item, decision }: Decided,
  member: FunnelMember,
  subject: Subject,
): Operator {
  const { balance, sales } = subject.facts;
  return {
    ubn: candidate.ubn,
    name: candidate.name,
    status: decision.status,
    reasons: decision.reasons,
    registerClass: member.class,
    registerStatus: candidate.firm?.status ?? null,
    item,
    address: candidate.firm?.address ?? null,
    balance: typeof balance === 'number' ? balance : null,
    sales: typeof sales === 'number' ? sales : null,
    registration: member.registration,
    steps: stepsOf(member),
  };
}

function toShop(shop: ShopFacts): Shop {
  const measures = [...new Set(shop.measures.map((row) => row.measure))].toSorted();
  const { ubn, name, names, domain, quarters, monthlyVisits } = shop;
  return { ubn, name, names, domain, quarters, measures, monthlyVisits };
}

/** A row whose number and name agree to the letter needs nobody's eye. */
function isWorthShowing(tie: TiedRow): boolean {
  return tie.explanation?.tier !== 'ubn-and-name' || tie.explanation.features['confirmation'] !== 'equal';
}

const nameIn = (row: FirmRow | AliasRow): string =>
  ('brand' in row ? (row.companyName ?? row.brand) : row.name) ?? '';

function toMatch(tie: TiedRow | TiedAlias): Match {
  const { row, ubn, outcome, explanation, candidates } = tie;
  return {
    row: evidenceOf(row),
    name: nameIn(row),
    ubn,
    outcome,
    explanation,
    candidates: candidates.slice(0, 10),
  };
}
