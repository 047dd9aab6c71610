/** What a writer should know of the characters of a text before it goes out. */
import { type Alphabet, measureText, type PlainText } from './alphabet.ts';
import { septetsOfUnit } from './gsm-alphabet.ts';

/**
 * - `emoji`, `outside-bmp` (rare Han of extension B and later): two units, a box on old phones.
 * - `variation-selector`: glyph variants, often shown as a box or not at all.
 * - `private-use`: what a phone shows is anybody's guess; mostly the mark of a Big5 file read wrongly.
 * - `invisible`: joiners, zero widths, marks of direction; `control`: controls other than line breaks.
 * - `replacement`: U+FFFD or a lone surrogate; something was lost before the text came here.
 */
export type CharacterWarningKind =
  | 'emoji'
  | 'outside-bmp'
  | 'variation-selector'
  | 'private-use'
  | 'invisible'
  | 'control'
  | 'replacement';

export interface CharacterWarning {
  readonly kind: CharacterWarningKind;
  /** The code point, or the whole emoji. */
  readonly character: string;
  /** UTF-16 index into the text. */
  readonly index: number;
}

export interface Characters {
  /** Grapheme clusters: what a person counts. */
  readonly count: number;
  readonly alphabet: Alphabet;
  /** Septets, or UTF-16 units of UCS-2. */
  readonly units: number;
  /** The first characters that keep the text from the plain alphabet, each once, at most 20. */
  readonly beyondPlain: readonly string[];
  readonly warnings: readonly CharacterWarning[];
}

const clusters = new Intl.Segmenter('zh-Hant', { granularity: 'grapheme' });
const MOST_WARNINGS = 100;
const MOST_BEYOND = 20;

/** Looks through a text as a link would send it; at most the first 100 warnings. */
export function charactersOf(text: string, plain: PlainText['alphabet'] = 'gsm'): Characters {
  const { alphabet, units } = measureText(text, plain);
  const warnings: CharacterWarning[] = [];
  const beyond = new Set<string>();
  let count = 0;
  for (const { segment, index } of clusters.segment(text)) {
    count += 1;
    if (beyond.size < MOST_BEYOND && alphabet === 'ucs2' && !isPlain(segment)) beyond.add(segment);
    if (warnings.length < MOST_WARNINGS) warnings.push(...warningsOf(segment, index));
  }
  return { count, alphabet, units, beyondPlain: [...beyond], warnings: warnings.slice(0, MOST_WARNINGS) };
}

function isPlain(cluster: string): boolean {
  for (let index = 0; index < cluster.length; index += 1) {
    if (septetsOfUnit(cluster.charCodeAt(index)) === 0) return false;
  }
  return true;
}

/** Shown as pictures by themselves, or asked to be by U+FE0F; digits and © alone are none. */
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[0-9#*]\uFE0F?\u20E3/u;

const KINDS: readonly (readonly [CharacterWarningKind, RegExp])[] = [
  ['replacement', /^[\uFFFD\p{Surrogate}]$/u],
  ['private-use', /^\p{Co}$/u],
  ['variation-selector', /^\p{Variation_Selector}$/u],
  ['invisible', /^(?:\p{Cf}|[\u2028\u2029\u115F\u1160\u3164\uFFA0])$/u],
  ['control', /^(?![\n\r])\p{Cc}$/u],
  ['outside-bmp', /^[\u{10000}-\u{10FFFF}]$/u],
];

function* warningsOf(cluster: string, index: number): Generator<CharacterWarning> {
  if (EMOJI.test(cluster)) {
    yield { kind: 'emoji', character: cluster, index };
    return;
  }
  let at = index;
  for (const character of cluster) {
    const kind =
      character <= '\u007E' && character >= ' ' ? undefined : KINDS.find(([, form]) => form.test(character));
    if (kind !== undefined) yield { kind: kind[0], character, index: at };
    at += character.length;
  }
}
