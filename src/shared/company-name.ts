/**
 * Names of firms taken apart: distinctive core, legal form, branch, foreign prefix. The same in TypeScript and as
 * DuckDB SQL for millions of rows; both run the same regular expressions over the same folding.
 */
import {
  dropGaps,
  dropGapsSql,
  foldPlainSql,
  foldText,
  GAP,
  GAP_RE2,
  isPlainSql,
  mapSql,
  mapText,
  quote,
} from './name-folding.ts';
import {
  BUSINESS_FORMS,
  COMPANY_FORMS,
  ENGLISH_FORM,
  FOREIGN_PREFIXES,
  NOT_AFTER_PREFIX,
  TRADES_BEFORE_SHORT_FORM,
  UNITS,
} from './name-forms.ts';

export { foldSql, foldText, unfoldedPattern } from './name-folding.ts';
export { bigrams, brandCore, similarity } from './name-similarity.ts';

/** A name and its parts. */
export interface CompanyName {
  /** As given. */
  readonly original: string;
  /** Folded, complete, abbreviations of the legal form written out: (股)公司 → 股份有限公司. */
  readonly full: string;
  /** Folded, without legal form, branch and foreign prefix; never empty unless the whole name folds to nothing. */
  readonly core: string;
  /** The legal form as folded (`股份有限公司`, `商行`, `coltd`), or null. */
  readonly legalForm: string | null;
  readonly kind: 'company' | 'business' | 'branch' | 'foreign-branch' | 'unknown';
  /** The unit behind the firm's name: `台灣分公司`. */
  readonly branch: string | null;
  /** `英屬維京群島商`. */
  readonly foreignPrefix: string | null;
}

const fold = (words: readonly string[]): string[] => words.map(foldText);
const alternatives = (words: readonly string[]): string => fold(words).join('|');
const companyForms = alternatives(COMPANY_FORMS);
const units = alternatives(UNITS);
const prefixes = alternatives(FOREIGN_PREFIXES);
const trades = alternatives(TRADES_BEFORE_SHORT_FORM);

// Read alike by JavaScript and RE2. BRACKETED and ENGLISH run on mapped text, the others on folded text.
const BRACKETED: readonly (readonly [pattern: string, form: string])[] = [
  ['[(] *股(?:份)? *[)] *(?:有限)?公司', '股份有限公司'],
  ['[(] *股(?:份)? *[)] *$', '股份有限公司'],
  ['[(] *有 *[)] *(?:限)?公司', '有限公司'],
];
// Something stands before the form: a character that is neither Latin nor a gap, or any other and a gap.
const english = (gap: string): string =>
  `([^a-z0-9${gap}]|[^${gap}][${gap}]+)${ENGLISH_FORM.replaceAll('~', gap)}[${gap}]*$`;
const SHORTENED = '股份公司$';
const BRANCH = `^(.+?(?:${companyForms}))(.{0,24}(?:${units}))$`;
const PREFIX = `^(${prefixes})([^${NOT_AFTER_PREFIX}].+?(?:${companyForms}|[^限]公司))$`;
// Unanchored at the start, so that RE2 looks for its groups in the tail only: a fifth of the time.
const FORM = `(?:(.)(${companyForms})|(..)(${alternatives(BUSINESS_FORMS)})|(..(?:${trades}))([行社]))$`;

const bracketed = BRACKETED.map(([pattern, form]) => [new RegExp(pattern, 'u'), form] as const);
const englishForm = new RegExp(english(GAP), 'u');
const shortened = new RegExp(SHORTENED, 'u');
const branchOf = new RegExp(BRANCH, 'u');
const prefixOf = new RegExp(PREFIX, 'u');
const formOf = new RegExp(FORM, 'u');

