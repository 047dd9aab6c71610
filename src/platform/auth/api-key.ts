import { createHash, randomBytes } from 'node:crypto';
import type { Space } from './tables.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 32 random bytes never need more digits in base 62. */
const DIGITS = 43;

/** A new key: `xk_test_` or `xk_live_` and 32 random bytes in base 62. Only its hash and first letters are kept. */
export function newApiKey(space: Space): { secret: string; hash: Buffer; visiblePrefix: string } {
  const secret = `xk_${space}_${base62(randomBytes(32))}`;
  return { secret, hash: hashSecret(secret), visiblePrefix: secret.slice(0, 12) };
}

/** True for text that has the form of a key; says nothing about its being known. */
export function looksLikeApiKey(text: string): boolean {
  return /^xk_(?:test|live)_[0-9A-Za-z]{43}$/.test(text);
}

/** SHA-256: a key is 256 random bits, so a slow hash would add nothing. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function base62(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  while (text.length < DIGITS) {
    text = (ALPHABET[Number(value % 62n)] ?? '') + text;
    value /= 62n;
  }
  return text;
}
