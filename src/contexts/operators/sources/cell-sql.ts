import { dateSql } from '#shared/roc-date';
import { ubnCheckSql } from '#shared/ubn';
import type { ProblemCode } from './problems.ts';

/**
 * A cell in SQL. `value` is the typed value (NULL where there is none); `problem` is the code of what is wrong, given the
 * name of the column that holds that value. Both try the usual form first and do the rest only for cells that fail it:
 * a CASE runs a branch for the rows that reach it.
 * A cell that is looked at in a bare form takes the name of a column that holds it as `bare`: written out at every place,
 * the form makes the statement so long that planning it takes longer than running it over a small file.
 */
export interface CellSql {
  value: string;
  problem: (value: string) => string;
}

const WIDE = '０１２３４５６７８９，．－／＋：＄（）ＱｑＹＮｙｎ　';
const NARROW = '0123456789,.-/+:$()QqYNyn ';
/** The largest whole number that JSON and TypeScript hold exactly. */
const LARGEST = Number.MAX_SAFE_INTEGER;

const code = (name: ProblemCode): string => `'${name}'`;

/** Full-width digits and signs made narrow, outer blanks gone. ASCII without blanks is so already, and told quickly. */
export const narrow = (cell: string): string =>
  `CASE WHEN regexp_full_match(${cell}, '[!-~]*') THEN ${cell} ELSE trim(translate(${cell}, '${WIDE}', '${NARROW}')) END`;

const spoilt = (cell: string): string =>
  `WHEN starts_with(${cell}, '=') THEN ${code('formula_cell')} ` +
  `WHEN starts_with(${cell}, '#') AND regexp_full_match(${cell}, '#(N/A|REF!|VALUE!|DIV/0!|NAME\\?|NUM!|NULL!|SPILL!|CALC!)') ` +
  `THEN ${code('cell_error')} `;

/** The problem of a filled cell that gave no value. */
const valueless = (cell: string, value: string, reasons: string): string =>
  `CASE WHEN ${value} IS NOT NULL OR ${cell} IS NULL THEN NULL ${spoilt(cell)}${reasons} END`;

/** Text as it stands; a formula or an error value of a sheet is no text. */
export const textCell = (cell: string, required: boolean): CellSql => ({
  value: cell,
  problem: () =>
    `CASE ${required ? `WHEN ${cell} IS NULL THEN ${code('missing_value')} ` : ''}${spoilt(cell)}END`,
});

/** A 統一編號; blank has no problem and no value. */
export const ubnCell = (cell: string, bare = narrow(cell)): CellSql => {
  return {
    value: `CASE WHEN ${ubnCheckSql(bare)} THEN ${bare} END`,
    problem: (value) =>
      valueless(
        cell,
        value,
        `WHEN ${bare} = '00000000' THEN ${code('ubn_zero')} ` +
          `WHEN regexp_full_match(${bare}, '[0-9]{8}') THEN ${code('ubn_check_digit')} ` +
          `WHEN regexp_full_match(${bare}, '[0-9]{5,7}') AND ${ubnCheckSql(`lpad(${bare}, 8, '0')`)} THEN ${code('ubn_leading_zero_lost')} ` +
          `ELSE ${code('ubn_malformed')}`,
      ),
  };
};

/** An amount without its currency. */
export const bareAmount = (cell: string): string =>
  `regexp_replace(regexp_replace(${narrow(cell)}, '^(NT\\$|NTD|TWD|\\$)\\s*', '', 'i'), '\\s*元$', '')`;

/** A whole amount of NT$: `1234`, `1,234`, `NT$1,234`, `1234元`, `1234.00`. */
export const amountCell = (cell: string, bare = bareAmount(cell)): CellSql => {
  const whole = `regexp_full_match(${bare}, '([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\\.0*)?')`;
  const number = `TRY_CAST(replace(regexp_replace(${bare}, '\\.0*$', ''), ',', '') AS HUGEINT)`;
  return {
    value:
      `CASE WHEN regexp_full_match(${cell}, '[0-9]{1,15}') THEN CAST(${cell} AS BIGINT) ` +
      `WHEN ${cell} IS NOT NULL AND ${whole} AND ${number} <= ${LARGEST} THEN CAST(${number} AS BIGINT) END`,
    problem: (value) =>
      valueless(
        cell,
        value,
        `WHEN ${whole} THEN ${code('amount_too_large')} ` +
          `WHEN regexp_full_match(${bare}, '[-−(].*[0-9].*') THEN ${code('amount_negative')} ` +
          `WHEN regexp_full_match(${bare}, '([0-9]+|[0-9]{1,3}(,[0-9]{3})+)\\.[0-9]+') THEN ${code('amount_fraction')} ` +
          `ELSE ${code('amount_malformed')}`,
      ),
  };
};

/** A day without a time of midnight. */
export const bareDate = (cell: string): string =>
  `regexp_replace(${narrow(cell)}, '[T ]00:00(:00(\\.0+)?)?$', '')`;