/** Takes a name apart. Never throws; a text that is no name of a firm comes back as `unknown` with its folded self. */
export function parseCompanyName(name: string): CompanyName {
  let mapped = mapText(name);
  for (const [pattern, form] of bracketed) mapped = mapped.replace(pattern, form);
  const full = dropGaps(mapped).replace(shortened, '股份有限公司');
  const englishTail = englishForm.exec(mapped);
  const withoutEnglish = dropGaps(mapped.replace(englishForm, '$1')).replace(shortened, '股份有限公司');

  const unit = branchOf.exec(withoutEnglish);
  const firm = unit?.[1] ?? withoutEnglish;
  const foreign = prefixOf.exec(firm);
  const named = foreign?.[2] ?? firm;
  const form = formOf.exec(named);
  const stem = named.replace(formOf, '$1$3$5');
  const legalForm =
    form?.[2] ??
    form?.[4] ??
    form?.[6] ??
    (englishTail ? dropGaps(englishTail[0].slice(englishTail[1]!.length)) : null);
  const isCompany = form?.[2] !== undefined || form?.[4] === '公司' || (form === null && legalForm !== null);
  const branch = unit?.[2] ?? null;
  const foreignPrefix = foreign?.[1] ?? null;
  let kind: CompanyName['kind'] = legalForm === null ? 'unknown' : isCompany ? 'company' : 'business';
  if (branch !== null) kind = foreignPrefix === null ? 'branch' : 'foreign-branch';
  return {
    original: name,
    full,
    core: stem,
    legalForm,
    kind,
    branch,
    foreignPrefix,
  };
}

function mappedWithForms(column: string): string {
  return BRACKETED.reduce(
    (sql, [pattern, form]) => `regexp_replace(${sql}, ${quote(pattern)}, ${quote(form)})`,
    `(${mapSql(column)})`,
  );
}

const withLongForm = (sql: string): string => `regexp_replace(${sql}, '${SHORTENED}', '股份有限公司')`;

/** `parseCompanyName(…).full` as a DuckDB expression over a VARCHAR column; NULL stays NULL. */
export function fullSql(column: string): string {
  const slow = withLongForm(dropGapsSql(mappedWithForms(column)));
  return (
    `(CASE WHEN ${isPlainSql(column)} AND NOT suffix(${column}, '股份公司') ` +
    `THEN ${foldPlainSql(column)} ELSE ${slow} END)`
  );
}

/**
 * `parseCompanyName(…).core` as a DuckDB expression over a VARCHAR column; NULL stays NULL. Most names are plain and
 * end in a legal form: those are cut by suffix, the others run through the regular expressions.
 */
export function coreSql(column: string): string {
  const withoutEnglish = withLongForm(
    dropGapsSql(`regexp_replace(${mappedWithForms(column)}, ${quote(english(GAP_RE2))}, '\\1')`),
  );
  const slow = [
    [BRANCH, '\\1'],
    [PREFIX, '\\2'],
    [FORM, '\\1\\3\\5'],
  ].reduce((sql, [pattern, kept]) => `regexp_replace(${sql}, '${pattern}', '${kept}')`, withoutEnglish);
  const isEasy = [
    isPlainSql(column),
    ...[...fold(UNITS), '股份公司'].map((unit) => `NOT suffix(${column}, '${unit}')`),
    `NOT (contains(${column}, '商') AND regexp_matches(${column}, '^(?:${prefixes})'))`,
  ].join(' AND ');
  const cut = (form: string, least: number): string =>
    `WHEN suffix(${column}, '${form}') AND length(${column}) >= ${Array.from(form).length + least} ` +
    `THEN left(${column}, -${Array.from(form).length})`;
  const easy = [
    ...fold(COMPANY_FORMS).map((form) => cut(form, 1)),
    ...fold(BUSINESS_FORMS).map((form) => cut(form, 2)),
    `WHEN (suffix(${column}, '行') OR suffix(${column}, '社')) AND ` +
      `regexp_matches(${column}, '^..+(?:${trades})[行社]$') THEN left(${column}, -1)`,
  ].join(' ');
  return `(CASE WHEN ${isEasy} THEN ${foldPlainSql(`CASE ${easy} ELSE ${column} END`)} ELSE ${slow} END)`;
}
