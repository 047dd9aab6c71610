import { type Problem, problem } from './problems.ts';
import { type SourceKindInfo, sourceKind, sourceKinds } from './source-kinds.ts';
import type { SourceKind } from './source-tables.ts';

/** Where the wanted columns of a kind stand: key → index of the cell. */
export type ColumnMap = Readonly<Record<string, number>>;

/** What a row of headers was taken for. */
export interface Recognised {
  kind: SourceKind;
  columns: ColumnMap;
}

/** How well a row of headers fits a kind. */
export interface Candidate {
  kind: SourceKind;
  columns: ColumnMap;
  /** Headers of required columns that are not there. */
  missing: string[];
  /** Wanted headers that occur more than once. */
  duplicates: string[];
}

/** A header as it is compared: NFKC, without blanks, quotes and marks that no eye sees, lower case. */
export const foldHeader = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\s\u200B-\u200F\u2060\uFEFF"'“”「」*:]/gu, '')
    .replaceAll('台', '臺')
    .toLowerCase();

const folded = new Map(
  sourceKinds.map((info) => [
    info.kind,
    info.columns.map((wanted) => [wanted.header, ...(wanted.synonyms ?? [])].map(foldHeader)),
  ]),
);
const PERSONAL = /負責人|代表人|聯絡|聯繫|電話|手機|傳真|電子郵件|電郵|信箱|email|e-mail|身分證|姓名/u;

/** Whether a header names personal data; such cells are shown nowhere and never stored. */
export const isPersonal = (header: string): boolean => PERSONAL.test(foldHeader(header));

const foldedRows = new WeakMap<readonly string[], string[]>();

/** One row is compared with every kind: fold it once. */
function foldRow(headers: readonly string[]): string[] {
  const known = foldedRows.get(headers);
  if (known !== undefined) return known;
  const row = headers.map((header) => foldHeader(header.slice(0, 200)));
  foldedRows.set(headers, row);
  return row;
}

/**
 * Fits a row of headers to one kind; `mapping` (key → header as it stands in the file) goes before the names known.
 * `said`: a person says that the file is of this kind.
 */
export function fitKind(
  headers: readonly string[],
  info: SourceKindInfo,
  mapping: Readonly<Record<string, string>> = {},
  said = false,
): Candidate {
  const seen = foldRow(headers);
  const columns: Record<string, number> = {};
  const missing: string[] = [];
  const duplicates: string[] = [];
  const names = folded.get(info.kind)!;
  info.columns.forEach((wanted, index) => {
    const mapped = mapping[wanted.key];
    const [own, ...synonyms] = mapped === undefined ? names[index]! : [foldHeader(mapped)];
    const choices = [own!, ...synonyms].filter((choice) => seen.includes(choice));
    const choice = choices[0];
    if (choice === undefined) {
      if (wanted.required && !(said && wanted.tells === true)) missing.push(wanted.header);
      return;
    }
    if (seen.indexOf(choice) !== seen.lastIndexOf(choice)) duplicates.push(wanted.header);
    columns[wanted.key] = seen.indexOf(choice);
  });
  const { anyOf } = info;
  if (anyOf !== undefined && !anyOf.some((key) => key in columns)) {
    const names = info.columns.filter((wanted) => anyOf.includes(wanted.key)).map((wanted) => wanted.header);
    missing.push(names.join('／'));
  }
  return { kind: info.kind, columns, missing, duplicates };
}

/** The kind that a row of headers tells, or undefined. The first kind with every required header wins. */
export function recogniseHeaders(headers: readonly string[]): Recognised | undefined {
  for (const info of sourceKinds) {
    const fit = fitKind(headers, info);
    if (fit.missing.length === 0 && fit.duplicates.length === 0) return fit;
  }
  return undefined;
}

/** Every kind with how it fits, best first. */
export function candidatesFor(headers: readonly string[]): Candidate[] {
  const share = (fit: Candidate): number => {
    const info = sourceKind(fit.kind);
    const required = info.columns.filter((wanted) => wanted.required).length + (info.anyOf ? 1 : 0);
    return (required - fit.missing.length) / required;
  };
  return sourceKinds
    .map((info) => fitKind(headers, info))
    .sort((a, b) => share(b) - share(a) || a.missing.length - b.missing.length);
}

/** How many wanted headers of any kind a row holds: tells a header row from a title or a record. */
export const headerHits = (headers: readonly string[]): number =>
  Math.max(...sourceKinds.map((info) => Object.keys(fitKind(headers, info).columns).length));

const listed = (headers: readonly string[]): string => {
  const shown = headers
    .slice(0, 30)
    .map((header) => (header.trim() === '' ? '（空白）' : header.slice(0, 40)));
  return shown.join('、') + (headers.length > 30 ? '…' : '');
};

const wantedHeaders = (language: 'zh' | 'en'): string =>
  sourceKinds
    .map((info) => {
      const headers = info.columns.filter((wanted) => wanted.required).map((wanted) => wanted.header);
      const either = info.columns
        .filter((wanted) => info.anyOf?.includes(wanted.key))
        .map((wanted) => wanted.header);
      const all = either.length > 0 ? [either.join('／'), ...headers] : headers;
      return `${info[language]}（${all.join(',')}）`;
    })
    .join(language === 'zh' ? '；' : '; ');

/** Why a row of headers is no kind, or not the kind `asked` for. */
export function headerProblem(headers: readonly string[], asked?: Candidate): Problem {
  const candidates = asked === undefined ? candidatesFor(headers) : [asked];
  const doubled = candidates.find((fit) => fit.missing.length === 0 && fit.duplicates.length > 0);
  if (doubled !== undefined) {
    const info = sourceKind(doubled.kind);
    const values = { duplicates: doubled.duplicates.join('、') };
    return problem('duplicate_headers', { ...values, kind: info.zh }, { ...values, kind: info.en });
  }
  const best = candidates[0]!;
  const info = sourceKind(best.kind);
  const hits = Object.keys(best.columns).length;
  if (asked !== undefined || (hits >= 3 && best.missing.length > 0 && best.missing.length < hits)) {
    const values = { missing: best.missing.join('、'), seen: listed(headers) };
    return problem('missing_headers', { ...values, kind: info.zh }, { ...values, kind: info.en });
  }
  const seen = listed(headers);
  return problem(
    'unknown_headers',
    { seen, wanted: wantedHeaders('zh') },
    { seen, wanted: wantedHeaders('en') },
  );
}
