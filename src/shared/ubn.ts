/**
 * 統一編號 (UBN), the eight-digit number of a business in Taiwan.
 *
 * Weights 1,2,1,2,1,2,4,1; the digits of each product are summed, then all sums. The total is divisible by 5
 * (numbers issued since 2023-04-01; older numbers stay valid) or by 10 (the rule before). Where the seventh digit
 * is 7 its product 28 counts as 10, and as 1 or 0 in a second reading, so the total plus one may satisfy the rule.
 * The check is weak: 22 % of all eight-digit numbers pass it. A hit is to be confirmed by name.
 */

/** Which divisor holds: 5 since 2023-04-01, 10 before. */
export type UbnRule = 'since-2023' | 'before-2023';

const DIVISORS = { 'since-2023': 5, 'before-2023': 10 } as const;
const WEIGHTS = [1, 2, 1, 2, 1, 2, 4, 1] as const;
const EIGHT_DIGITS = /^[0-9]{8}$/;

/** True for eight ASCII digits, not all zero, whose check holds under `rule`. Fold the text first (`parseUbn`). */
export function isUbn(text: string, rule: UbnRule = 'since-2023'): boolean {
  if (!EIGHT_DIGITS.test(text) || text === '00000000') return false;
  let total = 0;
  for (const [index, weight] of WEIGHTS.entries()) {
    const product = (text.charCodeAt(index) - 48) * weight;
    total += Math.trunc(product / 10) + (product % 10);
  }
  const divisor = DIVISORS[rule];
  return total % divisor === 0 || (text[6] === '7' && (total + 1) % divisor === 0);
}

/** Folds full-width digits, surrounding spaces and the two ways in which a sheet marks text: `="…"` and `'…`. */
function unwrapCell(text: string): string {
  const folded = text
    .normalize('NFKC')
    .replaceAll(/[\u200B-\u200F\u2060\uFEFF]/gu, '')
    .trim();
  const formula = /^=\s*"([^"]*)"$/u.exec(folded);
  if (formula?.[1] !== undefined) return formula[1].trim();
  const quoted = /^"([^"]*)"$/u.exec(folded);
  if (quoted?.[1] !== undefined) return quoted[1].trim();
  return folded.startsWith("'") ? folded.slice(1).trim() : folded;
}

/**
 * The UBN in a cell, or null where the cell holds none that checks. A number that lost its leading zeros is null:
 * see `suggestUbn`, whose answer a person confirms.
 */
export function parseUbn(text: string, rule: UbnRule = 'since-2023'): string | null {
  const digits = unwrapCell(text);
  return isUbn(digits, rule) ? digits : null;
}

/** Five to seven digits that check when padded to eight: what a spreadsheet makes of 00001200. Never taken unasked. */
export function suggestUbn(text: string, rule: UbnRule = 'since-2023'): string | null {
  const digits = unwrapCell(text).replace(/\.0$/u, '');
  if (!/^[0-9]{5,7}$/.test(digits)) return null;
  const padded = digits.padStart(8, '0');
  return isUbn(padded, rule) ? padded : null;
}

/**
 * `isUbn` as a DuckDB expression over a VARCHAR column: true or false, false for NULL.
 * @param column an SQL expression, already quoted.
 */
export function ubnCheckSql(column: string, rule: UbnRule = 'since-2023'): string {
  const divisor = DIVISORS[rule];
  const number = `TRY_CAST(${column} AS INTEGER)`;
  const terms = WEIGHTS.map((weight, index) => {
    const digit = `(${number} // ${10 ** (7 - index)} % 10)`;
    return weight === 1 ? digit : `(${weight} * ${digit}) // 10 + (${weight} * ${digit}) % 10`;
  });
  const total = `(${terms.join(' + ')})`;
  return (
    `(CASE WHEN regexp_full_match(${column}, '[0-9]{8}') AND ${column} <> '00000000' THEN ` +
    `${total} % ${divisor} = 0 OR (${number} // 10 % 10 = 7 AND (${total} + 1) % ${divisor} = 0) ELSE false END)`
  );
}
