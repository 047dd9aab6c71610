/** One cell with a mobile number of Taiwan, as agencies' files write it. */
import type { Bilingual } from '#platform/errors';
import { parsePhoneNumber, suggestPhoneNumber } from '#shared/phone-number';

/** What was mended, so that nothing is mended silently. */
export const repairs = ['leading-zero', 'country-code', 'marks', 'full-width'] as const;
export type Repair = (typeof repairs)[number];

export type NumberProblem =
  | 'number_missing'
  | 'number_excel'
  | 'number_landline'
  | 'number_not_mobile'
  | 'number_foreign'
  | 'number_extension'
  | 'number_digits';

export const numberProblems: Readonly<Record<NumberProblem, Bilingual>> = {
  number_missing: { zh: '沒有手機號碼。', en: 'there is no mobile number.' },
  number_excel: {
    zh: 'Excel 把號碼改成科學記號（如 8.86912E+11），後面的數字已經遺失；請把該欄設為「文字」後重新填入號碼。',
    en: 'Excel turned the number into scientific notation (such as 8.86912E+11) and its last digits are lost; format the column as text and enter the number again.',
  },
  number_landline: {
    zh: '這是市話，收不到簡訊；請改填 09 開頭的手機號碼。',
    en: 'this is a landline, which takes no texts; give a mobile number that begins with 09.',
  },
  number_not_mobile: {
    zh: '這不是手機號碼；請填 09 開頭的 10 碼。',
    en: 'this is no mobile number; give ten digits that begin with 09.',
  },
  number_foreign: {
    zh: '這是國外號碼；111 只發送臺灣的手機號碼。',
    en: 'this is a foreign number; 111 reaches mobile numbers of Taiwan only.',
  },
  number_extension: { zh: '手機號碼不能有分機。', en: 'a mobile number has no extension.' },
  number_digits: {
    zh: '號碼的位數或開頭不對；請填 09 開頭的 10 碼，例如 0912-345-678。',
    en: 'the number has a wrong length or beginning; give ten digits that begin with 09, e.g. 0912-345-678.',
  },
};

export type ReadNumber =
  /** `number` has nine digits: `912345678`. */
  { readonly number: string; readonly repair: Repair | null } | { readonly problem: NumberProblem };

const SCIENTIFIC = /^[+-]?\d+(?:\.\d+)?[eE][+-]?\d+$/u;
const FOREIGN = /^(?:\+|00|002)(?!886)[1-9]\d{6,14}$/u;
/** Excel's way to keep a text: `="0912345678"`. */
const FORMULA_TEXT = /^="?([^"]*)"?$/u;

/** The number without a repair, or null: the form nearly all rows have, in 30 ns. */
export function plainMobile(text: string): string | null {
  if (text.length !== 10 || text.charCodeAt(0) !== 48 || text.charCodeAt(1) !== 57) return null;
  if (text.charCodeAt(2) > 56) return null;
  for (let at = 2; at < 10; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 48 || unit > 57) return null;
  }
  return text.slice(1);
}

/** Reads a cell: a mobile number of Taiwan with what had to be mended, or what is wrong with it. */
export function readMobile(cell: string): ReadNumber {
  const plain = plainMobile(cell);
  if (plain !== null) return { number: plain, repair: null };
  const trimmed = cell.trim();
  if (trimmed === '') return { problem: 'number_missing' };
  const text = FORMULA_TEXT.exec(trimmed)?.[1] ?? trimmed;
  const folded = text.normalize('NFKC').trim();
  if (SCIENTIFIC.test(folded)) return { problem: 'number_excel' };
  const found = parsePhoneNumber(folded);
  const meant = found ?? suggestPhoneNumber(folded);
  if (meant === null) {
    const bare = folded.replaceAll(/[\s().~-]/gu, '');
    return { problem: FOREIGN.test(bare) ? 'number_foreign' : 'number_digits' };
  }
  if (meant.kind !== 'mobile') {
    return { problem: meant.kind === 'landline' ? 'number_landline' : 'number_not_mobile' };
  }
  if (meant.extension !== null) return { problem: 'number_extension' };
  return { number: meant.national.slice(1), repair: repairOf(found === null, folded, text) };
}

function repairOf(isSuggested: boolean, folded: string, text: string): Repair | null {
  if (isSuggested) return 'leading-zero';
  if (/^\D*(?:00|002)?886/u.test(folded)) return 'country-code';
  if (folded !== text.trim()) return 'full-width';
  return 'marks';
}
