/** The keyed digest by which a text is known again: 64 bits of HMAC-SHA-256 over the last digits and the text as people copy it. */
import { hash } from 'node:crypto';

/** A key ready for use: both pads of HMAC (RFC 2104) already hold it. */
export interface CheckKey {
  readonly inner: Buffer;
  readonly outer: Buffer;
}

const BLOCK = 64;
const DIGEST = 32;

/** Makes a key of 32 bytes ready. */
export function checkKeyOf(bytes: Buffer): CheckKey {
  if (bytes.length !== DIGEST) throw new RangeError('a key of the citizen check has 32 bytes');
  const inner = Buffer.alloc(BLOCK, 0x36);
  const outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);
  for (const [place, byte] of bytes.entries()) {
    inner[place] = byte ^ 0x36;
    outer[place] = byte ^ 0x5c;
  }
  return { inner, outer };
}

/** Anything that NFKC may change in more than width, or that may be white space. */
const UNCOMMON = /[^!-~\u3001-\u3020\u3105-\u312f\u4e00-\u9fff\uff01-\uff5e]/u;
const WIDE = /[\uff01-\uff5e]/gu;
const WHITE = /[\s\u180e\u200b-\u200d\u2060\ufeff]+/gu;
const narrow = (character: string): string => String.fromCharCode(character.charCodeAt(0) - 0xfee0);

/** NFKC without white space, so that line breaks, widths and what a phone makes of spaces do not count. */
export function canonicalText(text: string): string {
  // Most texts are Han with full-width marks: NFKC of those is a matter of width, and costs a fifth.
  if (!UNCOMMON.test(text)) return text.replace(WIDE, narrow);
  return text.normalize('NFKC').replace(WHITE, '');
}

let work = Buffer.allocUnsafeSlow(4096);

/** Digest of a text sent to a number that ends in `lastThree`, as a signed integer of 64 bits. */
export function digestOf(lastThree: string, text: string, { inner, outer }: CheckKey): bigint {
  const said = lastThree + canonicalText(text);
  // Twice the HMAC of node:crypto in speed, which makes an object for each message.
  if (work.length < BLOCK + said.length * 3) work = Buffer.allocUnsafeSlow(BLOCK + said.length * 3);
  inner.copy(work);
  const end = BLOCK + work.write(said, BLOCK, 'utf8');
  hash('sha256', work.subarray(0, end), 'buffer').copy(outer, BLOCK);
  return hash('sha256', outer, 'buffer').readBigInt64BE(0);
}
