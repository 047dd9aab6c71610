/**
 * Conditions as data: what a rule of a pack asks of the facts of its subject. A threshold may be a number or the
 * name of one (`"$large"`). "Above" is strictly more, "atLeast" includes the threshold. An unknown fact is null,
 * and null is above, below and equal to nothing.
 */
export type FactValue = string | number | boolean | null | readonly string[];
export type Facts = Readonly<Record<string, FactValue>>;

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | Test;

export interface Test {
  readonly fact: string;
  readonly is?: boolean;
  readonly equals?: string | number;
  readonly in?: readonly string[];
  readonly above?: number | string;
  readonly atLeast?: number | string;
  readonly below?: number | string;
}

export type Thresholds = Readonly<Record<string, number>>;

/** Whether the condition holds of the facts. */
export function holds(condition: Condition, facts: Facts, thresholds: Thresholds): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, facts, thresholds));
  if ('any' in condition) return condition.any.some((part) => holds(part, facts, thresholds));
  if ('not' in condition) return !holds(condition.not, facts, thresholds);
  return passes(condition, facts[condition.fact] ?? null, thresholds);
}

function passes(test: Test, value: FactValue, thresholds: Thresholds): boolean {
  if (test.is !== undefined && value !== test.is) return false;
  if (test.equals !== undefined && value !== test.equals) return false;
  if (test.in !== undefined && !(typeof value === 'string' && test.in.includes(value))) return false;
  if (test.above !== undefined && !(typeof value === 'number' && value > limit(test.above, thresholds)))
    return false;
  if (test.atLeast !== undefined && !(typeof value === 'number' && value >= limit(test.atLeast, thresholds)))
    return false;
  return !(test.below !== undefined && !(typeof value === 'number' && value < limit(test.below, thresholds)));
}

function limit(threshold: number | string, thresholds: Thresholds): number {
  return typeof threshold === 'number' ? threshold : thresholds[threshold.slice(1)]!;
}

/** Every fact and threshold a condition names, so that a pack with a misspelt one is refused when it is read. */
export function namesIn(condition: Condition): { facts: string[]; thresholds: string[] } {
  if ('all' in condition || 'any' in condition) {
    const parts = ('all' in condition ? condition.all : condition.any).map(namesIn);
    return {
      facts: parts.flatMap((part) => part.facts),
      thresholds: parts.flatMap((part) => part.thresholds),
    };
  }
  if ('not' in condition) return namesIn(condition.not);
  const limits = [condition.above, condition.atLeast, condition.below];
  const named = limits.filter((value) => typeof value === 'string').map((value) => value.slice(1));
  return { facts: [condition.fact], thresholds: named };
}
