/**
 * Which alphabet a text needs on a link, and the octets of it. A link has one alphabet for plain texts (its
 * `data_coding` 0 is "the SMSC's default", which is not GSM 03.38 everywhere) and UCS-2 for all others.
 */
import { decodeGsm, encodeGsm, septetsOfUnit } from './gsm-alphabet.ts';

/** `ucs2` is UTF-16BE with surrogate pairs, as every handset of today reads it. */
export type Alphabet = 'gsm' | 'ascii' | 'latin-1' | 'ucs2';

/** What a link sends plain texts in, and under which `data_coding`; 0 where the SMSC's default is meant. */
export interface PlainText {
  /** Null: nothing but UCS-2. */
  readonly alphabet: Exclude<Alphabet, 'ucs2'> | null;
  readonly dataCoding: 0 | 1 | 3;
}

export const gsmByDefault: PlainText = { alphabet: 'gsm', dataCoding: 0 };

/** `data_coding` of UCS-2 (SMPP 3.4, 5.2.19). */
export const UCS2_DATA_CODING = 8;

/**
 * By UTF-16 unit: in the basic GSM table, behind its escape, or possibly joined with a neighbour into one grapheme
 * cluster (combining marks, joiners, surrogates, jamo, CR before LF, every script whose clusters are not looked at here).
 */
const BASIC = 1;
const ESCAPED = 2;
const CLUSTERING = 4;

/** Blocks of which no unit extends its neighbour: what texts in Chinese are written in. */
const ALONE: readonly (readonly [first: number, last: number])[] = [
  [0x20, 0x2ff],
  [0x370, 0x482],
  [0x48a, 0x58f],
  [0x1e00, 0x1fff],
  [0x2010, 0x2027],
  [0x2030, 0x205e],
  [0x2070, 0x20cf],
  [0x2100, 0x2cee],
  [0x2e00, 0x3029],
  [0x3030, 0x3098],
  [0x309b, 0xa66e],
  [0xac00, 0xd7a3],
  [0xe000, 0xfb1d],
  [0xfe30, 0xfe4f],
  [0xff01, 0xff9d],
  [0xffa0, 0xffdc],
  [0xffe0, 0xffee],
];

const CLASSES = new Uint8Array(0x10000).fill(CLUSTERING);
for (const [first, last] of ALONE) CLASSES.fill(0, first, last + 1);
CLASSES[0x0a] = 0;
for (let unit = 0; unit < 0x20ad; unit += 1) {
  const septets = septetsOfUnit(unit);
  if (septets > 0) CLASSES[unit]! |= septets === 1 ? BASIC : ESCAPED;
}

const HIGHEST = { ascii: 0x7f, 'latin-1': 0xff, gsm: 0xffff, ucs2: 0xffff } as const;

export interface TextMeasure {
  readonly alphabet: Alphabet;
  /** Septets of a plain alphabet (escapes included), UTF-16 units of UCS-2. */
  readonly units: number;
  /** Every unit can be cut from the next: no cluster, no surrogate pair. Says nothing of escapes. */
  readonly uncluttered: boolean;
  /** The GSM alphabet would write an escape. */
  readonly escapes: boolean;
}

/**
 * Measures a text for a link in one pass over it, without allocation but for the answer. In ASCII and Latin-1 a text
 * passes as plain only if it is in the GSM alphabet as well, and is counted in septets: that is what goes over the air.
 */
export function measureText(text: string, plain: PlainText['alphabet'] = 'gsm'): TextMeasure {
  const { length } = text;
  const highest = plain === null ? -1 : HIGHEST[plain];
  let clustering = 0;
  let escapes = 0;
  let isPlain = plain !== null;
  for (let index = 0; index < length; index += 1) {
    const unit = text.charCodeAt(index);
    const kind = CLASSES[unit]!;
    clustering |= kind;
    if (kind & ESCAPED) escapes += 1;
    else if ((kind & BASIC) === 0) isPlain = false;
    if (unit > highest) isPlain = false;
  }
  const alphabet = isPlain ? plain! : 'ucs2';
  return {
    alphabet,
    units: isPlain ? length + escapes : length,
    uncluttered: (clustering & CLUSTERING) === 0,
    escapes: escapes > 0,
  };
}

/**
 * The octets of a text. In UCS-2 a lone surrogate becomes U+FFFD. Throws a RangeError where the alphabet lacks one of its
 * characters.
 */
export function encodeText(text: string, alphabet: Alphabet): Buffer {
  if (alphabet === 'ucs2') return encodeUcs2(text);
  const octets = alphabet === 'gsm' ? encodeGsm(text) : encodeBytes(text, HIGHEST[alphabet]);
  if (octets === null) throw new RangeError(`the text has a character that ${alphabet} lacks`);
  return octets;
}

/** The text of octets; U+FFFD for what the alphabet does not know, and for an odd octet at the end of UCS-2. */
export function decodeText(octets: Uint8Array, alphabet: Alphabet): string {
  if (alphabet === 'gsm') return decodeGsm(octets);
  const buffer = Buffer.from(octets);
  if (alphabet === 'latin-1') return buffer.toString('latin1');
  if (alphabet === 'ascii') {
    return buffer.toString('latin1').replaceAll(/[\u0080-\u00FF]/gu, '\uFFFD');
  }
  const whole = buffer.subarray(0, buffer.length & ~1).swap16();
  return whole.toString('utf16le') + (buffer.length % 2 === 1 ? '\uFFFD' : '');
}

/** What a `data_coding` says on a link whose default alphabet is known; null for binary and for codings not read here. */
export function alphabetOfDataCoding(dataCoding: number, smscDefault: Alphabet = 'gsm'): Alphabet | null {
  switch (dataCoding) {
    case 0:
      return smscDefault;
    case 1:
      return 'ascii';
    case 3:
      return 'latin-1';
    case UCS2_DATA_CODING:
    case 0x18:
    case 0x19:
      return 'ucs2';
    default:
      // Message class groups (0xF0–0xFF, 3GPP TS 23.038, 4): bit 2 tells 8-bit data from the default alphabet.
      return dataCoding >= 0xf0 && (dataCoding & 4) === 0 ? 'gsm' : null;
  }
}

function encodeUcs2(text: string): Buffer {
  const formed = text.isWellFormed() ? text : text.toWellFormed();
  const octets = Buffer.allocUnsafe(formed.length * 2);
  octets.write(formed, 'utf16le');
  return octets.swap16();
}

function encodeBytes(text: string, highest: number): Buffer | null {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > highest) return null;
  }
  return Buffer.from(text, 'latin1');
}
