/** Cells as bytes of UTF-8 in the output of the row scanner. */

const EQUALS = 61;
const QUOTE = 34;
const SPACE = 32;

/** Writes a whole number in digits; answers the position behind it. */
export function writeNumber(out: Buffer, at: number, value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.trunc(rest / 10)) digits += 1;
  let rest = value;
  for (let i = at + digits - 1; i >= at; i -= 1) {
    const next = Math.trunc(rest / 10);
    out[i] = 48 + rest - next * 10;
    rest = next;
  }
  return at + digits;
}

/** Takes blanks (ASCII, U+00A0, U+3000, U+FEFF) off both ends and opens `="…"`; answers the new end. */
export function trimCell(out: Buffer, start: number, end: number): number {
  let from = start;
  let to = end;
  for (;;) {
    const width = blankAt(out, from, to);
    if (width === 0) break;
    from += width;
  }
  for (;;) {
    const width = blankBefore(out, from, to);
    if (width === 0) break;
    to -= width;
  }
  const wrapped = to - from >= 3 && out[from] === EQUALS && out[from + 1] === QUOTE && out[to - 1] === QUOTE;
  if (wrapped && out.subarray(from + 2, to - 1).indexOf(QUOTE) < 0) {
    from += 2;
    to -= 1;
  }
  if (from > start) out.copyWithin(start, from, to);
  return start + (to - from);
}

function blankAt(out: Buffer, at: number, end: number): number {
  if (at >= end) return 0;
  if (out[at]! <= SPACE) return 1;
  if (out[at] === 0xc2 && out[at + 1] === 0xa0 && at + 1 < end) return 2;
  return at + 2 < end && wideBlank(out, at) ? 3 : 0;
}

function blankBefore(out: Buffer, start: number, end: number): number {
  if (end <= start) return 0;
  if (out[end - 1]! <= SPACE) return 1;
  if (end - 2 >= start && out[end - 2] === 0xc2 && out[end - 1] === 0xa0) return 2;
  return end - 3 >= start && wideBlank(out, end - 3) ? 3 : 0;
}

const wideBlank = (out: Buffer, at: number): boolean =>
  (out[at] === 0xe3 && out[at + 1] === 0x80 && out[at + 2] === 0x80) ||
  (out[at] === 0xef && out[at + 1] === 0xbb && out[at + 2] === 0xbf);
