/**
 * What a rule is asked of: the facts, words and evidence of an operator, a shop or a conflict. A rule is data; here is
 * where its facts come from.
 */
import type { Candidate } from '../candidate.ts';
import {
  amountOf,
  applicationsBy,
  type LatestYears,
  registrationsBy,
  registrationState,
} from '../candidate.ts';
import { registerEvidence } from '../matching/registers.ts';
import type { ShopFacts } from '../matching/shops.ts';
import { evidenceOf } from '../matching/source-rows.ts';
import type { TiedRow } from '../matching/tied-row.ts';
import type { OperatingDecision } from '../operating.ts';
import type { EvidenceRow, ItemState } from '../run-result.ts';
import type { ScoreInputs } from '../score.ts';
import type { Facts } from './condition.ts';

export interface Subject {
  readonly kind: 'operator' | 'shop' | 'conflict';
  readonly ubn: string | null;
  readonly name: string;
  readonly facts: Facts;
  /** Phrases for `{key:zh}` and `{key:en}` in the texts of rules. */
  readonly words: Readonly<Record<string, { readonly zh: string; readonly en: string }>>;
  readonly evidence: Readonly<Record<string, readonly EvidenceRow[]>>;
  readonly score: Omit<ScoreInputs, 'since'>;
}

const registrationWords = {
  'in-force': { zh: '登錄有效', en: 'registered' },
  lapsed: { zh: '屆期失效', en: 'lapsed' },
  revoked: { zh: '登錄已廢止', en: 'revoked' },
  applied: { zh: '已申請、尚未通過', en: 'applied for, not passed' },
  none: { zh: '未申請', en: 'not applied for' },
} as const;

const itemWords: Record<ItemState, { zh: string; en: string }> = {
  item: { zh: '已登記', en: 'registered' },
  'catch-all-only': { zh: '僅有 ZZ99999', en: 'only the catch-all item ZZ99999' },
  'no-item': { zh: '查無該項目', en: 'not among its items' },
  unknown: { zh: '無資料可查', en: 'no list on file that would show it' },
};

/** The facts of a candidate. `item` is what the registers show. */
export function operatorSubject(
  candidate: Candidate,
  decision: OperatingDecision,
  item: ItemState,
  asOf: Temporal.PlainDate,
  years: LatestYears,
): Subject {
  const { firm, amounts, registrations } = candidate;
  const balance = amountOf(amounts, 'fsc_reply', years.fsc_reply);
  const sales = amountOf(amounts, 'tax_sales', years.tax_sales);
  const largestAmount = balance === null ? sales : Math.max(balance, sales ?? 0);
  const year = largestAmount === null ? null : largestAmount === balance ? years.fsc_reply : years.tax_sales;
  const registration = registrationState(candidate, asOf);
  const granted = registrationsBy(registrations, asOf);
  const registeredOn = days(granted.map((row) => row.registeredOn)).at(-1) ?? null;
  const validUntil = days(granted.map((row) => row.validUntil)).at(-1) ?? null;
  const latest = amounts.filter((row) => row.year === years[row.source] && row.amount > 0);
  return {
    kind: 'operator',
    ubn: candidate.ubn,
    name: candidate.name,
    facts: {
      status: decision.status,
      registerClass: firm?.class ?? 'not-in-registers',
      registerStatus: firm?.status ?? null,
      gone: firm?.gone === true,
      identified: candidate.ubn !== null,
      item,
      class: item,
      balance,
      sales,
      largestAmount,
      year,
      yearsWithAmounts: new Set(
        amounts.filter((row) => row.amount > 0 && row.year < asOf.year).map((row) => row.year),
      ).size,
      yearEnd: year === null ? registeredOn : `${year}-12-31`,
      registration,
      registrationInForce: registration === 'in-force',
      hadRegistration: granted.length > 0,
      registeredOn,
      validUntil,
      endedOn:
        registration === 'in-force' || validUntil === null || validUntil >= asOf.toString()
          ? null
          : validUntil,
      applied: applicationsBy(candidate, asOf)
        .map((row) => row.status ?? '')
        .filter((status) => status !== ''),
    },
    words: { registration: registrationWords[registration], item: itemWords[item] },
    evidence: {
      signs: decision.signs.flatMap((sign) => sign.evidence),
      amounts: latest.map(evidenceOf),
      registers: firm === null ? [] : registerEvidence(firm),
      registrations: registrations.map(evidenceOf),
      applications: applicationsBy(candidate, asOf).map(evidenceOf),
    },
    score: {
      amount: largestAmount,
      times: new Set(amounts.filter((row) => row.amount > 0 && row.year < asOf.year).map((row) => row.year))
        .size,
      monthlyVisits: null,
    },
  };
}