/** A day in any form that `parseDate` knows. A day after `today` (ISO) is a problem where the column tells of the past. */
export const dateCell = (cell: string, today?: string, bare = bareDate(cell)): CellSql => {
  const pattern = `'^(?:中華民國|民國|西元|公元)?\\s*([0-9]{1,4})\\s*(?:年|[-/.])\\s*([0-9]{1,2})\\s*(?:月|[-/.])\\s*([0-9]{1,2})\\s*日?$'`;
  const part = (group: number): string => `regexp_extract(${bare}, ${pattern}, ${group})`;
  const iso = `lpad(CAST(${yearText(part(1))} AS VARCHAR), 4, '0') || '-' || lpad(${part(2)}, 2, '0') || '-' || lpad(${part(3)}, 2, '0')`;
  const date =
    `coalesce(${dateSql(bare)}, CASE WHEN regexp_full_match(${bare}, ${pattern}) THEN TRY_CAST(${iso} AS DATE) ` +
    `WHEN regexp_full_match(${bare}, '[0-9]{1,2}-[A-Za-z]{3}-([0-9]{2}|[0-9]{4})') ` +
    `THEN CAST(coalesce(try_strptime(${bare}, '%d-%b-%y'), try_strptime(${bare}, '%d-%b-%Y')) AS DATE) END)`;
  return {
    value: date,
    problem: (value) =>
      `CASE WHEN ${value} BETWEEN DATE '1900-01-01' AND DATE '${today ?? '2200-12-31'}' OR ${cell} IS NULL THEN NULL ` +
      `${spoilt(cell)}WHEN ${value} IS NULL OR year(${value}) NOT BETWEEN 1900 AND 2200 THEN ${code('date_malformed')} ` +
      `ELSE ${code('future_date')} END`,
  };
};

/** Year digits (never empty where used) as a Gregorian year. */
function yearText(digits: string): string {
  return `(CASE WHEN length(${digits}) <= 3 THEN TRY_CAST(${digits} AS INTEGER) + 1911 ELSE TRY_CAST(${digits} AS INTEGER) END)`;
}

/** A Gregorian year from `112`, `2023`, `112年度`. */
export const yearCell = (cell: string, today: string, bare = narrow(cell)): CellSql => {
  const pattern = `'^(?:中華民國|民國|西元|公元)?\\s*([0-9]{2,4})\\s*(?:年|年度)?$'`;
  const year = yearText(`regexp_extract(${bare}, ${pattern}, 1)`);
  return {
    value: `CASE WHEN ${year} BETWEEN 1912 AND 2200 THEN ${year} END`,
    problem: (value) =>
      `CASE WHEN ${cell} IS NULL THEN ${code('missing_value')} ${spoilt(cell)}` +
      `WHEN ${value} IS NULL THEN ${code('year_malformed')} ` +
      `WHEN ${value} > ${today.slice(0, 4)} THEN ${code('future_date')} END`,
  };
};

/** A quarter as `2023Q3` from `112Q3`, `2023Q3`, `112年第3季`, `112年第三季`. */
export const quarterCell = (cell: string, today: string, bare = narrow(cell)): CellSql => {
  const pattern = `'^(?:中華民國|民國|西元|公元)?\\s*([0-9]{2,4})\\s*(?:年度?|[-/. ])?\\s*(?:[Qq]\\s*([1-4])|第\\s*([1-4一二三四])\\s*季度?)$'`;
  const group = (index: number): string => `regexp_extract(${bare}, ${pattern}, ${index})`;
  const year = yearText(group(1));
  const number = `translate(${group(2)} || ${group(3)}, '一二三四', '1234')`;
  const current = `${today.slice(0, 4)}Q${Math.ceil(Number(today.slice(5, 7)) / 3)}`;
  return {
    value: `CASE WHEN ${year} BETWEEN 1912 AND 2200 THEN CAST(${year} AS VARCHAR) || 'Q' || ${number} END`,
    problem: (value) =>
      `CASE WHEN ${cell} IS NULL THEN ${code('missing_value')} ${spoilt(cell)}` +
      `WHEN ${value} IS NULL THEN ${code('quarter_malformed')} ` +
      `WHEN ${value} > '${current}' THEN ${code('future_date')} END`,
  };
};

/** A host in lower case without scheme, path, port and `www.`. */
export const domainCell = (cell: string): CellSql => {
  const host = `regexp_extract(lower(translate(${cell}, '．。：／', '..:/')), '^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?(?:www\\.)?([^/:?#]+)', 1)`;
  const bare = `rtrim(${host}, '.')`;
  return {
    value: `CASE WHEN regexp_full_match(${bare}, '[^\\s.,、;@_]+([.][^\\s.,、;@]+)+') AND length(${bare}) <= 253 THEN ${bare} END`,
    problem: (value) => valueless(cell, value, `ELSE ${code('domain_malformed')}`),
  };
};

/** Business item codes, in order. Anything that is no code is a problem; the codes beside it stand. */
export const itemsCell = (cell: string): CellSql => {
  const upper = `upper(translate(${cell}, '${WIDE}', '${NARROW}'))`;
  return {
    value: `CASE WHEN ${cell} IS NULL THEN [] ELSE regexp_extract_all(${upper}, '[A-Z]{1,2}[0-9]{5,6}') END`,
    problem: (value) =>
      `CASE WHEN ${cell} IS NULL OR regexp_full_match(${cell}, '(([A-Z][0-9]{6}|[A-Z]{2}[0-9]{5});?)*') THEN NULL ${spoilt(cell)}` +
      `WHEN len(${value}) <> len(list_filter(string_split_regex(${upper}, '[;；]'), lambda part: trim(part) <> '')) ` +
      `THEN ${code('item_malformed')} END`,
  };
};

/** Y or N. */
export const flagCell = (cell: string): CellSql => ({
  value: `CASE ${cell} WHEN 'Y' THEN true WHEN 'N' THEN false ELSE CASE upper(${narrow(cell)}) WHEN 'Y' THEN true WHEN 'N' THEN false END END`,
  problem: (value) => valueless(cell, value, `ELSE ${code('flag_malformed')}`),
});

/** A rank from 1. */
export const rankCell = (cell: string): CellSql => ({
  value: `CASE WHEN regexp_full_match(${narrow(cell)}, '0*[1-9][0-9]{0,6}') THEN TRY_CAST(${narrow(cell)} AS INTEGER) END`,
  problem: (value) => valueless(cell, value, `ELSE ${code('rank_malformed')}`),
});
