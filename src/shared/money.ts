/** Amounts in New Taiwan dollars: whole numbers, exact up to 2^53. Thousands and 萬 exist on screen only. */

const AMOUNT =
  /^(-?)\s*(?:NT\s?\$|NTD|TWD|\$|新[臺台]幣)?\s*(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?\s*(?:元|圓)?(?:整|正)?$/iu;

/**
 * The amount in a cell: `1,234`, `１２３４`, `$1,234`, `NT$1,234`, `新臺幣1,234元整`, `-5`, ` 12 `, `12.00`. Null for anything
 * else: fractions of a dollar, wrong grouping, exponents, two signs, and numbers too large to be exact.
 */
export function parseAmount(text: string): number | null {
  const match = AMOUNT.exec(text.normalize('NFKC').trim());
  if (!match || (match[1] !== '' && match[2] !== '')) return null;
  const amount = Number(match[3]!.replaceAll(',', ''));
  if (!Number.isSafeInteger(amount)) return null;
  return amount !== 0 && (match[1] === '-' || match[2] === '-') ? -amount : amount;
}

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0, roundingMode: 'halfExpand' });
const TENTH = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1, roundingMode: 'halfExpand' });

function checked(amount: number): number {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is no exact amount in NT$`);
  return amount;
}

/** `-0` would be shown with its sign. */
const unsignedZero = (text: string): string => (text === '-0' ? '0' : text);

/** `NT$1,234`, `-NT$5`. Throws RangeError for what is no safe integer, as the others here. */
export function formatTwd(amount: number): string {
  const sign = checked(amount) < 0 ? '-' : '';
  return `${sign}NT$${WHOLE.format(Math.abs(amount))}`;
}

/** In thousands, rounded half away from zero, without unit: 1234500 → `1,235`. The unit (千元) stands in the heading. */
export function formatThousand(amount: number): string {
  return unsignedZero(WHOLE.format(checked(amount) / 1000));
}

/** In 萬, and from 億 on in 億, with at most one decimal: `123.5 萬元`, `12.3 億元`; below 1 萬 in 元. */
export function formatWan(amount: number): string {
  const size = Math.abs(checked(amount));
  // 9,999.95 萬 would round to 10,000.0 萬.
  if (size >= 99_999_500) return `${TENTH.format(amount / 100_000_000)} 億元`;
  if (size >= 10_000) return `${TENTH.format(amount / 10_000)} 萬元`;
  return `${unsignedZero(WHOLE.format(amount))} 元`;
}
