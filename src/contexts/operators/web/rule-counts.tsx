import { m } from 'virtual:messages';
import { AppLink, count, EmptyState, pick } from '#web/index';
import type { RunDetail } from '../contract.ts';
import { SeverityMark } from './marks.tsx';
import { severities } from './words.ts';

type Counted = RunDetail['findingsByRule'][number];

/** Findings of a run by rule, the gravest first; each leads to its list. */
export function RuleCounts({ counts }: { readonly counts: readonly Counted[] }) {
  if (counts.length === 0) {
    return (
      <div className="x-card">
        <EmptyState icon="check" title={m.operators_by_rule_none()} />
      </div>
    );
  }
  const weight = (one: Counted): number => severities.indexOf(one.severity);
  const ordered = [...counts].sort((a, b) => weight(a) - weight(b) || b.count - a.count);
  const most = Math.max(...counts.map((one) => one.count));
  return (
    <ul className="x-card op-rules">
      {ordered.map((one) => (
        <li key={`${one.rule}.${one.severity}`}>
          <AppLink to="/findings" search={{ rule: one.rule, state: 'all' }} className="op-rules__link">
            <SeverityMark severity={one.severity} />
            <span className="op-rules__title">{pick(one.title)}</span>
            <span className="op-rules__bar" data-severity={one.severity} aria-hidden="true">
              <span style={{ width: `${(one.count / most) * 100}%` }} />
            </span>
            <strong className="op-rules__count x-numbers">
              {m.operators_cases({ count: count(one.count) })}
            </strong>
          </AppLink>
        </li>
      ))}
    </ul>
  );
}
