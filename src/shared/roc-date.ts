/**
 * Dates, years and quarters as Taiwanese registers write them: 民國 (ROC) years, Gregorian years, and the
 * `30-NOV-23` of the tax register. A ROC year plus 1911 is the Gregorian year. A legal day has no time zone.
 */

const ROC_OFFSET = 1911;
const EARLIEST_YEAR = 1800;
const LATEST_YEAR = 9999;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const QUARTER_NUMERALS: Readonly<Record<string, number>> = { 一: 1, 二: 2, 三: 3, 四: 4 };

function fold(text: string): string {
  return text.normalize('NFKC').trim();
}

/** Up to three digits are a ROC year (from 1), four a Gregorian one. */
function gregorianYear(digits: string): number | null {
  const value = Number(digits);
  if (digits.length <= 3) return value >= 1 ? value + ROC_OFFSET : null;
  return digits.length === 4 && value >= EARLIEST_YEAR && value <= LATEST_YEAR ? value : null;
}

const two = (value: number): string => String(value).padStart(2, '0');

function plainDate(year: number | null, month: number, day: number): Temporal.PlainDate | null {
  if (year === null || month < 1 || month > 12 || day < 1) return null;
  const first = new Temporal.PlainDate(year, month, 1);
  return day > first.daysInMonth ? null : first.with({ day });
}

function twoDigitYear(digits: string): number {
  const value = Number(digits);
  return digits.length === 2 ? value + (value < 70 ? 2000 : 1900) : value;
}

/**
 * The day meant by `1121130`, `112/11/30`, `112.11.30`, `112-11-30`, `112年11月30日`, `民國112年11月30日`,
 * `20231130`, `2023-11-30`, `2023/11/30`, `30-NOV-23`, each also in full-width digits and with a midnight time
 * behind it. Null for anything else and for days that do not exist.
 */
export function parseDate(text: string): Temporal.PlainDate | null {
  const folded = fold(text).replace(/[T ]00:00(?::00(?:\.0+)?)?$/u, '');
  const compact = /^(\d{3}|\d{4})(\d{2})(\d{2})$/.exec(folded);
  if (compact) return plainDate(gregorianYear(compact[1]!), Number(compact[2]), Number(compact[3]));
  const parted = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(folded);
  if (parted) return plainDate(gregorianYear(parted[1]!), Number(parted[3]), Number(parted[4]));
  const written = /^(中華民國|民國|西元|公元)?\s*(\d{1,4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日$/u.exec(
    folded,
  );
  if (written) {
    const year = eraYear(written[1], written[2]!);
    return plainDate(year, Number(written[3]), Number(written[4]));
  }
  const oracle = /^(\d{1,2})-([A-Za-z]{3})-(\d{2}|\d{4})$/.exec(folded);
  if (oracle) {
    const month = MONTHS.indexOf(oracle[2]!.toUpperCase()) + 1;
    const year = twoDigitYear(oracle[3]!);
    return plainDate(year >= EARLIEST_YEAR ? year : null, month, Number(oracle[1]));
  }
  return null;
}

/** A year whose era is named must agree with its length: 民國2023年 and 西元112年 are null. */
function eraYear(era: string | undefined, digits: string): number | null {
  if (era !== undefined && era.endsWith('民國') && digits.length > 3) return null;
  if (era !== undefined && era.endsWith('元') && digits.length !== 4) return null;
  return gregorianYear(digits);
}

/** The Gregorian year of `112`, `2023`, `112年`, `112年度`, `民國112年度`; null for anything else. */
export function parseYear(text: string): number | null {
  const match = /^(中華民國|民國|西元|公元)?\s*(\d{1,4})\s*(?:年|年度)?$/u.exec(fold(text));
  return match ? eraYear(match[1], match[2]!) : null;
}

/** A calendar quarter. `start` and `end` are its first and last day; `label` sorts as text. */
export interface Quarter {
  readonly year: number;
  readonly quarter: 1 | 2 | 3 | 4;
  /** `2023Q3`. */
  readonly label: string;
  readonly start: Temporal.PlainDate;
  readonly end: Temporal.PlainDate;
}

/** The quarter meant by `112Q3`, `2023Q3`, `2023-Q3`, `112年第3季`, `112年第三季`, `民國112年Q3`; else null. */
export function parseQuarter(text: string): Quarter | null {
  const match =
    /^(中華民國|民國|西元|公元)?\s*(\d{1,4})\s*(?:年度?|[-/. ])?\s*(?:[Qq]\s*([1-4])|第\s*([1-4一二三四])\s*季度?)$/u.exec(
      fold(text),
    );
  if (!match) return null;
  const year = eraYear(match[1], match[2]!);
  const numeral = match[3] ?? match[4]!;
  return year === null ? null : quarterOf(year, QUARTER_NUMERALS[numeral] ?? Number(numeral));
}

/** The quarter `number` (1–4) of a Gregorian year. Throws RangeError outside 1–4. */
export function quarterOf(year: number, number: number): Quarter {
  if (number !== 1 && number !== 2 && number !== 3 && number !== 4)
    throw new RangeError(`no quarter ${number}`);
  const start = new Temporal.PlainDate(year, number * 3 - 2, 1);
  const end = start.add({ months: 3 }).subtract({ days: 1 });
  return { year, quarter: number, label: `${year}Q${number}`, start, end };
}

/** Negative where `a` lies before `b`, 0 where they are the same quarter. */
export function compareQuarters(a: Quarter, b: Quarter): number {
  return a.year - b.year || a.quarter - b.quarter;
}

/** `民國112年11月30日`, or `112.11.30` as `short`. Years before 1912 are 民國前: 1911 is `民國前1年`. */
export function formatRoc(date: Temporal.PlainDate, style: 'full' | 'short' = 'full'): string {
  const year = date.year - ROC_OFFSET;
  if (style === 'short') {
    return year >= 1 ? `${year}.${two(date.month)}.${two(date.day)}` : date.toString();
  }
  return `${year >= 1 ? `民國${year}` : `民國前${1 - year}`}年${date.month}月${date.day}日`;
}

/**
 * `parseDate` as a DuckDB expression (DATE, NULL where impossible) for the three forms that registers of millions of
 * rows use: seven digits ROC, eight digits Gregorian, `2023-11-30`. Any other form is NULL.
 * @param column an SQL expression, already quoted.
 */
export function dateSql(column: string): string {
  const c = `trim(${column})`;
  return (
    `(CASE WHEN regexp_full_match(${c}, '[0-9]{7}') AND ${c}[1:3] <> '000' ` +
    `THEN TRY_CAST((CAST(${c}[1:3] AS INTEGER) + ${ROC_OFFSET})::VARCHAR || '-' || ${c}[4:5] || '-' || ${c}[6:7] AS DATE) ` +
    `WHEN regexp_full_match(${c}, '[0-9]{8}') AND ${c} >= '${EARLIEST_YEAR}' ` +
    `THEN TRY_CAST(${c}[1:4] || '-' || ${c}[5:6] || '-' || ${c}[7:8] AS DATE) ` +
    `WHEN regexp_full_match(${c}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND ${c} >= '${EARLIEST_YEAR}' ` +
    `THEN TRY_CAST(${c} AS DATE) END)`
  );
}
