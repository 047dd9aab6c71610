import { shippedPacks } from './rules/rule-pack.ts';

const titles = new Map(
  shippedPacks.flatMap((pack) => pack.rules.map((rule) => [rule.id, rule.title] as const)),
);

/** The title of a rule in both languages; the id itself for a rule that no shipped pack has. */
export function ruleTitle(rule: string): { zh: string; en: string } {
  const title = titles.get(rule);
  return title === undefined ? { zh: rule, en: rule } : { zh: title.zh, en: title.en };
}
