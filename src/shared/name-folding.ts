/**
 * One folding of names, in TypeScript and as DuckDB SQL, from the same tables: compatibility forms (full width, 兀
 * twice encoded, ㈱, Ⅲ, radicals) to plain ones, accents off, Latin in lower case, Taiwan/Hong Kong and register
 * variants to one representative (臺 → 台), punctuation, spaces, symbols and emoji out. `+` and private-use
 * characters (造字) stay: they tell names apart.
 *
 * DuckDB knows no NFKC and its `translate` rebuilds its table for every row, so the SQL sorts rows into tiers by
 * regular expression: nothing to fold, ASCII and 臺 only, common characters, everything.
 */
import variants from '../../datasets/text-variants/name-variants.json' with { type: 'json' };

type Range = readonly [first: number, last: number];

/** Dropped after mapping: controls, punctuation, spaces, symbols, combining marks, emoji. Not `+`. */
const DROPPED: readonly Range[] = [
  [0x01, 0x2a],
  [0x2c, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0xa9],
  [0xab, 0xb1],
  [0xb4, 0xb4],
  [0xb6, 0xb8],
  [0xbb, 0xbb],
  [0xbf, 0xbf],
  [0xd7, 0xd7],
  [0xf7, 0xf7],
  [0x2b0, 0x36f],
  [0x2000, 0x206f],
  [0x20a0, 0x20ff],
  [0x2190, 0x245f],
  [0x2500, 0x2bff],
  [0x2ff0, 0x3004],
  [0x3008, 0x3020],
  [0x302a, 0x3030],
  [0x303d, 0x303f],
  [0x3099, 0x309c],
  [0x30a0, 0x30a0],
  [0x30fb, 0x30fb],
  [0xfe00, 0xfe6f],
  [0xfeff, 0xfeff],
  [0xff00, 0xff0a],
  [0xff0c, 0xff0f],
  [0xff1a, 0xff20],
  [0xff3b, 0xff40],
  [0xff5b, 0xff65],
  [0xffe0, 0xffef],
  [0xfff9, 0xfffd],
  [0x1f000, 0x1f0ff],
  [0x1f1e6, 0x1faff],
  [0xe0000, 0xe0fff],
];

/** Where characters with a plainer form are looked for: scripts that occur in Taiwanese names and their forms. */
const MAPPED_BLOCKS: readonly Range[] = [
  [0x41, 0x5a],
  [0xaa, 0x24f],
  [0x370, 0x52f],
  [0x1e00, 0x1fff],
  [0x2070, 0x209f],
  [0x2100, 0x218f],
  [0x2460, 0x24ff],
  [0x2e80, 0x2fdf],
  [0x3036, 0x303a],
  [0x3040, 0x30ff],
  [0x3200, 0x33ff],
  [0xf900, 0xfaff],
  [0xfb00, 0xfb06],
  [0xfe30, 0xfe6f],
  [0xff00, 0xffef],
  [0x1d400, 0x1d7ff],
  [0x1f100, 0x1f1e5],
  [0x2f800, 0x2fa1f],
];

/**
 * Characters that fold to several are mapped in these blocks only (Latin letters, №, ™, Roman numerals, ⑩–⒇, ㍿, ﬁ):
 * each costs DuckDB a nested `replace`, and planning takes a fifth of a second at 450 of them. ㎏ and its like stay.
 */
const EXPANDED_BLOCKS: readonly Range[] = [
  [0xaa, 0x24f],
  [0x2116, 0x2122],
  [0x2160, 0x217f],
  [0x2469, 0x2487],
  [0x337f, 0x337f],
  [0xfb00, 0xfb06],
];

/** Ideographs, digits and private use: a text of these alone, none of them a key of the map, is already folded. */
const PLAIN_BLOCKS: readonly Range[] = [
  [0x30, 0x39],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xe000, 0xf8ff],
  [0x20000, 0x2f7ff],
  [0x30000, 0x323af],
];

const VARIANTS: Readonly<Record<string, string>> = variants;
const dropped = new RegExp(`[${ranges(DROPPED, 'js')}]`, 'gu');

/** The inside of a character class, in the notation of JavaScript or of RE2 (DuckDB). */
function ranges(list: readonly Range[], dialect: 'js' | 're2'): string {
  const point = (code: number): string => `\\${dialect === 'js' ? 'u' : 'x'}{${code.toString(16)}}`;
  return list.map(([first, last]) => `${point(first)}-${point(last)}`).join('');
}

function plainForm(character: string): string {
  const decomposed = character.normalize('NFKD');
  if (decomposed === '(' || decomposed === ')') return decomposed;
  const lower = decomposed.replaceAll(/\p{Mn}/gu, '').toLowerCase();
  const settled = Array.from(lower)
    .map((part) => VARIANTS[part] ?? part)
    .join('');
  return settled.replaceAll(dropped, '');
}

const isWithin = (character: string, blocks: readonly Range[]): boolean =>
  blocks.some(([first, last]) => character.codePointAt(0)! >= first && character.codePointAt(0)! <= last);
const size = (text: string): number => Array.from(text).length;

function buildMap(): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [first, last] of MAPPED_BLOCKS) {
    for (let code = first; code <= last; code += 1) {
      const character = String.fromCodePoint(code);
      const plain = plainForm(character);
      if (size(plain) > 1 && !isWithin(character, EXPANDED_BLOCKS)) continue;
      if (plain !== character && !(plain === '' && /\p{P}|\p{S}|\p{Z}|\p{M}/u.test(character)))
        map.set(character, plain);
    }
  }
  for (const [variant, representative] of Object.entries(VARIANTS)) map.set(variant, representative);
  return map;
}

