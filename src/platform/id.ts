import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const SEQUENCES = 2 ** 20;

let lastMillisecond = 0;
let sequence = 0;

/**
 * A new id such as `job_01k8z3v…`: the prefix and 26 lower-case base32 characters (Crockford). As in UUID version 7
 * they hold 48 bits of milliseconds, a 20-bit sequence and 60 random bits. Ids of one process sort in the order they
 * were made, ids of several processes by millisecond.
 */
export function newId(prefix: string): string {
  const now = Date.now();
  if (now > lastMillisecond) {
    lastMillisecond = now;
    sequence = 0;
  } else if (++sequence >= SEQUENCES) {
    lastMillisecond++;
    sequence = 0;
  }
  let random = '';
  for (const byte of randomBytes(12)) random += ALPHABET[byte & 31];
  return `${prefix}_${base32(lastMillisecond, 10)}${base32(sequence, 4)}${random}`;
}

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32))
    text = ALPHABET[rest % 32] + text;
  return text;
}
