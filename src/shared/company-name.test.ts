import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { coreSql, foldSql, foldText, fullSql, parseCompanyName, unfoldedPattern } from './company-name.ts';
import { quote } from './name-folding.ts';
import { BUSINESS_FORMS, COMPANY_FORMS, FOREIGN_PREFIXES, UNITS } from './name-forms.ts';

const LISTS = [
  { file: '公司登記-第三方支付服務業-20250301.csv', column: '公司名稱', rows: 16_045 },
  { file: '商業登記-第三方支付服務業-20240501.csv', column: '商業名稱', rows: 2204 },
];

let duckdb: DuckDBConnection;
before(async () => {
  duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
});
after(() => duckdb.closeSync());

/** Compares SQL and TypeScript on every row of `from`, which has one column `n`; returns the number of rows. */
async function assertSameInSql(from: string): Promise<number> {
  const reader = await duckdb.runAndReadAll(
    `SELECT n, ${foldSql('n')}, ${fullSql('n')}, ${coreSql('n')} FROM ${from}`,
  );
  const rows = reader.getRows();
  for (const [name, folded, full, core] of rows) {
    const text = String(name);
    const parsed = parseCompanyName(text);
    assert.deepEqual([folded, full, core], [foldText(text), parsed.full, parsed.core], text);
  }
  return rows.length;
}

test('every spelling of a legal form gives one full name and one core', () => {
  for (const name of [
    '綠界科技股份有限公司',
    '綠界科技(股)公司',
    '綠界科技（股）公司',
    '綠界科技 股份公司',
    '綠界科技（股）',
    '綠界　科技股份有限公司',
  ]) {
    const parsed = parseCompanyName(name);
    assert.equal(parsed.full, '綠界科技股份有限公司', name);
    assert.equal(parsed.core, '綠界科技', name);
    assert.equal(parsed.legalForm, '股份有限公司', name);
    assert.equal(parsed.kind, 'company', name);
    assert.equal(parsed.original, name);
  }
});

test('a foreign branch gives up prefix and branch', () => {
  const { core, kind, branch, foreignPrefix } = parseCompanyName(
    '英屬維京群島商豐博國際股份有限公司臺灣分公司',
  );
  assert.deepEqual(
    { core, kind, branch, foreignPrefix },
    { core: '豐博國際', kind: 'foreign-branch', branch: '台灣分公司', foreignPrefix: '英屬維京群島商' },
  );
  assert.equal(parseCompanyName('香港商雅虎資訊股份有限公司').core, '雅虎資訊');
  assert.equal(parseCompanyName('統一超商股份有限公司台北市第123分公司').core, '統一超商');
});

test('what only looks like a prefix or a legal form stays', () => {
  const cores = {
    香港商務有限公司: '香港商務',
    德益商貿有限公司: '德益商貿',
    金龍大旅社: '金龍大旅社',
    摩西出版社: '摩西出版社',
    大商行: '大商行',
    全家商行有限公司: '全家商行',
    冠勝資訊社: '冠勝資訊',
    萬圓實業社: '萬圓實業',
    Vinc: 'vinc',
  };
  for (const [name, core] of Object.entries(cores)) assert.equal(parseCompanyName(name).core, core);
});

test('English legal forms end a name whatever their punctuation', () => {
  for (const name of [
    'Gama Digital Co., Ltd.',
    'GAMA DIGITAL CO.,LTD',
    'Ｇａｍａ Digital Inc.',
    'Gama Digital Limited',
    'Gama Digital Corporation',
  ])
    assert.equal(parseCompanyName(name).core, 'gamadigital', name);
});

test('sole proprietors are businesses', () => {
  for (const name of ['明鋼商行', '禮享家企業社', '個人種子資訊工作室', '盛峯資訊行'])
    assert.equal(parseCompanyName(name).kind, 'business', name);
  assert.equal(parseCompanyName('屏東新報').kind, 'unknown');
});

test('variants, width, case and accents fold together', () => {
  assert.equal(foldText('臺灣峯'), foldText('台灣峰'));
  assert.equal(foldText('Ｃａｆé・Ⅲ（恒）'), 'cafeiii恆');
  assert.equal(foldText('㈱溫温'), '株溫溫');
  assert.equal(foldText('\u{e123}A+'), '\u{e123}a+');
});

