/** Hints that a text holds what should not travel in a text: identity and card numbers that pass their own check. */
import { defineProblems, type TextProblem } from './text-problem.ts';

export const personalProblem = defineProblems({
  personal_identity: {
    level: 'warn',
    zh: '文字中似有身分證統一編號或居留證號，簡訊不宜載明；請遮蔽中間數碼。',
    en: 'the text seems to hold a national ID or resident permit number; mask its middle.',
  },
  personal_card: {
    level: 'warn',
    zh: '文字中似有完整的信用卡號，請只留末四碼。',
    en: 'the text seems to hold a whole card number; leave the last four digits only.',
  },
});

/** Letters of the first place as two digits (內政部 身分證統一編號編碼規則). */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';

/** True for a national ID number or a resident permit (letter and 8 or 9, or two letters before 2021) with a right check digit. */
export function isIdentityNumber(text: string): boolean {
  if (!/^[A-Z][1289A-D]\d{8}$/u.test(text)) return false;
  const first = LETTERS.indexOf(text[0] as string) + 10;
  const second = text[1] as string;
  const digits = [
    Math.floor(first / 10),
    first % 10,
    /\d/u.test(second) ? Number(second) : (LETTERS.indexOf(second) + 10) % 10,
    ...Array.from(text.slice(2), Number),
  ];
  const weights = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1];
  return digits.reduce((sum, digit, index) => sum + digit * (weights[index] as number), 0) % 10 === 0;
}

/** True for the digits of a payment card: a range of the networks and a right check digit (ISO/IEC 7812-1, Luhn). */
export function isCardNumber(digits: string): boolean {
  if (!/^(?:4\d{15}|(?:5[1-5]|2[2-7])\d{14}|35\d{14}|62\d{14}|3[47]\d{13})$/u.test(digits)) return false;
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

export function findPersonalData(text: string): readonly TextProblem[] {
  const folded = text.normalize('NFKC').length === text.length ? text.normalize('NFKC') : text;
  const problems: TextProblem[] = [];
  for (const match of folded.matchAll(/(?<![A-Za-z\d])[A-Za-z][\dA-Da-d]\d{8}(?!\d)/gu)) {
    if (isIdentityNumber(match[0].toUpperCase())) {
      problems.push(personalProblem('personal_identity', { start: match.index, end: match.index + 10 }));
    }
  }
  for (const match of folded.matchAll(/(?<!\d)\d(?:[ -]?\d){14,15}(?!\d)/gu)) {
    if (isCardNumber(match[0].replaceAll(/\D/gu, ''))) {
      problems.push(
        personalProblem('personal_card', { start: match.index, end: match.index + match[0].length }),
      );
    }
  }
  return problems;
}
