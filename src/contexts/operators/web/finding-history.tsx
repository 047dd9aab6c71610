import { m } from 'virtual:messages';
import { Instant, type TimelineItem } from '#web/index';
import type { FindingDetail } from '../contract.ts';

const whats: Readonly<Record<string, { readonly label: () => string; readonly tone: TimelineItem['tone'] }>> =
  {
    opened: { label: () => m.operators_h_opened(), tone: 'accent' },
    resolved: { label: () => m.operators_h_resolved(), tone: 'success' },
    dismissed: { label: () => m.operators_h_dismissed(), tone: 'warning' },
    reopened: { label: () => m.operators_h_reopened(), tone: 'info' },
  };

/** What became of a finding, newest first. */
export function historyItems(history: FindingDetail['history']): TimelineItem[] {
  return history.toReversed().map((entry, index) => ({
    key: `${entry.at}.${index}`,
    when: <Instant at={entry.at} ago />,
    what: whats[entry.what]?.label() ?? entry.what,
    tone: whats[entry.what]?.tone ?? 'neutral',
    detail: (
      <>
        {entry.note === null ? null : <p className="op-note">{entry.note}</p>}
        {entry.actorId === null ? m.operators_by_run() : <code className="x-code">{entry.actorId}</code>}
      </>
    ),
  }));
}
