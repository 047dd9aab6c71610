/** Passwords of SMPP binds: eight octets at most by the standard (SMPP 3.4 §5.2.2), so the hash is a slow one. */
import { randomInt, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const slow = promisify<string, Buffer, number, { N: number; r: number; p: number }, Buffer>(scrypt);
// OWASP's least for scrypt with 16 MiB: a bind is rare, and 8 characters of base 57 are 46 bits.
const COST = { N: 2 ** 14, r: 8, p: 5 };
const SALT = 16;
const HASH = 32;
/** Without 0/O, 1/l/I: it is typed from a screen once. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

export const newPassword = (): string =>
  Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** Salt and hash, 48 bytes. */
export async function hashPassword(password: string): Promise<Buffer> {
  const salt = randomBytes(SALT);
  return Buffer.concat([salt, await slow(password, salt, HASH, COST)]);
}

export async function isPassword(password: string, stored: Buffer): Promise<boolean> {
  const made = await slow(password, stored.subarray(0, SALT), HASH, COST);
  return timingSafeEqual(made, stored.subarray(SALT));
}
