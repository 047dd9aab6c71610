/** The rules on a finished text: addresses, telephone numbers, words, characters, personal data. */
import { findAddresses, judgeAddress } from './addresses.ts';
import { AT_SIGN, DIGIT, DOT, ODD, oddKind, PLUS, SLASH, WORD } from './characters.ts';
import { findPersonalData } from './personal-data.ts';
import { judgePhoneNumbers } from './phone-numbers.ts';
import { defineProblems, type TextProblem } from './text-problem.ts';
import type { WordList } from './words.ts';

export type { TextProblem } from './text-problem.ts';
export type ContentPolicy = (text: string) => readonly TextProblem[];

const characterProblem = defineProblems({
  character_control: {
    level: 'refuse',
    zh: '文字含有控制字元，請重新輸入該處文字。',
    en: 'the text has control characters; type that part again.',
  },
  character_invisible: {
    level: 'refuse',
    zh: '文字含有看不見的字元（零寬字元等），請刪除後重新輸入。',
    en: 'the text has invisible characters (zero width and the like); delete them.',
  },
  character_direction: {
    level: 'refuse',
    zh: '文字含有改變書寫方向的字元，會使網址或電話看起來不同。',
    en: 'the text has characters that change its direction and make an address look like another.',
  },
  character_replacement: {
    level: 'refuse',
    zh: '文字含有遺失的字元（�），來源檔的編碼可能有誤。',
    en: 'a character of the text was lost (�); the encoding of its source may be wrong.',
  },
  character_emoji: {
    level: 'warn',
    zh: '表情符號在舊型手機顯示為方框，且占兩個以上字數。',
    en: 'emoji show as boxes on old phones and count as two characters or more.',
  },
  character_private_use: {
    level: 'warn',
    zh: '文字含有造字，各家手機顯示不同。',
    en: 'the text has private-use characters, which every phone shows differently.',
  },
  character_variant: {
    level: 'warn',
    zh: '文字含有異體選擇字元，舊型手機顯示為方框。',
    en: 'the text has variation selectors, which old phones show as boxes.',
  },
});
const CODES = {
  control: 'character_control',
  invisible: 'character_invisible',
  direction: 'character_direction',
  replacement: 'character_replacement',
  emoji: 'character_emoji',
  'private-use': 'character_private_use',
  variant: 'character_variant',
} as const;

/** What the policy of a service follows from. */
export interface PolicySubject {
  readonly service: {
    /** National form or as written; both are understood. */
    readonly contactNumbers: readonly string[];
    readonly linkHosts: readonly string[];
  };
  readonly version: { readonly contactNumber: string };
}

const NOTHING: readonly TextProblem[] = [];
/** Fewer digits than this in a row, whatever stands between them, are no telephone number. */
const PHONE_DIGITS = 8;
/** Marks between two digits of one number at most: ` - `. */
const MOST_BETWEEN = 3;
const MOST_JUDGED = 1000;

/**
 * The policy of a service. Most texts are passed in one look at each character; only what could be an address, a number
 * or an odd character is looked at again. Pure: the same text gives the same answer.
 */
export function createContentPolicy({ service, version }: PolicySubject, words: WordList): ContentPolicy {
  const registered = new Set(service.contactNumbers.map((number) => number.replaceAll(/\D/gu, '')));
  const { classes, problemAt } = words;
  const contact = version.contactNumber;
  /** Texts of a batch repeat the addresses of their template. */
  const judgedBefore = new Map<string, TextProblem | null>();

  return (text) => {
    // The contact stands at the end of every text and was checked with the version.
    const length = text.endsWith(contact) ? text.length - contact.length : text.length;
    let seen = 0;
    let digits = 0;
    let gap = 0;
    let isNumber = false;
    let isAddress = false;
    let problems: TextProblem[] | null = null;
    for (let index = 0; index < length; index += 1) {
      const unit = text.charCodeAt(index);
      const flags = classes[unit]!;
      if (flags === 0) {
        // Han ends a number at once.
        gap += unit >= 0x3400 && unit < 0xd800 ? MOST_BETWEEN + 1 : 1;
        if (gap > MOST_BETWEEN) digits = 0;
        continue;
      }
      seen |= flags;
      if (flags & DIGIT) {
        digits += 1;
        gap = 0;
        if (digits >= PHONE_DIGITS) isNumber = true;
      } else {
        gap += 1;
      }
      if (flags & DOT && !isAddress) isAddress = couldBeHost(text, index);
      if (flags & WORD) {
        const problem = problemAt(text, index);
        if (problem !== null) (problems ??= []).push(problem);
      }
    }
    isNumber ||= (seen & PLUS) !== 0;
    isAddress ||= (seen & (SLASH | AT_SIGN)) !== 0;
    if ((seen & ODD) === 0 && !isAddress && !isNumber) return problems ?? NOTHING;
    return [
      ...(problems ?? []),
      ...(seen & ODD ? oddCharacters(text) : NOTHING),
      ...(isAddress ? judgeAddresses(text) : NOTHING),
      ...(isNumber ? judgePhoneNumbers(text.slice(0, length), registered) : NOTHING),
      ...(isNumber ? findPersonalData(text) : NOTHING),
    ];
  };

  function judgeAddresses(text: string): TextProblem[] {
    return findAddresses(text).flatMap((found) => {
      const { start, end } = found;
      const name = `${found.kind}${found.runsOn ? '+' : ' '}${found.text}`;
      let judged = judgedBefore.get(name);
      if (judged === undefined) {
        judged = judgeAddress(found, service.linkHosts);
        if (judgedBefore.size >= MOST_JUDGED) judgedBefore.clear();
        judgedBefore.set(name, judged);
      }
      return judged === null ? [] : [{ ...judged, at: { start, end } }];
    });
  }
}

/** A dot with something on both sides that is neither white space nor, for the full stop of Chinese, Han. */
function couldBeHost(text: string, index: number): boolean {
  const before = text.charCodeAt(index - 1);
  const after = text.charCodeAt(index + 1);
  if (!(before > 0x20 && after > 0x20)) return false;
  const unit = text.charCodeAt(index);
  return (unit !== 0x3002 && unit !== 0xff61) || (isAlphanumeric(before) && isAlphanumeric(after));
}

function isAlphanumeric(unit: number): boolean {
  const folded = unit >= 0xff01 && unit <= 0xff5e ? unit - 0xfee0 : unit;
  return (folded >= 48 && folded <= 57) || ((folded | 32) >= 97 && (folded | 32) <= 122);
}

function* oddCharacters(text: string): Generator<TextProblem> {
  const told = new Set<string>();
  let index = 0;
  for (const character of text) {
    const kind = oddKind(character);
    if (kind !== null && !told.has(kind)) {
      told.add(kind);
      yield characterProblem(CODES[kind], { start: index, end: index + character.length });
    }
    index += character.length;
  }
}
