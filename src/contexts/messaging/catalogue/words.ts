/** Words that a government text should not use, as dated data. */
import type { Bilingual } from '#platform/errors';
import { characterClasses, WORD } from './characters.ts';
import type { TextProblem } from './text-problem.ts';
import pack2025 from './word-packs/2025.json' with { type: 'json' };

interface WordPack {
  readonly id: string;
  readonly validFrom: string;
  readonly rules: readonly (Bilingual & {
    readonly code: string;
    readonly level: 'refuse' | 'warn';
    readonly words: readonly string[];
  })[];
}

/** A pack made ready: which units begin a word, and what stands at them. */
export interface WordList {
  readonly id: string;
  /** The classes of characters, with those that begin a word of the pack. */
  readonly classes: Uint8Array;
  /** The problem of the longest word that begins here, or null. */
  readonly problemAt: (text: string, index: number) => TextProblem | null;
}

const packs: readonly WordPack[] = [pack2025 as WordPack];
const ready = new Map<string, WordList>();

/** The words that count on a day. */
export function wordListOn(day: Temporal.PlainDate): WordList {
  const pack = packs.findLast(({ validFrom }) => validFrom <= day.toString()) ?? packs[0];
  if (pack === undefined) throw new RangeError('there is no word pack');
  const known = ready.get(pack.id) ?? makeReady(pack);
  ready.set(pack.id, known);
  return known;
}

function makeReady(pack: WordPack): WordList {
  const classes = Uint8Array.from(characterClasses);
  const byFirst = new Map<number, { readonly word: string; readonly problem: TextProblem }[]>();
  for (const { code, level, zh, en, words } of pack.rules) {
    for (const word of words.map((each) => each.toLowerCase())) {
      for (const first of [word.charCodeAt(0), word.toUpperCase().charCodeAt(0)]) {
        classes[first]! |= WORD;
        const list = byFirst.get(first) ?? [];
        const problem = { code, level, zh: `「${word}」：${zh}`, en: `"${word}": ${en}` };
        if (!list.some((entry) => entry.word === word)) list.push({ word, problem });
        byFirst.set(
          first,
          list.sort((a, b) => b.word.length - a.word.length),
        );
      }
    }
  }
  return {
    id: pack.id,
    classes,
    problemAt(text, index) {
      const list = byFirst.get(text.charCodeAt(index));
      if (list === undefined) return null;
      for (const { word, problem } of list) {
        if (matches(text, index, word)) {
          return { ...problem, at: { start: index, end: index + word.length } };
        }
      }
      return null;
    },
  };
}

/** Letters of either case; written out, for `slice` and `toLowerCase` would allocate for every candidate. */
function matches(text: string, index: number, word: string): boolean {
  for (let place = 0; place < word.length; place += 1) {
    const unit = text.charCodeAt(index + place);
    const wanted = word.charCodeAt(place);
    if (unit !== wanted && (unit < 65 || unit > 90 || unit + 32 !== wanted)) return false;
  }
  return true;
}
