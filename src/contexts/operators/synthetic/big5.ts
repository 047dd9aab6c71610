/** Big5 (CP950) for writing: the inverse of the decoder that every runtime has. */

let table: Map<string, number> | undefined;

/** Lead bytes A1–F9 without the Hong Kong supplement below: what CP950 and WHATWG Big5 read alike. */
function inverse(): Map<string, number> {
  if (table !== undefined) return table;
  table = new Map();
  const decoder = new TextDecoder('big5');
  for (let lead = 0xa1; lead <= 0xf9; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail > 0x7e && trail < 0xa1) continue;
      const text = decoder.decode(new Uint8Array([lead, trail]));
      // An unmapped pair decodes to U+FFFD, sometimes followed by the trail as ASCII; the first code of a pair wins.
      if (text.length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, (lead << 8) | trail);
    }
  }
  return table;
}

/** Encodes; throws RangeError on a character that Big5 lacks, so that nothing is lost in silence. */
export function encodeBig5(text: string): Uint8Array {
  const codes = inverse();
  const out: number[] = [];
  for (const char of text) {
    const ascii = char.codePointAt(0) ?? 0;
    const code = codes.get(char);
    if (ascii < 0x80) out.push(ascii);
    else if (code === undefined) throw new RangeError(`Big5 has no ${char} (U+${ascii.toString(16)})`);
    else out.push(code >> 8, code & 0xff);
  }
  return Uint8Array.from(out);
}
