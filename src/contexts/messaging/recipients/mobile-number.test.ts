import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readMobile } from './mobile-number.ts';

test('a number in any writing of an agency is read, and what was mended is said', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['0912345678', null],
    ['912345678', 'leading-zero'],
    ['912345678.0', 'leading-zero'],
    ['886912345678', 'country-code'],
    ['+886912345678', 'country-code'],
    ['+8860912345678', 'country-code'],
    ['+886-912-345-678', 'country-code'],
    ['0912-345-678', 'marks'],
    [' 0912 345 678 ', 'marks'],
    ["'0912345678", 'marks'],
    ['="0912345678"', 'marks'],
    ['０９１２３４５６７８', 'full-width'],
  ];
  for (const [text, repair] of cases)
    assert.deepEqual(readMobile(text), { number: '912345678', repair }, text);
});

test('what cannot receive a text is named, and a number that Excel lost is never guessed', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', 'number_missing'],
    ['　', 'number_missing'],
    ['8.86912E+11', 'number_excel'],
    ['9.12E+08', 'number_excel'],
    ['02-2380-8411', 'number_landline'],
    ['0800-009-868', 'number_not_mobile'],
    ['165', 'number_not_mobile'],
    ['+81 90 1234 5678', 'number_foreign'],
    ['091234567', 'number_digits'],
    ['09123456789', 'number_digits'],
    ['0992345678', 'number_digits'],
    ['王小明', 'number_digits'],
    ['0912345678#12', 'number_extension'],
  ];
  for (const [text, problem] of cases) assert.deepEqual(readMobile(text), { problem }, text);
});

test('any mobile number survives the loss of its zero, a country code and hyphens', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 8 }),
      fc.integer({ min: 0, max: 9_999_999 }),
      fc.constantFrom('0', '', '886', '+886', '+8860', '+886-', '００'.slice(1)),
      (third, rest, before) => {
        const number = `9${third}${String(rest).padStart(7, '0')}`;
        const read = readMobile(`${before}${number.slice(0, 3)}-${number.slice(3)}`);
        assert.equal('number' in read && read.number, number);
      },
    ),
  );
});
