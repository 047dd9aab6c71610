import type { ReactNode } from 'react';

export interface SummaryItem {
  readonly label: string;
  readonly value: ReactNode;
  readonly action?: ReactNode;
}

/** Facts as label and value, one under the other. */
export function SummaryList({ items }: { readonly items: readonly SummaryItem[] }) {
  return (
    <dl className="x-facts">
      {items.map((item) => (
        <div key={item.label}>
          <dt>{item.label}</dt>
          <dd>
            {item.value}
            {item.action}
          </dd>
        </div>
      ))}
    </dl>
  );
}
