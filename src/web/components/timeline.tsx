import type { ReactNode } from 'react';
import type { Tone } from './status-badge.tsx';

export interface TimelineItem {
  readonly key: string;
  /** When, already written for the reader. */
  readonly when: ReactNode;
  readonly what: ReactNode;
  readonly detail?: ReactNode;
  readonly tone?: Tone;
}

/** What happened, newest first or oldest first as given. */
export function Timeline({
  items,
  label,
}: {
  readonly items: readonly TimelineItem[];
  readonly label: string;
}) {
  return (
    <ol className="x-timeline" aria-label={label}>
      {items.map((item) => (
        <li key={item.key} className={`x-timeline__item x-timeline__item--${item.tone ?? 'neutral'}`}>
          <span className="x-timeline__when">{item.when}</span>
          <div className="x-timeline__what">{item.what}</div>
          {item.detail === undefined ? null : <div className="x-muted">{item.detail}</div>}
        </li>
      ))}
    </ol>
  );
}
