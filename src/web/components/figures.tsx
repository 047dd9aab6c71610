import { dayParts, dayShort, instantShort, money, relative } from './format.ts';

/** NT$ in full, digits aligned. */
export function Money({ amount }: { readonly amount: number | null | undefined }) {
  return <span className="x-numbers">{money(amount)}</span>;
}

/** A legal day in both calendars. */
export function RocDate({ day }: { readonly day: string | null | undefined }) {
  if (day === null || day === undefined || day === '') return <span>—</span>;
  const { main, other } = dayParts(day);
  return (
    <time dateTime={day} className="x-numbers">
      {main} <span className="x-muted">({other})</span>
    </time>
  );
}

/** An instant in Taipei time; `ago` adds how long ago. */
export function Instant({
  at,
  ago = false,
}: {
  readonly at: string | null | undefined;
  readonly ago?: boolean;
}) {
  if (at === null || at === undefined || at === '') return <span>—</span>;
  return (
    <time dateTime={at} className="x-numbers">
      {instantShort(at)}
      {ago ? <span className="x-muted"> ({relative(at)})</span> : null}
    </time>
  );
}

/** 統一編號 in groups of four, copied without the gap. */
export function Ubn({ value }: { readonly value: string | null | undefined }) {
  if (value === null || value === undefined || value === '') return <span className="x-muted">—</span>;
  return (
    <span className="x-code x-ubn">
      <span>{value.slice(0, 4)}</span>
      <span>{value.slice(4)}</span>
    </span>
  );
}

/** A legal day in short for a table, never broken over two lines. */
export function Day({ day }: { readonly day: string | null | undefined }) {
  if (day === null || day === undefined || day === '') return <span>—</span>;
  return (
    <time dateTime={day} className="x-numbers">
      {dayShort(day)}
    </time>
  );
}
