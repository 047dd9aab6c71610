import { parseDate } from '#shared/roc-date';

/** The day that a tax register's first record names (`30-NOV-23`, nothing else in the row), or null. */
export function stampDate(cells: readonly string[]): Temporal.PlainDate | null {
  const [first = '', ...rest] = cells;
  return rest.every((cell) => cell === '') ? parseDate(first) : null;
}

/** The day that a file name carries: `…-20231130.csv`, `…1150611.ods`, `…2023-11-30…`, `…112年11月30日…`; else null. */
export function dateInName(name: string): Temporal.PlainDate | null {
  const found = name.match(
    /(?<!\d)(\d{4}[-_.]\d{2}[-_.]\d{2}|\d{2,3}[-_.]\d{2}[-_.]\d{2}|\d{2,4}年\d{1,2}月\d{1,2}日|\d{7,8})(?!\d)/gu,
  );
  for (const text of (found ?? []).reverse()) {
    const date = parseDate(text.replaceAll('_', '-'));
    if (date !== null && date.year >= 1990 && date.year <= 2200) return date;
  }
  return null;
}
