/**
 * Telephone numbers of Taiwan. Stored as E.164 with the extension apart; short codes have no E.164 form. A number says
 * nothing of its operator: numbers are portable.
 */
import areas from '../../datasets/phone/area-codes.json' with { type: 'json' };
import shortCodes from '../../datasets/phone/short-codes.json' with { type: 'json' };

/** `internet` is 070; `premium` is 020x, charged beyond the call. */
export type PhoneKind = 'mobile' | 'landline' | 'toll-free' | 'internet' | 'short-code' | 'premium';

/** A number that the numbering plan allows. Whether it is in service is not known. */
export interface PhoneNumber {
  readonly kind: PhoneKind;
  /** `+886912345678`; null for a short code. */
  readonly e164: string | null;
  /** As dialled inside Taiwan, digits only: `0912345678`. */
  readonly national: string;
  /** As written: `0912-345-678`, `(02)2361-5752`, `165`; the extension behind `#`. */
  readonly display: string;
  /** Place of a landline's area code, what a short code is for, else null. */
  readonly area: string | null;
  readonly extension: string | null;
}

/** Digits behind the area code. 04 has eight in 臺中 and seven in 彰化. */
const SUBSCRIBER_DIGITS: Readonly<Record<string, readonly number[]>> = {
  '02': [8],
  '03': [7],
  '037': [6],
  '04': [7, 8],
  '049': [7],
  '05': [7],
  '06': [7],
  '07': [7],
  '08': [7],
  '082': [6],
  '0826': [5],
  '0836': [5],
  '089': [6],
};
const AREAS = areas.toSorted((a, b) => b.code.length - a.code.length);
const EXTENSION = /\s*(?:#|,+|;?ext(?:ension)?[.=:]?|分機|轉|x)\s*(\d{1,6})$/iu;

/** Splits off the extension and the marks between digits; null where anything else is left. */
function digitsOf(text: string): { digits: string; extension: string | null } | null {
  const folded = text
    .normalize('NFKC')
    .replaceAll(/[\u2010-\u2015\u2212－]/gu, '-')
    .replaceAll(/[\u200B-\u200F\u202A-\u202E\u2060\uFEFF]/gu, '')
    .trim()
    .replace(/^'/u, '');
  const extension = EXTENSION.exec(folded)?.[1] ?? null;
  const bare = folded.replace(EXTENSION, '').replaceAll(/[\s().~-]/gu, '');
  const match = /^(?:\+|00|002)?886\(?0?\)?(\d{8,10})$/u.exec(bare);
  if (match) return { digits: `0${match[1]}`, extension };
  return /^\d{3,11}$/u.test(bare) ? { digits: bare, extension } : null;
}

function grouped(kind: PhoneKind, national: string, areaCode: string): string {
  if (kind === 'short-code') return national;
  if (kind === 'internet') return `${national.slice(0, 3)}-${national.slice(3, 7)}-${national.slice(7)}`;
  if (kind !== 'landline') return `${national.slice(0, 4)}-${national.slice(4, 7)}-${national.slice(7)}`;
  const local = national.slice(areaCode.length);
  const split = local.length > 6 ? local.length - 4 : local.length === 6 ? 3 : 0;
  return `(${areaCode})${split === 0 ? local : `${local.slice(0, split)}-${local.slice(split)}`}`;
}

function classify(digits: string): { kind: PhoneKind; area: string | null; areaCode: string } | null {
  const code = shortCodes.find((entry) => entry.code === digits);
  if (code) return { kind: 'short-code', area: code.zh, areaCode: '' };
  if (/^09[0-8]\d{7}$/u.test(digits)) return { kind: 'mobile', area: null, areaCode: '' };
  if (/^080[09]\d{6}$/u.test(digits)) return { kind: 'toll-free', area: null, areaCode: '' };
  if (/^020[3489]\d{6}$/u.test(digits)) return { kind: 'premium', area: null, areaCode: '' };
  if (/^070\d{8}$/u.test(digits)) return { kind: 'internet', area: null, areaCode: '' };
  const place = AREAS.find((entry) => digits.startsWith(entry.code));
  if (place === undefined) return null;
  const local = digits.slice(place.code.length);
  if (/^[01]/u.test(local) || !SUBSCRIBER_DIGITS[place.code]?.includes(local.length)) return null;
  return { kind: 'landline', area: place.area, areaCode: place.code };
}

/**
 * Reads a number of Taiwan in national or international writing, in any width, with brackets, dashes and an extension
 * (`#123`, `分機123`, `ext 123`). Null for a number that the plan does not allow, for foreign ones, and for one that
 * lost its leading zero (see `suggestPhoneNumber`).
 */
export function parsePhoneNumber(text: string): PhoneNumber | null {
  const read = digitsOf(text);
  const found = read && classify(read.digits);
  if (!read || !found) return null;
  const { kind, area, areaCode } = found;
  const shown = grouped(kind, read.digits, areaCode);
  return {
    kind,
    area,
    national: read.digits,
    e164: kind === 'short-code' ? null : `+886${read.digits.slice(1)}`,
    display: read.extension === null ? shown : `${shown}#${read.extension}`,
    extension: read.extension,
  };
}

/** What a spreadsheet took the leading zero from (`912345678`), for a person to confirm; null where nothing fits. */
export function suggestPhoneNumber(text: string): PhoneNumber | null {
  if (parsePhoneNumber(text) !== null) return null;
  const read = digitsOf(text.replace(/\.0$/u, ''));
  if (!read || !/^[2-9]\d{7,9}$/u.test(read.digits)) return null;
  return parsePhoneNumber(`0${read.digits}${read.extension === null ? '' : `#${read.extension}`}`);
}

/**
 * For display where the number itself is not needed: the middle of a mobile, the last four of a landline or internet
 * number, the extension. Numbers for the public (short codes, toll-free, premium) stay.
 */
export function maskPhoneNumber(number: PhoneNumber): string {
  const { kind, national } = number;
  if (kind === 'mobile') return `${national.slice(0, 4)}-***-${national.slice(7)}`;
  if (kind !== 'landline' && kind !== 'internet') return number.display;
  const shown = number.display.replace(/#.*$/u, '');
  return shown.replace(/\d(?:-?\d){3}$/u, (tail) => tail.replaceAll(/\d/gu, '*'));
}
