/** What each UTF-16 unit may mean for the rules on texts: one table, so that a text is looked at once. */
export const DIGIT = 1;
export const DOT = 2;
export const SLASH = 4;
/** Never wanted in a text, or worth a warning. */
export const ODD = 8;
/** First unit of a word that a word pack speaks of; set by the pack in a table of its own. */
export const WORD = 16;
export const AT_SIGN = 32;
export const PLUS = 64;

export type OddKind =
  | 'control'
  | 'invisible'
  | 'direction'
  | 'replacement'
  | 'emoji'
  | 'private-use'
  | 'variant';

const KINDS: readonly (readonly [OddKind, RegExp])[] = [
  // Arabic letter mark, marks, embeddings, overrides and isolates of direction.
  ['direction', /^[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u],
  ['variant', /^[\uFE00-\uFE0F\u180B-\u180D\u{E0100}-\u{E01EF}]/u],
  // Fillers and the Braille blank show as nothing, though they are letters and symbols.
  ['invisible', /^(?:[\p{Cf}\p{Zl}\p{Zp}\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5)/u],
  ['control', /^[\p{Cc}]/u],
  ['private-use', /^\p{Co}/u],
  ['replacement', /^[\p{Cs}\p{Cn}\uFFFD\uFFFC]/u],
  ['emoji', /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u20E3)/u],
];

/** Line breaks, and old signs that count as emoji only before a variation selector. */
const NEVER_ODD = /^[\n\d#*©®™↔↕〰〽㊗㊙]$/u;

/** What a code point is that does not belong into a text; null for all others. A line feed is a line break, not a control. */
export function oddKind(character: string): OddKind | null {
  if (NEVER_ODD.test(character)) return null;
  return KINDS.find(([, pattern]) => pattern.test(character))?.[0] ?? null;
}

/** Full stops that phones or browsers take as the dot of a host (UTS 46), and the small ones that look like it. */
const DOTS = '.．。｡\u2024\uFE52';

/** Flags of every UTF-16 unit; surrogates are odd, for what they stand for is looked at apart. */
export const characterClasses: Uint8Array = makeClasses();

function makeClasses(): Uint8Array {
  const classes = new Uint8Array(0x10000);
  classes.fill(ODD, 0xd800, 0xe000);
  let all = '';
  for (let unit = 0; unit < 0x10000; unit += 1) {
    if (unit < 0xd800 || unit > 0xdfff) all += String.fromCharCode(unit);
  }
  // Each pattern goes through all characters at once: one by one takes a tenth of a second at start-up.
  const mark = (flag: number, pattern: string, fits: (character: string) => boolean): void => {
    for (const [run] of all.matchAll(new RegExp(`(?:${pattern})+`, 'gu'))) {
      for (const character of run) if (fits(character)) classes[character.charCodeAt(0)]! |= flag;
    }
  };
  for (const [, pattern] of KINDS) {
    mark(ODD, pattern.source.replace(/^\^/u, ''), (character) => !NEVER_ODD.test(character));
  }
  mark(DIGIT, '[\\p{Nd}\\p{No}]', (character) => /^\p{Nd}$/u.test(character.normalize('NFKC')));
  mark(DOT, `[${DOTS}]`, () => true);
  mark(SLASH, '[/／\\\\]', () => true);
  mark(AT_SIGN, '[@＠]', () => true);
  mark(PLUS, '[+＋]', () => true);
  return classes;
}

/**
 * The text with full-width letters, digits and the signs of an address as ASCII, unit by unit, so that places stay. The
 * ideographic full stop becomes a dot only between a letter or digit and a Latin letter.
 */
export function foldWidths(text: string): string {
  return WIDE.test(text) ? fold(text) : text;
}

const WIDE = /[０-９Ａ-Ｚａ-ｚ．／＠％－＿＋＃\u2024\uFE52Ⓐ-ⓩ]|：(?=\/\/)|(?<=[\da-z])[。｡](?=[a-z])/iu;

function fold(text: string): string {
  return text
    .replaceAll(/[０-９Ａ-Ｚａ-ｚ．／＠％－＿＋：＃\u2024\uFE52Ⓐ-ⓩ]/gu, (wide) =>
      wide === '：' ? wide : wide.normalize('NFKC').slice(0, 1),
    )
    .replaceAll(/：(?=\/\/)/gu, ':')
    .replaceAll(/(?<=[\da-z])[。｡](?=[a-z])/giu, '.');
}
