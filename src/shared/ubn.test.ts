import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { isUbn, parseUbn, suggestUbn, ubnCheckSql } from './ubn.ts';

let duckdb: DuckDBConnection;
before(async () => {
  duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
});
after(() => duckdb.closeSync());

test('numbers issued before 2023 are valid under both rules', () => {
  for (const ubn of ['22099131', '96979933', '04541302', '22555003', '12411160', '10458574', '10458575']) {
    assert.equal(isUbn(ubn), true, ubn);
    assert.equal(isUbn(ubn, 'before-2023'), true, ubn);
  }
});

test('numbers issued since 2023 are valid only under the new rule', () => {
  for (const ubn of ['62118503', '10458570']) {
    assert.equal(isUbn(ubn), true, ubn);
    assert.equal(isUbn(ubn, 'before-2023'), false, ubn);
  }
});

test('a wrong check, eight zeros and anything but eight ASCII digits are no UBN', () => {
  for (const text of ['12345678', '00000000', '2209913', '220991310', '２２０９９１３１', ' 22099131', ''])
    assert.equal(isUbn(text), false, text);
});

test('a cell is read through full width, spaces and the marks of a sheet', () => {
  for (const cell of [
    '２２０９９１３１',
    '　22099131　',
    '="22099131"',
    "'22099131",
    '"22099131"',
    '\uFEFF22099131\u200B',
    '＝"22099131"',
  ])
    assert.equal(parseUbn(cell), '22099131', cell);
});

test('lost leading zeros are suggested, never filled in', () => {
  assert.equal(parseUbn('4541302'), null);
  assert.equal(suggestUbn('4541302'), '04541302');
  assert.equal(suggestUbn('4541302.0'), '04541302');
  assert.equal(suggestUbn('1200'), null);
  assert.equal(suggestUbn('4541303'), null);
  assert.equal(suggestUbn('22099131'), null);
});

test('the SQL check says what isUbn says', async () => {
  const edge = [
    '00000000',
    '00000070',
    '10458574',
    '１２３４５６７８',
    '+2209913',
    '2209913 ',
    '',
    '99999979',
  ];
  const sample = fc.sample(fc.integer({ min: 0, max: 99_999_999 }), { numRuns: 20_000, seed: 2023 });
  const texts = [...edge, ...sample.map((number) => String(number).padStart(8, '0'))];
  const list = texts.map((text) => `('${text}')`).join(',');
  for (const rule of ['since-2023', 'before-2023'] as const) {
    const reader = await duckdb.runAndReadAll(
      `SELECT t, ${ubnCheckSql('t', rule)} AS ok FROM (VALUES ${list}) AS v(t)`,
    );
    const rows = reader.getRows();
    assert.equal(rows.length, texts.length);
    for (const [text, ok] of rows) assert.equal(ok, isUbn(String(text), rule), String(text));
  }
  const none = await duckdb.runAndReadAll(`SELECT ${ubnCheckSql('NULL::VARCHAR')}`);
  assert.deepEqual(none.getRows(), [[false]]);
});
