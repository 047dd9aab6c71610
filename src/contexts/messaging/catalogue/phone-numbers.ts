/** Telephone numbers in a text, as phones make them tappable, and the forms in which a contact number is written. */
import { parsePhoneNumber } from '#shared/phone-number';
import { defineProblems, type TextProblem } from './text-problem.ts';

export const phoneProblem = defineProblems({
  phone_not_registered: {
    level: 'refuse',
    zh: '簡訊中的電話沒有登記於這項服務。請改用登記的電話，或請管理者登記。',
    en: 'a telephone number in the text is not registered for this service. Use a registered one or have it registered.',
  },
  phone_foreign: {
    level: 'refuse',
    zh: '簡訊中不可有國外或無法辨識的「+」開頭電話。',
    en: 'the text may hold no foreign number, nor one with "+" that cannot be read.',
  },
});

/** A contact number as it stands in a text and as a phone dials it. */
export interface ContactNumber {
  /** `02-2380-8411`, `0800-009-868`, `1922`. */
  readonly written: string;
  readonly national: string;
}

/**
 * Reads a number that citizens can call from any phone in Taiwan: landline, toll-free, internet telephony or short code.
 * Null for mobiles, premium and foreign numbers, extensions (a phone cannot dial them from a text) and 111, which takes
 * no calls.
 */
export function readContactNumber(text: string): ContactNumber | null {
  const found = parsePhoneNumber(text);
  if (found === null || found.extension !== null || found.national === '111') return null;
  if (found.kind === 'mobile' || found.kind === 'premium') return null;
  return { written: found.display.replace(/^\((\d+)\)/u, '$1-'), national: found.national };
}

/** Digits, ASCII or not, with what people put between them; `+` begins another number. */
const RUN = /[+＋]?[(（]?\p{Nd}(?:[^\p{Nd}\p{L}+＋]{0,3}[\p{Nd}\p{No}]){5,}|[+＋]\s?\p{Nd}{5,}/gu;
const GROUP = /\p{Nd}[\p{Nd}\p{No}]*/gu;
/** Marks that join groups of any length; others (comma, colon, middle dot) only those of a number, or times would be one. */
const USUAL = /^[\p{M}\s()（）.．~～_＿/／\u2010-\u2015\u2212－-]*$/u;
/** Groups of one number, where it is not written digit by digit. */
const MOST_GROUPS = 5;
const MOST_STARTS = 40;

interface FoundPhone {
  readonly national: string | null;
  readonly start: number;
  readonly end: number;
}

/**
 * Every telephone number in a text, in order; short codes are not looked for, being the state's own. One that is glued to
 * other digits by a mark (`2026/0912345678`) is found as well.
 */
export function findPhoneNumbers(text: string): readonly FoundPhone[] {
  const found: FoundPhone[] = [];
  for (const run of text.matchAll(RUN)) {
    const whole = hasUsualMarks(run[0]) ? readRun(run[0]) : undefined;
    if (whole !== undefined) {
      found.push({ national: whole, start: run.index, end: run.index + run[0].length });
    } else {
      found.push(...numbersWithin(run[0], run.index));
    }
  }
  return found;
}

const hasUsualMarks = (piece: string): boolean => USUAL.test(piece.replaceAll(/[\p{Nd}\p{No}+＋]/gu, ''));

/** With white space, or nothing, on both sides. */
const isApart = (run: string, from: number, until: number): boolean =>
  (from === 0 || /[\s()（）]/u.test(run[from - 1] as string)) &&
  (until === run.length || /\s/u.test(run[until] as string));

function* numbersWithin(run: string, offset: number): Generator<FoundPhone> {
  const groups = [...run.matchAll(GROUP)];
  // Written digit by digit, a number has as many groups as digits.
  const most = groups.every(([digits]) => digits.length === 1) ? 16 : MOST_GROUPS;
  let starts = 0;
  for (let first = 0; first < groups.length && starts < MOST_STARTS; first += 1) {
    const from = groups[first] as RegExpExecArray;
    const isForeign = first === 0 && /^[+＋]/u.test(run);
    // What the plan knows begins with 0, or with the code of the country; digits of other scripts are never right.
    if (!isForeign && !/^(?:0|886)|(?!\d)\p{Nd}/u.test(from[0].normalize('NFKC'))) continue;
    const start = isForeign ? 0 : from.index;
    starts += 1;
    for (let last = Math.min(first + most, groups.length) - 1; last >= first; last -= 1) {
      const to = groups[last] as RegExpExecArray;
      const piece = run.slice(start, to.index + to[0].length);
      const own = groups.slice(first, last + 1).map(([digits]) => digits.length);
      // Days and hours beside each other (`01/02-2026/03/04`) have groups of two.
      const isGrouped = own.every((length, place) => length >= (place === 0 ? 2 : 3));
      if (!isGrouped && !(isApart(run, start, start + piece.length) && hasUsualMarks(piece))) continue;
      const national = readRun(piece);
      if (national === undefined) continue;
      yield { national, start: offset + start, end: offset + to.index + to[0].length };
      first = last;
      break;
    }
  }
}

/** Texts of a batch repeat the numbers of their template: what was read is kept, the lot forgotten when it grows. */
const known = new Map<string, string | null | undefined>();
const MOST_KNOWN = 5000;

function readRun(text: string): string | null | undefined {
  if (known.has(text)) return known.get(text);
  if (known.size >= MOST_KNOWN) known.clear();
  const national = readNumber(text);
  known.set(text, national);
  return national;
}

/** The national form; null for a number abroad, undefined for what is no telephone number. */
function readNumber(text: string): string | null | undefined {
  const folded = text.normalize('NFKC');
  // Digits of other scripts read alike to a phone, hardly to a citizen.
  if (/(?!\d)\p{Nd}/u.test(folded)) return null;
  const plain = folded.replaceAll(/[^\d+]/gu, '');
  if (plain.length < 8 || plain.length > 16) return undefined;
  if (/^(?:0|886|\+886)/u.test(plain)) {
    const number = parsePhoneNumber(plain);
    if (number !== null && number.kind !== 'short-code') return number.national;
  }
  return plain.startsWith('+') ? null : undefined;
}

export function judgePhoneNumbers(text: string, registered: ReadonlySet<string>): readonly TextProblem[] {
  return findPhoneNumbers(text)
    .filter(({ national }) => national === null || !registered.has(national))
    .map(({ national, start, end }) =>
      phoneProblem(national === null ? 'phone_foreign' : 'phone_not_registered', { start, end }),
    );
}
