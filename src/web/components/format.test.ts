import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { changeLanguage } from '../client/language.ts';
import { bytes, dayParts, dayShort, duration, instantShort, money, moneyShort, relative } from './format.ts';

afterEach(() => changeLanguage('zh-TW'));

test('a day is written in the ROC calendar first for a Chinese reader and in the Gregorian for an English one', () => {
  assert.deepEqual(dayParts('2023-11-30'), { main: '民國112年11月30日', other: '2023-11-30' });
  assert.equal(dayParts('1911-01-01').main, '民國前1年1月1日');
  assert.equal(dayShort('2023-11-30'), '112/11/30');
  changeLanguage('en');
  assert.equal(dayParts('2023-11-30').main, '30 Nov 2023');
});

test('an instant is shown in Taipei time, on the day it is there', () => {
  assert.equal(instantShort('2023-11-30T16:30:00Z'), '112/12/01 00:30');
});

test('money has no decimals, and nothing known is a dash, not zero', () => {
  assert.equal(money(1_234_567), 'NT$1,234,567');
  assert.equal(money(0), 'NT$0');
  assert.equal(money(null), '—');
});

test('large money is short in the units of the reader', () => {
  assert.equal(moneyShort(1_234_000_000), '12.3 億元');
  changeLanguage('en');
  assert.equal(moneyShort(1_234_000_000), 'NT$1.2B');
});

test('times past are told in words, sizes and durations in short units', () => {
  assert.equal(relative('2023-11-30T00:00:00Z', Date.parse('2023-11-30T00:03:10Z')), '3 分鐘前');
  assert.deepEqual([bytes(0), bytes(1536), bytes(734_003_200)], ['0 B', '1.5 KB', '700 MB']);
  assert.deepEqual([duration(412), duration(12_340), duration(185_000)], ['412 ms', '12.3 s', '3 min 5 s']);
});