const days = (list: readonly (string | null)[]): string[] => list.filter((day) => day !== null).toSorted();

/** The facts of a shop on the police list. */
export function shopSubject(shop: ShopFacts): Subject {
  const oldest = shop.quarters.at(-1) ?? null;
  const measures = [...new Set(shop.measures.map((row) => row.measure))].toSorted();
  return {
    kind: 'shop',
    ubn: shop.ubn,
    name: shop.name,
    facts: {
      quarters: shop.quarters,
      quarterCount: shop.quarters.length,
      consecutive: shop.consecutive,
      measures,
      measureCount: measures.length,
      monthlyVisits: shop.monthlyVisits,
      domain: shop.domain,
      firstListed: oldest === null ? null : lastDayOf(oldest),
      identified: shop.ubn !== null,
    },
    words: {},
    evidence: {
      listings: shop.listings.map(evidenceOf),
      measures: shop.measures.map(evidenceOf),
      traffic: shop.traffic.map(evidenceOf),
      aliases: shop.aliases.map(evidenceOf),
    },
    score: { amount: null, times: shop.quarters.length, monthlyVisits: shop.monthlyVisits },
  };
}

function lastDayOf(quarter: string): string {
  const first = Temporal.PlainDate.from({
    year: Number(quarter.slice(0, 4)),
    month: Number(quarter.at(-1)) * 3,
    day: 1,
  });
  return first.with({ day: first.daysInMonth }).toString();
}

/** The facts of rows that give a firm's number with another firm's name. */
export function conflictSubject(candidate: Candidate, years: LatestYears): Subject {
  const { disputed, firm } = candidate;
  const names = [...new Set(disputed.map((tie) => tie.row.name ?? ''))];
  const target = disputed.map((tie) => tie.pointsTo).find((other) => other !== null) ?? null;
  const registerName = firm?.name ?? null;
  const amounts = disputed.map((tie) => amountIn(tie, years)).filter((amount) => amount !== null);
  return {
    kind: 'conflict',
    ubn: candidate.ubn,
    name: candidate.name,
    facts: {
      givenName: names.join('、'),
      registerName,
      similarity: disputed.reduce((most, tie) => Math.max(most, tie.explanation?.score ?? 0), 0),
      pointsToUbn: target?.ubn ?? null,
      pointsToName: target?.name ?? null,
    },
    words: {
      registerName: { zh: registerName ?? '登記資料查無此號', en: registerName ?? 'in no register' },
      pointsTo: {
        zh: target === null ? '' : `；該名稱為 ${target.name}（${target.ubn}）`,
        en: target === null ? '' : `; that name is ${target.name} (${target.ubn})`,
      },
    },
    evidence: {
      row: disputed.map((tie) => evidenceOf(tie.row)),
      registers: firm === null ? [] : registerEvidence(firm),
      pointsTo: target === null ? [] : registerEvidence(target),
    },
    score: {
      amount: amounts.length === 0 ? null : Math.max(...amounts),
      times: disputed.length,
      monthlyVisits: null,
    },
  };
}

function amountIn(tie: TiedRow, years: LatestYears): number | null {
  const { row } = tie;
  return (row.source === 'fsc_reply' || row.source === 'tax_sales') && row.year === years[row.source]
    ? row.amount
    : null;
}
