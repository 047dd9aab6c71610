/** Which column of a file holds the numbers, and which one each field of a template. */
import { readMobile } from './mobile-number.ts';

/** What the agency says itself; what is left out is found. */
export interface ColumnChoice {
  /** False where the first row is a recipient already. */
  readonly header?: boolean;
  /** Name of the column in the header, or its letter (`A`, `AB`). */
  readonly phone?: string;
  /** Column by field name. */
  readonly fields?: Readonly<Record<string, string>>;
}

export interface FoundColumns {
  readonly hasHeader: boolean;
  /** Names of the columns: the header, or letters. */
  readonly names: readonly string[];
  readonly phone: number;
  /** How the phone column was found. */
  readonly phoneBy: 'choice' | 'name' | 'content';
  /** Column of each field, in the order of the fields. */
  readonly fields: readonly number[];
}

export type ColumnProblem =
  | { readonly code: 'phone_column_missing'; readonly names: readonly string[] }
  | {
      readonly code: 'field_columns_missing';
      readonly names: readonly string[];
      readonly missing: readonly string[];
    }
  | {
      readonly code: 'column_unknown';
      readonly names: readonly string[];
      readonly missing: readonly string[];
    };

/** Names of number columns in agencies' files, the surest first. */
const PHONE_NAMES = [
  '手機號碼',
  '行動電話號碼',
  '手機',
  '行動電話',
  '行動電話門號',
  '手機門號',
  '門號',
  '收件人手機',
  '收訊人手機',
  '收訊號碼',
  '受話號碼',
  '簡訊號碼',
  'mobile',
  'mobilephone',
  'mobilenumber',
  'cellphone',
  'cell',
  'msisdn',
  'phonenumber',
  'phone',
  '聯絡手機',
  '連絡手機',
  '聯絡電話',
  '連絡電話',
  '電話號碼',
  '電話',
  '號碼',
  'number',
  'tel',
  'telephone',
  'recipient',
] as const;

/** The share of filled cells that must be numbers for a column to count as one without a name. */
const SHARE = 0.6;

/** Spaces, marks and width do not tell names apart. */
const fold = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_\-*:()[\]{}（）【】「」/.]+/gu, '');

/** Seven digits with hardly a letter are a number, right or wrong, and no name of a column: those are shown and kept. */
const isOfPerson = (cell: string): boolean =>
  'number' in readMobile(cell) ||
  (cell.replaceAll(/\P{Nd}+/gu, '').length >= 7 && cell.replaceAll(/\P{L}+/gu, '').length <= 2);

/** `A` for 0, `AA` for 26. */
export function columnLetter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetter(Math.floor(index / 26) - 1) + last;
}

/** Finds the columns from the first rows; `rows[0]` may be the header. */
export function findColumns(
  rows: readonly (readonly string[])[],
  fields: readonly string[],
  choice: ColumnChoice = {},
): FoundColumns | ColumnProblem {
  const first = rows[0] ?? [];
  const width = Math.max(0, ...rows.map((row) => row.length));
  const hasHeader = choice.header ?? !first.some((cell) => isOfPerson(cell));
  const names = Array.from({ length: width }, (_, at) => {
    const name = hasHeader ? (first[at] ?? '').trim() : '';
    return name === '' ? columnLetter(at) : name.slice(0, 100);
  });
  const body = hasHeader ? rows.slice(1) : rows;
  const find = (name: string): number => {
    const same = names.findIndex((one) => fold(one) === fold(name));
    return same === -1 ? names.findIndex((_, at) => columnLetter(at) === name.trim().toUpperCase()) : same;
  };

  const chosen = [choice.phone, ...Object.values(choice.fields ?? {})].filter((name) => name !== undefined);
  const unknown = chosen.filter((name) => find(name) === -1);
  if (unknown.length > 0) return { code: 'column_unknown', names, missing: unknown };

  const phone = phoneColumn(choice, names, body, find);
  if (phone === null) return { code: 'phone_column_missing', names };
  const columns = fields.map((field) => {
    const said = choice.fields?.[field];
    return said === undefined ? names.findIndex((name) => fold(name) === fold(field)) : find(said);
  });
  const missing = fields.filter((_, at) => columns[at] === -1);
  if (missing.length > 0) return { code: 'field_columns_missing', names, missing };
  return { hasHeader, names, phone: phone.at, phoneBy: phone.by, fields: columns };
}

function phoneColumn(
  choice: ColumnChoice,
  names: readonly string[],
  body: readonly (readonly string[])[],
  find: (name: string) => number,
): { at: number; by: FoundColumns['phoneBy'] } | null {
  if (choice.phone !== undefined) return { at: find(choice.phone), by: 'choice' };
  const shares = names.map((_, at) => shareOfNumbers(body, at));
  const ranked = names
    .map((name, at) => ({
      at,
      rank: (PHONE_NAMES as readonly string[]).indexOf(fold(name)),
      share: shares[at] ?? 0,
    }))
    .filter(({ rank }) => rank !== -1)
    // Of 電話 and 手機 the one with mobile numbers in it is meant; where both have some, the surer name.
    .toSorted((a, b) => Number(b.share >= SHARE) - Number(a.share >= SHARE) || a.rank - b.rank);
  const [named] = ranked;
  if (named !== undefined && (named.share >= SHARE || body.length === 0)) return { at: named.at, by: 'name' };
  const most = Math.max(0, ...shares);
  const by = shares.indexOf(most);
  if (most >= SHARE) return { at: by, by: 'content' };
  return named === undefined ? null : { at: named.at, by: 'name' };
}

function shareOfNumbers(body: readonly (readonly string[])[], at: number): number {
  const filled = body.map((row) => row[at]?.trim() ?? '').filter((cell) => cell !== '');
  if (filled.length === 0) return 0;
  return filled.filter((cell) => 'number' in readMobile(cell)).length / filled.length;
}