const legalWord = fc.constantFrom(
  ...COMPANY_FORMS,
  ...BUSINESS_FORMS,
  '(股)公司',
  '（股）',
  '資訊社',
  'Co., Ltd.',
  ' Inc',
  '股份公司',
);
const han = fc.stringMatching(/^[\u4e00-\u9fff臺峯商公行社股有限]{0,6}$/);
const anyText = fc.string({ unit: 'grapheme', maxLength: 12 });
const blocks = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0x20, max: 0x24f }),
      fc.integer({ min: 0x2000, max: 0x33ff }),
      fc.integer({ min: 0xe000, max: 0xffef }),
      fc.integer({ min: 0x1d400, max: 0x1d7ff }),
      fc.integer({ min: 0x2f800, max: 0x2fa1f }),
    ),
    { maxLength: 8 },
  )
  .map((codes) => String.fromCodePoint(...codes));
const anyName = fc
  .tuple(
    fc.oneof(fc.constant(''), fc.constantFrom(...FOREIGN_PREFIXES)),
    fc.oneof(han, anyText, blocks),
    fc.oneof(legalWord, fc.constant('')),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      fc.tuple(han, fc.constantFrom(...UNITS)).map((parts) => parts.join('')),
    ),
  )
  .map((parts) => parts.join(''));

test('folding twice is folding once, and NFC and NFD fold alike', () => {
  fc.assert(
    fc.property(anyName, (name) => {
      const folded = foldText(name);
      assert.equal(foldText(folded), folded);
    }),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(
      fc.stringMatching(/^[\u00c0-\u024f\u1e00-\u1eff\u3041-\u30fe\uf900-\ufaff]{0,8}$/),
      (text) => {
        assert.equal(foldText(text.normalize('NFD')), foldText(text.normalize('NFC')));
      },
    ),
  );
});

test('SQL and TypeScript agree on every real name', async () => {
  for (const { file, column, rows } of LISTS) {
    const path = fileURLToPath(new URL(`../../datasets/company-lists/${file}`, import.meta.url));
    const from = `(SELECT "${column}" AS n FROM read_csv(${quote(path)}, all_varchar = true))`;
    assert.equal(await assertSameInSql(from), rows);
  }
});

test('SQL and TypeScript agree on generated names', async () => {
  const names = fc.sample(anyName, { numRuns: 3000, seed: 1_040_510 }).filter((name) => !name.includes('\0'));
  assert.ok(names.length > 2500);
  await assertSameInSql(`(VALUES ${names.map((name) => `(${quote(name)})`).join(',')}) AS v(n)`);
  const none = await duckdb.runAndReadAll(`SELECT ${coreSql('NULL::VARCHAR')}, ${foldSql('NULL::VARCHAR')}`);
  assert.deepEqual(none.getRows(), [[null, null]]);
});

test('whatever folds to a wanted text passes the pattern over the raw text', async () => {
  const wanted = ['台北科技', '綠界', 'abc', '範例公司'];
  const spelt = [
    '臺北科技有限公司',
    '台北科技',
    '新台北科技',
    '緑界',
    'ＡＢＣ商行',
    '範例(股)公司',
    '範 例 公 司',
    '㈱綠界',
    '台.北科技',
    '綠\u200B界',
    'Abc',
  ];
  const pattern = wanted.join('|');
  const rows = await duckdb.runAndReadAll(
    `SELECT n, regexp_matches(${foldSql('n')}, ${quote(pattern)}), regexp_matches(n, ${quote(unfoldedPattern(pattern))}) ` +
      `FROM (VALUES ${[...spelt, '無關商行', '臺南科技'].map((name) => `(${quote(name)})`).join(',')}) AS v(n)`,
  );
  for (const [name, folded, raw] of rows.getRows()) assert.ok(folded !== true || raw === true, String(name));
  const passed = rows.getRows().filter(([, , raw]) => raw === false);
  assert.deepEqual(
    passed.map(([name]) => name),
    ['無關商行', '臺南科技'],
  );
});
