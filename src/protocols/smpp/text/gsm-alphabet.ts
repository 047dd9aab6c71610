/**
 * The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1 and 6.2.1.1), unpacked: one septet in
 * each octet, as SMPP carries it. National language tables are not used: operators differ in them.
 */

/** Row by row, 0x00 to 0x7F; 0x1B is the escape to the extension table and stands for no character. */
const BASIC = [
  '@£$¥èéùìòÇ\nØø\rÅå',
  'Δ_ΦΓΛΩΠΨΣΘΞ\u001BÆæßÉ',
  ' !"#¤%&\'()*+,-./',
  '0123456789:;<=>?',
  '¡ABCDEFGHIJKLMNO',
  'PQRSTUVWXYZÄÖÑÜ§',
  '¿abcdefghijklmno',
  'pqrstuvwxyzäöñüà',
].join('');

const EXTENSION: readonly (readonly [septet: number, character: string])[] = [
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
];

const ESCAPE = 0x1b;
const NONE = 0xff;
/** Set in `SEPTETS` on the characters that stand behind an escape. */
const ESCAPED = 0x80;

/** By code point up to U+20AC, the highest of the alphabet: the septet, `ESCAPED` added, or `NONE`. */
const SEPTETS = new Uint8Array(0x20ad).fill(NONE);
const EXTENDED = new Map(EXTENSION);
for (let septet = 0; septet < 128; septet += 1) {
  if (septet !== ESCAPE) SEPTETS[BASIC.charCodeAt(septet)] = septet;
}
for (const [septet, character] of EXTENSION) SEPTETS[character.charCodeAt(0)] = septet | ESCAPED;

/** Septets that a UTF-16 unit takes: 1, 2 behind an escape, 0 where the alphabet has no such character. */
export function septetsOfUnit(unit: number): 0 | 1 | 2 {
  const septet = unit < SEPTETS.length ? SEPTETS[unit]! : NONE;
  return septet === NONE ? 0 : septet < ESCAPED ? 1 : 2;
}

/** The text as unpacked septets; null where one of its characters is not in the alphabet. */
export function encodeGsm(text: string): Buffer | null {
  const octets = Buffer.allocUnsafe(text.length * 2);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    const septet = unit < SEPTETS.length ? SEPTETS[unit]! : NONE;
    if (septet === NONE) return null;
    if (septet >= ESCAPED) octets[length++] = ESCAPE;
    octets[length++] = septet & 0x7f;
  }
  return octets.subarray(0, length);
}

/**
 * The text of unpacked septets. An escape before a septet without extension gives the character of the basic table, an
 * escape at the end a space, as 6.2.1.1 asks of receivers. The eighth bit is ignored.
 */
export function decodeGsm(octets: Uint8Array): string {
  let text = '';
  for (let index = 0; index < octets.length; index += 1) {
    const septet = octets[index]! & 0x7f;
    if (septet !== ESCAPE) {
      text += BASIC[septet]!;
      continue;
    }
    index += 1;
    const escaped = index < octets.length ? octets[index]! & 0x7f : ESCAPE;
    text += escaped === ESCAPE ? ' ' : (EXTENDED.get(escaped) ?? BASIC[escaped]!);
  }
  return text;
}
