/**
 * A cell that a spreadsheet would run as a formula is text with an apostrophe before it. It holds however the sheet is
 * saved afterwards: a text cell alone turns into a formula again once somebody saves it as CSV.
 */
const runs = /^[\s\p{Cf}]*[=+\-@|＝＋－＠]|^[\t\r\n]/u;

/** The longest text a cell of XLSX may hold. */
const longest = 32_767;

/** Characters that XML cannot hold. */
// oxlint-disable-next-line no-control-regex
const unwritable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/gu;

/** Text for a cell of XLSX, ODS or CSV. */
export function safeCell(text: string): string {
  const clean = text.toWellFormed().replaceAll(unwritable, ' ');
  const safe = runs.test(clean) ? `'${clean}` : clean;
  return safe.length > longest ? `${safe.slice(0, longest - 1)}…` : safe;
}
