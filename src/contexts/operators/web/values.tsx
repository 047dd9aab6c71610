import type { ReactNode } from 'react';
import { m } from 'virtual:messages';
import { count, Money, RocDate, Ubn } from '#web/index';
import { fieldLabel, plainKey } from './field-labels.ts';
import {
  blockWord,
  confirmationWord,
  itemWord,
  registerClassWord,
  registrationWord,
  statusWord,
  verdictWord,
} from './words.ts';

type Cell = string | number | boolean | null;
export type CellValues = Readonly<Record<string, Cell | readonly Cell[] | undefined>>;

const amounts = new Set([
  'capital',
  'capitaltotal',
  'capitalpaid',
  'workingcapital',
  'balance',
  'sales',
  'amount',
  'largestamount',
]);
const numbers = new Set([
  'ubn',
  'headofficeubn',
  'pointstoubn',
  'branchubn',
  'ubnrejected',
  'rejectednumber',
]);
const coded: Readonly<Record<string, (code: string) => { readonly label: string }>> = {
  class: itemWord,
  item: itemWord,
  registration: registrationWord,
  registerclass: registerClassWord,
  block: blockWord,
  verdict: verdictWord,
  confirmation: confirmationWord,
};

/** One cell as a reader wants it: money, days in both calendars, numbers parted, codes by their names. */
export function CellValue({ name, value }: { readonly name: string; readonly value: CellValues[string] }) {
  return <>{written(plainKey(name), value)}</>;
}

function written(key: string, value: CellValues[string]): ReactNode {
  if (value === null || value === undefined || value === '') return <span className="x-muted">—</span>;
  if (typeof value === 'boolean') return value ? m.operators_yes() : m.operators_no();
  if (typeof value === 'number') {
    if (amounts.has(key)) return <Money amount={value} />;
    if (key === 'year' || key === 'aliasrow') return String(value);
    if (key === 'similarity') return `${Math.round(value * 100)}%`;
    return <span className="x-numbers">{count(value)}</span>;
  }
  if (typeof value === 'string') {
    if (numbers.has(key)) return <Ubn value={value} />;
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return <RocDate day={value} />;
    // `status` is the wording of a register in facts, and a code where a rule looked at it.
    if (key === 'status') return statusWord(value).label;
    return coded[key]?.(value).label ?? value;
  }
  if (value.length === 0) return <span className="x-muted">{m.operators_none()}</span>;
  return value.join(m.list_separator());
}

/** Cells as pairs, one behind the other; for a column of a table. Empty ones are left out. */
export function CellPairs({
  values,
  without = [],
}: {
  readonly values: CellValues;
  readonly without?: readonly string[];
}) {
  const pairs = Object.entries(values).filter(
    ([key, value]) => value !== null && value !== undefined && value !== '' && !without.includes(key),
  );
  if (pairs.length === 0) return <span className="x-muted">—</span>;
  return (
    <dl className="op-pairs">
      {pairs.map(([key, value]) => (
        <div key={key}>
          <dt>{fieldLabel(key)}</dt>
          <dd>
            <CellValue name={key} value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
