/** Nearness of names, on characters: DuckDB's own string distances count bytes and are wrong for Chinese. */
import { foldText } from './name-folding.ts';

/** Adjacent pairs of characters, in order, repeats kept; a single character is its own gram. */
export function bigrams(core: string): string[] {
  const characters = Array.from(core);
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}

/** Insertions, deletions and substitutions of characters that turn `a` into `b`. */
export function levenshtein(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  let previous = right.map((_, index) => index + 1);
  previous.unshift(0);
  for (const [row, character] of left.entries()) {
    const current = [row + 1];
    for (const [column, other] of right.entries()) {
      const substituted = previous[column]! + (character === other ? 0 : 1);
      current.push(Math.min(substituted, previous[column + 1]! + 1, current[column]! + 1));
    }
    previous = current;
  }
  return previous[right.length]!;
}

function dice(a: string, b: string): number {
  const left = bigrams(a);
  const right = bigrams(b);
  const counts = new Map<string, number>();
  for (const gram of left) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  let shared = 0;
  for (const gram of right) {
    const count = counts.get(gram) ?? 0;
    if (count > 0) {
      shared += 1;
      counts.set(gram, count - 1);
    }
  }
  return (2 * shared) / (left.length + right.length);
}

/**
 * 0 (nothing in common) to 1 (equal) between two cores (`parseCompanyName(…).core`, `brandCore(…)`): the mean of the
 * bigram Dice coefficient and the Levenshtein ratio. Symmetric. Rarity of words is the matcher's business.
 */
export function similarity(a: string, b: string): number {
  if (a === b) return a === '' ? 0 : 1;
  if (a === '' || b === '') return 0;
  const ratio = 1 - levenshtein(a, b) / Math.max(Array.from(a).length, Array.from(b).length);
  return (dice(a, b) + ratio) / 2;
}

const BRAND_SUFFIXES = [
  '線上購物網站',
  '線上購物網',
  '線上購物',
  '網路購物網',
  '網路購物',
  '網路商城',
  '網路商店',
  '購物網站',
  '購物商城',
  '購物中心',
  '購物平台',
  '購物網',
  '購物',
  '拍賣網',
  '拍賣',
  '官方網站',
  '官方旗艦店',
  '官方商城',
  '官網',
  '旗艦店',
  '專賣店',
  '網站',
  '商城',
  '商店',
  '賣場',
  '平台',
  '台灣',
  'taiwan',
  'com',
  'tw',
].map(foldText);

/**
 * The distinctive part of a shop's or brand's name: folded, words such as 購物網, 商城, 官網, 台灣 off the end, again and
 * again, while at least two characters stay. 蝦皮購物 → 蝦皮; PChome 24h購物 → pchome24h.
 */
export function brandCore(name: string): string {
  let core = foldText(name);
  for (;;) {
    const suffix = BRAND_SUFFIXES.find(
      (word) =>
        core.endsWith(word) &&
        Array.from(core).length - Array.from(word).length >= 2 &&
        isWordEnd(core, word),
    );
    if (suffix === undefined) return core;
    core = core.slice(0, -suffix.length);
  }
}

/** A Latin ending is cut only behind another script: `momo台灣` and `蝦皮tw`, but not the end of `kitw`. */
function isWordEnd(core: string, word: string): boolean {
  return !/^[a-z]/u.test(word) || !/[a-z0-9]$/u.test(core.slice(0, -word.length));
}
