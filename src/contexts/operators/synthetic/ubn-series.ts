/**
 * Distinct 統一編號 for invented firms. Every number passes the check of 2023, and its first three digits are a
 * block in which the public lists of the third-party-payment trade hold no firm at all, so that no real firm of
 * those lists can be named by it.
 */
import { isUbn } from '#shared/ubn';
import { mix32, type Random } from './random.ts';

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i).padStart(3, '0'));

const blocks = {
  /** Firms that are written out one by one: 46 blocks, 920,000 numbers. */
  audit: [...range(320, 330), ...range(332, 339), ...range(730, 750), ...range(752, 756), '758'],
  /** The anonymous mass of the national size: 102 blocks, 2.04 million numbers. */
  national: [
    ...range(110, 113),
    ...range(115, 120),
    ...range(183, 189),
    ...range(193, 198),
    ...range(200, 207),
    ...range(400, 404),
    ...range(441, 449),
    ...range(480, 486),
    ...range(488, 496),
    ...range(501, 504),
    ...range(514, 518),
    ...range(760, 763),
    ...range(765, 771),
    ...range(773, 776),
    ...range(778, 787),
    ...range(790, 793),
    ...range(795, 797),
  ],
} as const;

const weights = [1, 2, 1, 2, 1, 2, 4];
const PRIME_STEP = 7_368_787; // coprime to every series length (2^a·5^b·blocks): neighbours land far apart

/** Sum of the digits of the products of the first seven digits; 4×7 = 28 counts as 2 + 8. */
function bodySum(body: string): number {
  let sum = 0;
  for (let i = 0; i < 7; i++) {
    const product = (body.charCodeAt(i) - 48) * (weights[i] ?? 0);
    sum += product >= 10 ? Math.floor(product / 10) + (product % 10) : product;
  }
  return sum;
}

/** The `index`-th number of a series; distinct indices below `ubnCapacity` give distinct numbers. */
export function ubnAt(series: keyof typeof blocks, seed: number, index: number): string {
  const list = blocks[series];
  const size = list.length * 20_000;
  const at = Number((BigInt(index) * BigInt(PRIME_STEP) + BigInt(mix32(seed))) % BigInt(size));
  const half = Math.floor(at / 2);
  const block = list[Math.floor(half / 10_000)] ?? '';
  const body = block + String(half % 10_000).padStart(4, '0');
  const check = (5 - (bodySum(body) % 5)) % 5;
  return body + String(check + 5 * (at % 2));
}

/** How many distinct numbers a series holds. */
export const ubnCapacity = (series: keyof typeof blocks): number => blocks[series].length * 20_000;

/** A number that means `ubn` but fails the check of 2023: mistyped, cut short, or a filler of the clerk. */
export function breakUbn(random: Random, ubn: string): string {
  const way = random.int(0, 3);
  if (way === 0) return '00000000';
  if (way === 1) return '12345678';
  if (way === 2) return `${ubn.slice(0, 7)}O`; // the letter
  for (;;) {
    const at = random.int(0, 7);
    const broken = ubn.slice(0, at) + String(random.int(0, 9)) + ubn.slice(at + 1);
    if (!isUbn(broken)) return broken;
  }
}
