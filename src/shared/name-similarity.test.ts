import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseCompanyName } from './company-name.ts';
import { bigrams, brandCore, levenshtein, similarity } from './name-similarity.ts';

const core = (name: string): string => parseCompanyName(name).core;
const text = fc.stringMatching(/^[甲乙丙丁綠界藍新科技𠮷a-c]{0,8}$/u);

test('distance counts characters, not bytes or halves of them', () => {
  assert.equal(levenshtein('台北', '臺北'), 1);
  assert.equal(levenshtein('𠮷野家', '吉野家'), 1);
  assert.equal(levenshtein('', '甲乙'), 2);
  assert.deepEqual(bigrams('綠界科技'), ['綠界', '界科', '科技']);
  assert.deepEqual(bigrams('𠮷'), ['𠮷']);
  assert.deepEqual(bigrams(''), []);
});

test('distance is symmetric, zero only between equals, and keeps the triangle', () => {
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      assert.equal(levenshtein(a, b), levenshtein(b, a));
      assert.equal(levenshtein(a, b) === 0, a === b);
      assert.ok(levenshtein(a, c) <= levenshtein(a, b) + levenshtein(b, c));
    }),
  );
});

test('similarity lies between 0 and 1, is symmetric, and is 1 only between equals', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      const value = similarity(a, b);
      assert.ok(value >= 0 && value <= 1);
      assert.ok(Math.abs(value - similarity(b, a)) < 1e-12);
      if (a !== '') assert.equal(value === 1, a === b);
    }),
  );
});

test('a typing error is nearer than a namesake in the trade', () => {
  const right = core('藍新科技股份有限公司');
  assert.ok(
    similarity(core('藍星科技股份有限公司'), right) > similarity(core('綠界科技股份有限公司'), right),
  );
  assert.equal(similarity(core('臺灣甲乙有限公司'), core('台灣甲乙(股)公司')), 1);
});

test('a brand gives up the words of its trade, never its last two characters', () => {
  const brands = {
    蝦皮購物: '蝦皮',
    'PChome 24h購物': 'pchome24h',
    momo購物網: 'momo',
    旋轉拍賣台灣: '旋轉',
    '博客來 線上購物 官網': '博客來',
    購物: '購物',
    台灣: '台灣',
    日本商城: '日本',
    '91APP': '91app',
    kitw: 'kitw',
    蝦皮TW: '蝦皮',
  };
  for (const [brand, expected] of Object.entries(brands)) assert.equal(brandCore(brand), expected);
  fc.assert(
    fc.property(fc.stringMatching(/^[蝦皮購物網商城台灣官momotw]{2,10}$/u), (brand) => {
      assert.ok(Array.from(brandCore(brand)).length >= 2);
      assert.equal(brandCore(brandCore(brand)), brandCore(brand));
    }),
  );
});
