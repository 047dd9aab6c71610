import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatThousand, formatTwd, formatWan, parseAmount } from './money.ts';

test('an amount is read in every writing of the sheets', () => {
  const texts = [
    '1,234',
    '１２３４',
    '１，２３４',
    '$1,234',
    '＄1234',
    'NT$1,234',
    'NTD 1,234',
    '新臺幣1,234元整',
    ' 1234 ',
    '1234.00',
    '　1,234　',
  ];
  for (const text of texts) assert.equal(parseAmount(text), 1234, text);
  assert.equal(parseAmount('-5'), -5);
  assert.equal(parseAmount('$-5'), -5);
  assert.equal(parseAmount('0'), 0);
  assert.equal(Object.is(parseAmount('-0'), 0), true);
  assert.equal(parseAmount('9007199254740991'), Number.MAX_SAFE_INTEGER);
});

test('nothing is lost silently: what is no whole exact amount is null', () => {
  for (const text of [
    '12.5',
    '12.001',
    '1,23',
    '12,34,567',
    '1e3',
    '',
    '-',
    '--5',
    '-$-5',
    '1 234',
    '9007199254740993',
    'USD 5',
    '五百',
  ])
    assert.equal(parseAmount(text), null, text);
});

test('what formatTwd writes is read back', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (amount) => {
      assert.equal(parseAmount(formatTwd(amount)), amount);
    }),
  );
});

test('units on screen round half away from zero', () => {
  assert.equal(formatTwd(1_234_567), 'NT$1,234,567');
  assert.equal(formatTwd(-5), '-NT$5');
  assert.equal(formatThousand(1_234_500), '1,235');
  assert.equal(formatThousand(-1500), '-2');
  assert.equal(formatThousand(-400), '0');
  assert.equal(formatWan(1_234_567), '123.5 萬元');
  assert.equal(formatWan(1_000_000_000), '10 億元');
  assert.equal(formatWan(99_999_600), '1 億元');
  assert.equal(formatWan(99_999_400), '9,999.9 萬元');
  assert.equal(formatWan(9999), '9,999 元');
  assert.throws(() => formatTwd(0.5), RangeError);
});
