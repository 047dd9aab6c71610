/** Asks every rule of a pack of every subject, and ranks what holds. */
import type { Finding, Severity } from '../run-result.ts';
import { scoreFinding } from '../score.ts';
import { type Facts, type FactValue, holds } from './condition.ts';
import type { Rule, RulePack } from './rule-pack.ts';
import type { Subject } from './subject.ts';

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** All findings, the gravest first, then by score, rule, number and name. */
export function evaluateRules(
  subjects: readonly Subject[],
  pack: RulePack,
  asOf: Temporal.PlainDate,
): Finding[] {
  const findings = pack.rules.flatMap((rule) =>
    subjects
      .filter((subject) => subject.kind === rule.subject && holds(rule.when, subject.facts, pack.thresholds))
      .map((subject) => toFinding(rule, subject, pack, asOf)),
  );
  return findings.toSorted(
    (a, b) =>
      severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
      b.score - a.score ||
      compare(a.rule, b.rule) ||
      compare(a.ubn ?? '~', b.ubn ?? '~') ||
      compare(a.name, b.name),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function toFinding(rule: Rule, subject: Subject, pack: RulePack, asOf: Temporal.PlainDate): Finding {
  const since = rule.since === null ? null : subject.facts[rule.since];
  const { score, parts } = scoreFinding(
    { ...subject.score, since: typeof since === 'string' ? since : null },
    pack.score,
    asOf,
  );
  const shown: Facts = Object.fromEntries(rule.facts.map((fact) => [fact, subject.facts[fact] ?? null]));
  const classified = rule.class === undefined ? {} : { class: subject.facts[rule.class] ?? null };
  return {
    rule: rule.id,
    ubn: subject.ubn,
    name: subject.name,
    severity: rule.severity,
    score,
    scoreParts: parts,
    zh: fillText(rule.text.zh, 'zh', subject, pack, asOf),
    en: fillText(rule.text.en, 'en', subject, pack, asOf),
    facts: { ...shown, ...classified },
    evidence: rule.evidence.flatMap((group) => subject.evidence[group] ?? []),
    law: rule.law,
  };
}

/** `{name}`, `{ubn}`, `{asOf}`, `{fact}`, `{fact:zh}` (a phrase) and `{$threshold}` in a rule's sentence. */
function fillText(
  text: string,
  language: 'zh' | 'en',
  subject: Subject,
  pack: RulePack,
  asOf: Temporal.PlainDate,
): string {
  return text.replaceAll(/\{(\$?)([A-Za-z]+)(?::(?:zh|en))?\}/gu, (_, dollar: string, key: string) => {
    if (dollar === '$') return show(pack.thresholds[key] ?? null, language);
    if (key === 'name') return subject.name;
    if (key === 'ubn') return subject.ubn ?? '—';
    if (key === 'asOf') return asOf.toString();
    return subject.words[key]?.[language] ?? show(subject.facts[key] ?? null, language);
  });
}

function show(value: FactValue, language: 'zh' | 'en'): string {
  if (value === null) return '—';
  if (typeof value === 'number') return value.toLocaleString('en-US');
  if (typeof value === 'object') return value.join(language === 'zh' ? '、' : ', ');
  return String(value);
}
