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

/** Digits, ASCII or not, with what people put between them. */
const RUN =
  /[+＋]?[(（]?\p{Nd}[\p{Nd}\p{No}\s()（）.．~～_/／\u2010-\u2015\u2212－-]{5,}[\p{Nd}\p{No}]|[+＋]\s?\p{Nd}{5,}/gu;
const MOST_PIECES = 24;

/** Every telephone number in a text, in order; short codes are not looked for, being the state's own. */
export function findPhoneNumbers(
  text: string,
): readonly { readonly national: string | null; readonly start: number; readonly end: number }[] {
  const found: { national: string | null; start: number; end: number }[] = [];
  for (const run of text.matchAll(RUN)) {
    const whole = readRun(run[0]);
    if (whole !== undefined) {
      found.push({ national: whole, start: run.index, end: run.index + run[0].length });
      continue;
    }
    const pieces = [...run[0].matchAll(/\S+/gu)].slice(0, MOST_PIECES);
    for (let first = 0; first < pieces.length; first += 1) {
      for (let last = Math.min(first + 4, pieces.length - 1); last >= first; last -= 1) {
        const from = pieces[first]!.index;
        const until = pieces[last]!.index + pieces[last]![0].length;
        const national = readRun(run[0].slice(from, until));
        if (national === undefined) continue;
        found.push({ national, start: run.index + from, end: run.index + until });
        first = last;
        break;
      }
    }
  }
  return found;
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
