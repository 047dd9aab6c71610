/**
 * The keyed digest by which a text is known again: the first 64 bits of SHA-256 over a secret block, the last digits and the
 * text as people copy it, in UTF-16. The secret fills one block of the hash; three quarters of the result are never shown, so nobody can
 * go on from it (as with SHA-512/256). HMAC would hash twice, 2 µs a text more.
 */
import { hash } from 'node:crypto';

/** A key ready for use: the block of the hash that holds it, the rest zeros. */
export type CheckKey = Buffer;

const BLOCK = 64;
const KEY = 32;

/** Makes a key of 32 bytes ready. */
export function checkKeyOf(bytes: Buffer): CheckKey {
  if (bytes.length !== KEY) throw new RangeError('a key of the citizen check has 32 bytes');
  const block = Buffer.alloc(BLOCK);
  bytes.copy(block);
  return block;
}

const WHITE = /[\s\u180e\u200b-\u200d\u2060\ufeff]+/gu;

/** NFKC without white space, so that line breaks, widths and what a phone makes of spaces do not count. */
export const canonicalText = (text: string): string => text.normalize('NFKC').replace(WHITE, '');

let work = Buffer.allocUnsafeSlow(4096);
let units = new Uint16Array(work.buffer, BLOCK);

/**
 * Puts the canonical form where the hash reads it, in UTF-16; answers the place after it, or -1 for a text with characters
 * that NFKC may change in more than width, or that may be white space. Most texts are Han with full-width marks.
 */
function putUsual(text: string, start: number): number {
  let at = start;
  for (let place = 0; place < text.length; place++) {
    const unit = text.charCodeAt(place);
    if ((unit >= 0x4e00 && unit <= 0x9fff) || (unit >= 0x21 && unit <= 0x7e)) units[at++] = unit;
    else if (unit >= 0xff01 && unit <= 0xff5e) units[at++] = unit - 0xfee0;
    else if ((unit >= 0x3001 && unit <= 0x3020) || (unit >= 0x3105 && unit <= 0x312f)) units[at++] = unit;
    else return -1;
  }
  return at;
}

function put(text: string, start: number): number {
  for (let place = 0; place < text.length; place++) units[start + place] = text.charCodeAt(place);
  return start + text.length;
}

/** Digest of a text sent to a number that ends in `lastThree`, as a signed integer of 64 bits. */
export function digestOf(lastThree: string, text: string, key: CheckKey): bigint {
  // A character of NFKC becomes 18 units at most (U+FDFA).
  const most = BLOCK + (lastThree.length + text.length * 18) * 2;
  if (work.length < most) {
    work = Buffer.allocUnsafeSlow(most);
    units = new Uint16Array(work.buffer, BLOCK);
  }
  key.copy(work);
  const from = put(lastThree, 0);
  let end = putUsual(text, from);
  if (end < 0) end = put(canonicalText(text), from);
  return hash('sha256', work.subarray(0, BLOCK + end * 2), 'buffer').readBigInt64BE(0);
}
