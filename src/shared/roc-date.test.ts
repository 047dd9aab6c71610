import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { compareQuarters, dateSql, formatRoc, parseDate, parseQuarter, parseYear } from './roc-date.ts';

let duckdb: DuckDBConnection;
before(async () => {
  duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
});
after(() => duckdb.closeSync());

const anyDay = fc
  .integer({ min: 0, max: 80_000 })
  .map((days) => Temporal.PlainDate.from('1912-01-01').add({ days }));

test('one day in every spelling of the registers', () => {
  for (const text of [
    '1121130',
    '112/11/30',
    '112.11.30',
    '112-11-30',
    '112年11月30日',
    '民國112年11月30日',
    '中華民國 112 年 11 月 30 日',
    '20231130',
    '2023-11-30',
    '2023/11/30',
    '西元2023年11月30日',
    '30-NOV-23',
    '30-Nov-2023',
    '１１２１１３０',
    '１１２／１１／３０',
    ' 2023-11-30 00:00:00 ',
    '2023-11-30T00:00',
  ])
    assert.equal(parseDate(text)?.toString(), '2023-11-30', text);
  assert.equal(parseDate('0990105')?.toString(), '2010-01-05');
  assert.equal(parseDate('10-APR-23')?.toString(), '2023-04-10');
  assert.equal(parseDate('1/3/5')?.toString(), '1912-03-05');
});

test('days that do not exist and texts that are no date are null', () => {
  for (const text of [
    '1120230',
    '112/02/29',
    '2023-13-01',
    '2023-00-10',
    '20230431',
    '0000101',
    '112/11-30',
    '民國2023年11月30日',
    '西元112年11月30日',
    '30-NVO-23',
    '2023-11-30 12:30',
    '990105',
    '112',
    '',
    '       ',
  ])
    assert.equal(parseDate(text), null, text);
  assert.equal(parseDate('1130229')?.toString(), '2024-02-29');
});

test('what formatRoc writes is read back as the same day', () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      assert.ok(parseDate(formatRoc(day))?.equals(day));
      assert.ok(parseDate(formatRoc(day, 'short'))?.equals(day));
    }),
  );
  assert.equal(formatRoc(Temporal.PlainDate.from('2023-11-30')), '民國112年11月30日');
  assert.equal(formatRoc(Temporal.PlainDate.from('2023-01-05'), 'short'), '112.01.05');
  assert.equal(formatRoc(Temporal.PlainDate.from('1911-10-10')), '民國前1年10月10日');
});

test('up to three digits are a ROC year, four a Gregorian one', () => {
  const years = ['112', '2023', '112年', '112年度', '民國112年度', '１１２', '2023年', '西元2023年'];
  for (const text of years) assert.equal(parseYear(text), 2023, text);
  for (const text of ['0', '12345', '年', '', '112Q3', '民國2023年', '1500'])
    assert.equal(parseYear(text), null, text);
});

test('a quarter knows its label and its days', () => {
  for (const text of [
    '112Q3',
    '2023Q3',
    '112年第3季',
    '112年第三季',
    '112Q3 ',
    '民國112年Q3',
    '2023-Q3',
    '１１２ｑ３',
  ]) {
    const quarter = parseQuarter(text);
    assert.ok(quarter, text);
    assert.equal(quarter.label, '2023Q3');
    assert.equal(quarter.start.toString(), '2023-07-01');
    assert.equal(quarter.end.toString(), '2023-09-30');
  }
  for (const text of ['112Q5', '112Q0', 'Q3', '112', '112Q33']) assert.equal(parseQuarter(text), null, text);
  const ordered = ['112Q4', '2023Q1', '111Q4'].map((text) => parseQuarter(text)!).sort(compareQuarters);
  assert.deepEqual(
    ordered.map((quarter) => quarter.label),
    ['2022Q4', '2023Q1', '2023Q4'],
  );
});

test('the SQL date agrees with parseDate on the forms of the great registers', async () => {
  const digits = fc.stringMatching(/^[01][0-9]{2}(0[0-9]|1[0-3])([0-2][0-9]|3[0-2])$/);
  const eight = fc.stringMatching(/^(0|1[789]|20|99)[0-9]{2}(0[0-9]|1[0-3])([0-2][0-9]|3[0-2])$/);
  const iso = fc.stringMatching(/^(1[789]|20)[0-9]{2}-(0[0-9]|1[0-3])-([0-2][0-9]|3[0-2])$/);
  const texts = [
    '0000101',
    '1130229',
    '1120229',
    '20240229',
    '',
    '       ',
    ' 1121130 ',
    '30-XXX-23',
    '112/11/3x',
    ...fc.sample(fc.oneof(digits, eight, iso), { numRuns: 5000, seed: 112 }),
  ];
  const reader = await duckdb.runAndReadAll(
    `SELECT t, ${dateSql('t')}::VARCHAR FROM (VALUES ${texts.map((text) => `('${text}')`).join(',')}) AS v(t)`,
  );
  for (const [text, day] of reader.getRows())
    assert.equal(day, parseDate(String(text))?.toString() ?? null, String(text));
});
