/** Values of fields: by type and length; a value smuggles neither an address nor a telephone number into a text. */
import { parsePhoneNumber } from '#shared/phone-number';
import type { TemplateField } from '../tables.ts';
import { findAddresses } from './addresses.ts';
import { AT_SIGN, characterClasses, DIGIT, DOT, ODD, oddKind, PLUS, SLASH } from './characters.ts';
import { findPhoneNumbers } from './phone-numbers.ts';
import { defineProblems, type TextProblem } from './text-problem.ts';

const problem = defineProblems({
  value_empty: { level: 'refuse', zh: '不可空白。', en: 'must not be empty.' },
  value_too_long: {
    level: 'refuse',
    zh: '超過範本訂定的長度。',
    en: 'is longer than the template allows.',
  },
  value_character: {
    level: 'refuse',
    zh: '含有換行、控制字元或看不見的字元，或來源檔編碼有誤而遺失的字元。',
    en: 'has line breaks, control or invisible characters, or one that a wrong encoding lost.',
  },
  value_address: {
    level: 'refuse',
    zh: '不可含有網址；只有「網址」型別的欄位可以。',
    en: 'holds an address; only a field of type link may.',
  },
  value_phone: {
    level: 'refuse',
    zh: '不可含有電話號碼；只有「電話」型別的欄位可以。',
    en: 'holds a telephone number; only a field of type phone may.',
  },
  value_number: {
    level: 'refuse',
    zh: '須為數字，例如 12 或 1,234.5。',
    en: 'must be a number: 12 or 1,234.5.',
  },
  value_amount: {
    level: 'refuse',
    zh: '須為新臺幣元的整數，例如 1200 或 1,200。',
    en: 'must be whole NT$: 1200 or 1,200.',
  },
  value_date: {
    level: 'refuse',
    zh: '須為日期，例如 115/11/21、2026-11-21 或 11月21日。',
    en: 'must be a day: 115/11/21, 2026-11-21 or 11月21日.',
  },
  value_time: {
    level: 'refuse',
    zh: '須為時間，例如 14:30 或下午2時30分。',
    en: 'must be a time: 14:30 or 下午2時30分.',
  },
  value_code: {
    level: 'refuse',
    zh: '須為英文字母、數字與連字號。',
    en: 'must consist of letters, digits and hyphens.',
  },
  value_link: {
    level: 'refuse',
    zh: '須為 https:// 開頭的完整網址。',
    en: 'must be a whole address that begins with https://.',
  },
  value_not_phone: {
    level: 'refuse',
    zh: '須為臺灣的電話號碼。',
    en: 'must be a telephone number of Taiwan.',
  },
});

const NUMBER = /^-?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,6})?$/u;
const AMOUNT = /^(?:0|[1-9]\d{0,11}|[1-9]\d{0,2}(?:,\d{3}){1,3})$/u;
const DATE = /^(?:(?:民國)?\d{2,4}(?:[-/.]\d{1,2}[-/.]|年\d{1,2}月)|\d{1,2}(?:\/|月))\d{1,2}日?$/u;
const TIME =
  /^(?:(?:上午|下午|中午|晚上)?(?:[01]?\d|2[0-4]))(?::[0-5]\d(?::[0-5]\d)?|[時點](?:[0-5]?\d分|整|半)?)$/u;
const CODE = /^[A-Za-z0-9-]+$/u;
const LINK = /^https:\/\/[\x21-\x7E]+$/u;

/** What is wrong with a value of a field; null where it may stand in a text. The message does not repeat the value. */
export function checkValue(field: TemplateField, value: string): TextProblem | null {
  const { length } = value;
  if (length > field.maxLength) return problem('value_too_long');
  let seen = 0;
  let digits = 0;
  let isBlank = true;
  for (let index = 0; index < length; index += 1) {
    const unit = value.charCodeAt(index);
    const flags = characterClasses[unit]!;
    if (unit > 0x20 && unit !== 0x3000) isBlank = false;
    else if (unit < 0x20) return problem('value_character');
    if (flags & DIGIT) digits += 1;
    seen |= flags;
  }
  if (isBlank) return problem('value_empty');
  if (seen & ODD && hasRefusedCharacter(value)) return problem('value_character');
  switch (field.type) {
    case 'link':
      return LINK.test(value) && URL.canParse(value) ? null : problem('value_link');
    case 'phone':
      return parsePhoneNumber(value) === null ? problem('value_not_phone') : null;
    case 'amount':
      return AMOUNT.test(value) ? null : problem('value_amount');
    case 'date':
      return DATE.test(value) && isDay(value) ? null : problem('value_date');
    case 'time':
      return TIME.test(value) ? null : problem('value_time');
    case 'number':
      if (!NUMBER.test(value)) return problem('value_number');
      break;
    case 'code':
      if (!CODE.test(value)) return problem('value_code');
      break;
    case 'text':
      if (seen & (DOT | SLASH | AT_SIGN) && findAddresses(value).length > 0) return problem('value_address');
  }
  const couldBePhone = digits >= 8 || (seen & PLUS) !== 0;
  return couldBePhone && findPhoneNumbers(value).length > 0 ? problem('value_phone') : null;
}

/** Emoji and private-use characters are warned of in the text; all other odd characters never stand in a value. */
function hasRefusedCharacter(value: string): boolean {
  for (const character of value) {
    const kind = oddKind(character);
    if (kind !== null && kind !== 'emoji' && kind !== 'private-use' && kind !== 'variant') return true;
  }
  return false;
}

/** Month and day are possible; the year may be of either era. */
function isDay(value: string): boolean {
  const [, month, day] = /(\d{1,2})\D(\d{1,2})日?$/u.exec(value) ?? [];
  const last = Number(month) === 2 ? 29 : SHORT_MONTHS.has(Number(month)) ? 30 : 31;
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= last;
}
const SHORT_MONTHS: ReadonlySet<number> = new Set([4, 6, 9, 11]);