const MAP = buildMap();

/** Characters inside a regular expression's class that count as a gap between Latin words. JavaScript notation. */
export const GAP = ranges(DROPPED, 'js');
/** The same for RE2. */
export const GAP_RE2 = ranges(DROPPED, 're2');

/** First half of folding: mapped, but punctuation still there (legal forms in brackets are read from it). */
export function mapText(text: string): string {
  let mapped = '';
  for (const character of text) mapped += MAP.get(character) ?? character;
  return mapped;
}

/** Second half of folding: without punctuation, spaces, symbols and marks. */
export function dropGaps(mapped: string): string {
  return mapped.replaceAll(dropped, '').replaceAll('\0', '');
}

/** The folded text. Folding it again changes nothing; canonically equivalent texts (NFC, NFD) fold alike. */
export function foldText(text: string): string {
  return dropGaps(mapText(text));
}

/** SQL string literal. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function withoutKeys(blocks: readonly Range[]): Range[] {
  const keys = [...MAP.keys()].map((key) => key.codePointAt(0)!).sort((a, b) => a - b);
  const result: Range[] = [];
  for (const [first, last] of blocks) {
    let start = first;
    for (const key of keys) {
      if (key < start || key > last) continue;
      if (key > start) result.push([start, key - 1]);
      start = key + 1;
    }
    if (start <= last) result.push([start, last]);
  }
  return result;
}

const PLAIN = ranges(withoutKeys(PLAIN_BLOCKS), 're2');

type Pair = readonly [from: string, to: string];
const FULL_WIDTH = [...MAP].filter(([from]) => /[A-ZＡ-Ｚａ-ｚ０-９（）＋]/u.test(from));
const VARIANT_PAIRS = [...MAP].filter(([from]) => VARIANTS[from] !== undefined);
const COMMON = [...FULL_WIDTH, ...VARIANT_PAIRS];
const RARE_KINDS: readonly (readonly Range[])[] = [
  [
    [0x2e80, 0x2fdf],
    [0xf900, 0xfaff],
  ],
  [
    [0x2070, 0x24ff],
    [0x3200, 0x33ff],
  ],
  [
    [0x3036, 0x30ff],
    [0xff00, 0xffef],
  ],
  [[0xaa, 0x24f]],
];
/**
 * What each tier of the SQL can fold, the frequent first. DuckDB's `translate` costs as much as its table is long,
 * for each row: 13 µs a row with the 260 common characters, a tenth of a millisecond with all.
 */
const TIERS: readonly (readonly Pair[])[] = [
  VARIANT_PAIRS,
  FULL_WIDTH,
  COMMON,
  ...RARE_KINDS.map((blocks) => [
    ...COMMON,
    ...[...MAP].filter((pair) => isWithin(pair[0], blocks) && !COMMON.some(([from]) => from === pair[0])),
  ]),
];

function replaceSql(column: string, pairs: readonly Pair[]): string {
  // `translate` deletes what has no counterpart at the end of its second table.
  const singles = pairs.filter(([, to]) => size(to) <= 1).sort((a, b) => size(b[1]) - size(a[1]));
  const translated = `translate(${column}, ${quote(singles.map(([from]) => from).join(''))}, ${quote(singles.map(([, to]) => to).join(''))})`;
  return pairs
    .filter(([, to]) => size(to) > 1)
    .reduce((sql, [from, to]) => `replace(${sql}, ${quote(from)}, ${quote(to)})`, translated);
}

/** True in SQL where nothing but 臺 is to fold, told quickly; false also for a few such texts. */
export function isPlainSql(column: string): string {
  return `regexp_full_match(${column}, '[${PLAIN}臺]*')`;
}

/**
 * A regular expression (RE2) over the raw text that every text matches whose folded form matches `pattern`, and few
 * others: one look in place of folding, which costs three. `pattern` is made of folded text and wildcards; no class
 * or back-reference.
 */
export function unfoldedPattern(pattern: string): string {
  return `[^${PLAIN}臺]|${pattern.replaceAll('台', '[台臺]')}`;
}

/** Folds what `isPlainSql` holds for. */
export function foldPlainSql(expression: string): string {
  return `replace(${expression}, '臺', '台')`;
}

/** `mapText` as a DuckDB expression. */
export function mapSql(column: string): string {
  const known = `${PLAIN}a-z+${ranges(withoutKeys(DROPPED), 're2')}`;
  const tier = (pairs: readonly Pair[]): string =>
    `WHEN regexp_full_match(${column}, '[${known}${pairs.map(([from]) => from).join('')}]*') ` +
    `THEN ${replaceSql(column, pairs)} `;
  const latin = `lower(replace(replace(replace(${column}, '臺', '台'), '（', '('), '）', ')'))`;
  return (
    `CASE WHEN regexp_full_match(${column}, '[${known}A-Z臺（）]*') THEN ${latin} ` +
    TIERS.map(tier).join('') +
    `ELSE ${replaceSql(column, [...MAP])} END`
  );
}

/** `dropGaps` as a DuckDB expression. */
export function dropGapsSql(expression: string): string {
  return `regexp_replace(${expression}, '[${GAP_RE2}]+', '', 'g')`;
}

/** `foldText` as a DuckDB expression over a VARCHAR column; NULL stays NULL. `column` is quoted already. */
export function foldSql(column: string): string {
  return `(CASE WHEN ${isPlainSql(column)} THEN ${foldPlainSql(column)} ELSE ${dropGapsSql(mapSql(column))} END)`;
}
