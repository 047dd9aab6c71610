/**
 * How pressing a finding is: size, repetition, traffic and age, each a share of the weight the rule pack gives it. The
 * parts stand beside the sum, so that a person can see why one finding goes before another.
 */
import type { RulePack } from './rules/rule-pack.ts';
import type { ScorePart } from './run-result.ts';

/** What a score looks at. Null where the finding has no such side: it scores nothing there. */
export interface ScoreInputs {
  /** NT$ */
  readonly amount: number | null;
  /** Years or quarters in which it was seen. */
  readonly times: number;
  readonly monthlyVisits: number | null;
  /** ISO day from which it holds. */
  readonly since: string | null;
}

/** 0..100 with the weights of the shipped packs; the sum of the parts, to one decimal. */
export function scoreFinding(
  inputs: ScoreInputs,
  weights: RulePack['score'],
  asOf: Temporal.PlainDate,
): { score: number; parts: ScorePart[] } {
  const days = inputs.since === null ? 0 : Math.max(0, daysBetween(inputs.since, asOf));
  const part = (name: ScorePart['part'], share: number, zh: string, en: string): ScorePart => ({
    part: name,
    points: Math.round(Math.min(1, Math.max(0, share)) * weights[name].weight * 10) / 10,
    weight: weights[name].weight,
    zh,
    en,
  });
  const parts = [
    part(
      'size',
      logShare(inputs.amount, weights.size),
      inputs.amount === null ? '無金額' : `金額 NT$${number(inputs.amount)}`,
      inputs.amount === null ? 'no amount' : `NT$${number(inputs.amount)}`,
    ),
    part(
      'repetition',
      inputs.times / weights.repetition.to,
      `出現 ${inputs.times} 期`,
      `seen ${inputs.times} time(s)`,
    ),
    part(
      'traffic',
      logShare(inputs.monthlyVisits, weights.traffic),
      inputs.monthlyVisits === null ? '無流量資料' : `月均流量 ${number(inputs.monthlyVisits)}`,
      inputs.monthlyVisits === null ? 'no traffic on file' : `${number(inputs.monthlyVisits)} visits a month`,
    ),
    part('age', days / weights.age.to, `已 ${days} 日`, `${days} day(s) old`),
  ];
  return { score: Math.round(parts.reduce((sum, one) => sum + one.points, 0) * 10) / 10, parts };
}

const number = (value: number): string => value.toLocaleString('en-US');

/** Amounts and visits are judged by their order of magnitude: `from` scores 0, `to` the whole weight. */
function logShare(value: number | null, { from = 1, to }: { from?: number | undefined; to: number }): number {
  return value === null || value <= from ? 0 : Math.log(value / from) / Math.log(to / from);
}

function daysBetween(since: string, asOf: Temporal.PlainDate): number {
  return Temporal.PlainDate.from(since).until(asOf, { largestUnit: 'day' }).days;
}
