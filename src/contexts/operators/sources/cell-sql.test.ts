import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { parseAmount } from '#shared/money';
import { parseDate, parseQuarter, parseYear } from '#shared/roc-date';
import { isUbn, parseUbn } from '#shared/ubn';
import {
  amountCell,
  type CellSql,
  dateCell,
  domainCell,
  itemsCell,
  quarterCell,
  ubnCell,
  yearCell,
} from './cell-sql.ts';
import { cleanForms, fitForm, isUbnAt } from './clean-form.ts';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
before(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  connection = await instance.connect();
});
after(() => {
  connection.closeSync();
  instance.closeSync();
});

/** Value and problem of each text, as the loader computes them from a trimmed cell. */
async function judged(
  texts: readonly string[],
  cell: CellSql,
): Promise<{ value: unknown; problem: unknown }[]> {
  const rows = texts.map((text, index) => `(${index}, '${text.replaceAll("'", "''")}')`).join(', ');
  const query = `SELECT i, v::VARCHAR AS value, ${cell.problem('v')} AS problem FROM (SELECT *, ${cell.value} AS v FROM (VALUES ${rows}) AS t(i, c)) ORDER BY i`;
  return (await connection.runAndReadAll(query)).getRowObjectsJson() as {
    value: unknown;
    problem: unknown;
  }[];
}

const wide = (text: string): string =>
  text.replaceAll(/[0-9]/gu, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
const digit = fc.constantFrom(...Array.from('0123456789'));
const samples = <T>(arbitrary: fc.Arbitrary<T>, count = 400): T[] =>
  fc.sample(arbitrary, { numRuns: count, seed: 20231130 });

const part = (max: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'));
const fit = (text: string, form: keyof typeof cleanForms): string | null => {
  const bytes = Buffer.concat([Buffer.from(text), Buffer.alloc(8)]);
  const end = fitForm(bytes, 0, Buffer.byteLength(text), cleanForms[form], 20_240_115);
  return end < 0 ? null : bytes.toString('utf8', 0, end);
};

describe('cells in SQL and the parsers of src/shared agree', () => {
  it('統一編號', async () => {
    const eight = fc.string({ unit: digit, minLength: 8, maxLength: 8 });
    const texts = [
      ...samples(eight),
      ...samples(eight, 50).map(wide),
      '00000000',
      '2209913',
      '22099131',
      '1234567',
      'A2099131',
      '62118503',
    ];
    const found = await judged(texts, ubnCell('c'));
    texts.forEach((text, index) => {
      assert.equal(found[index]!.value, parseUbn(text), text);
      assert.equal(found[index]!.problem === null, parseUbn(text) !== null, text);
    });
  });

  it('amounts', async () => {
    const texts = [
      ...samples(fc.bigInt({ min: 0n, max: 20_000_000_000_000_000n })).map(String),
      ...samples(fc.integer({ min: 0, max: 2_000_000_000 }), 100).map((value) =>
        value.toLocaleString('en-US'),
      ),
      'NT$1,234',
      '$5',
      '12元',
      '１，２３４',
      '1234.00',
      '1e9',
      '1,23',
      '12,3456',
      '五',
      '9007199254740991',
      '9007199254740992',
      'NTD 7',
      '007',
    ];
    const found = await judged(texts, amountCell('c'));
    texts.forEach((text, index) => {
      const expected = parseAmount(text);
      assert.equal(found[index]!.value, expected === null ? null : String(expected), text);
      assert.equal(found[index]!.problem === null, expected !== null, text);
    });
  });

  it('amounts that are negative, fractions or too large say so', async () => {
    const found = await judged(
      ['-5', '(5)', '－５', '1.5', '99999999999999999999', '=1+1', '#N/A', '百'],
      amountCell('c'),
    );
    assert.deepEqual(
      found.map((cell) => cell.problem),
      [
        'amount_negative',
        'amount_negative',
        'amount_negative',
        'amount_fraction',
        'amount_too_large',
        'formula_cell',
        'cell_error',
        'amount_malformed',
      ],
    );
  });

  it('days', async () => {
    const year = fc.oneof(
      fc.integer({ min: 1, max: 130 }).map((value) => String(value).padStart(3, '0')),
      fc.integer({ min: 1900, max: 2100 }).map(String),
    );
    const texts = [
      ...samples(fc.tuple(year, part(13), part(32)).map((parts) => parts.join(''))),
      ...samples(
        fc
          .tuple(year, fc.constantFrom('-', '/', '.'), part(13), part(32))
          .map(([y, sep, m, d]) => `${y}${sep}${m}${sep}${d}`),
      ),
      ...samples(
        fc.tuple(year, part(13), part(32)).map(([y, m, d]) => `${y}年${m}月${d}日`),
        100,
      ),
      '30-NOV-23',
      '1-jan-2024',
      '民國112年1月5日',
      '１１２１１３０',
      '2023-11-30 00:00:00',
      '2023-11-30T00:00',
      '112/2/29',
      '113/2/29',
      'x',
      '112/13/01',
    ];
    const found = await judged(texts, dateCell('c'));
    texts.forEach((text, index) => {
      assert.equal(found[index]!.value, parseDate(text)?.toString() ?? null, text);
    });
  });

  it('a day after today is a problem only where the column tells of the past', async () => {
    assert.equal((await judged(['2024-01-16'], dateCell('c', '2024-01-15')))[0]!.problem, 'future_date');
    assert.equal((await judged(['2024-01-15'], dateCell('c', '2024-01-15')))[0]!.problem, null);
    assert.equal((await judged(['2030-01-16'], dateCell('c')))[0]!.problem, null);
    assert.equal((await judged(['1850-01-16'], dateCell('c')))[0]!.problem, 'date_malformed');
  });

  it('years and quarters', async () => {
    const years = [
      '112',
      '2023',
      '112年',
      '112年度',
      '民國112年度',
      '１１２',
      'abc',
      '2023.5',
      '民國2023',
      '99',
    ];
    const foundYears = await judged(years, yearCell('c', '2024-01-15'));
    years.forEach((text, index) => {
      if (text !== '民國2023')
        assert.equal(foundYears[index]!.value, parseYear(text)?.toString() ?? null, text);
    });
    const quarters = [
      '112Q3',
      '2023Q3',
      '112年第3季',
      '112年第三季',
      '112q1',
      '2023-Q2',
      '112Q5',
      '１１２Ｑ３',
      '第3季',
      '112年度第2季',
    ];
    const foundQuarters = await judged(quarters, quarterCell('c', '2024-01-15'));
    quarters.forEach((text, index) => {
      assert.equal(foundQuarters[index]!.value, parseQuarter(text)?.label ?? null, text);
    });
    assert.equal((await judged(['113Q2'], quarterCell('c', '2024-01-15')))[0]!.problem, 'future_date');
    assert.equal((await judged(['114'], yearCell('c', '2024-01-15')))[0]!.problem, 'future_date');
  });

  it('a domain is a lower-case host without scheme, www, port and path', async () => {
    const found = await judged(
      [
        'https://www.Shopee.TW:443/a?b',
        'shop.example.com.tw',
        'user@host.tw/x',
        '商店.台灣',
        'nodomain',
        'a b.tw',
        'www.momo。com.tw',
      ],
      domainCell('c'),
    );
    assert.deepEqual(
      found.map((cell) => cell.value),
      ['shopee.tw', 'shop.example.com.tw', 'host.tw', '商店.台灣', null, null, 'momo.com.tw'],
    );
  });

  it('item codes stand though one beside them is none', async () => {
    const found = await judged(
      ['I301040;ZZ99999', 'i301040；F399040;', 'I301040;foo', 'foo'],
      itemsCell('c'),
    );
    assert.deepEqual(
      found.map((cell) => [cell.value, cell.problem]),
      [
        ['[I301040, ZZ99999]', null],
        ['[I301040, F399040]', null],
        ['[I301040]', 'item_malformed'],
        ['[]', 'item_malformed'],
      ],
    );
  });
});

describe('clean forms', () => {
  it('a number is clean exactly where it is a 統一編號', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            { weight: 30, arbitrary: digit },
            { weight: 1, arbitrary: fc.constantFrom('a', ' ') },
          ),
          minLength: 8,
          maxLength: 8,
        }),
        (text) => {
          assert.equal(isUbnAt(Buffer.from(text), 0), isUbn(text));
        },
      ),
      { numRuns: 2000 },
    );
    assert.equal(fit('00000000', 'ubn'), null);
  });

  it('a clean day is the day that parseDate reads, as ISO', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, day) => {
          const text = `${String(year).padStart(3, '0')}${String(month).padStart(2, '0')}${String(day).padStart(2, '0')}`;
          assert.equal(fit(text, 'dateOrBlank'), parseDate(text)?.toString() ?? null);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('what needs a closer look is not clean', () => {
    assert.equal(fit('2024-01-16', 'pastOrBlank'), null);
    assert.equal(fit('2024-01-15', 'pastOrBlank'), '2024-01-15');
    assert.equal(fit('=1', 'text'), null);
    assert.equal(fit('#N/A', 'textOrBlank'), null);
    assert.equal(fit('', 'text'), null);
    assert.equal(fit('1,000', 'amountOrBlank'), null);
    assert.equal(fit('I301040;ZZ99999', 'itemsOrBlank'), 'I301040;ZZ99999');
    assert.equal(fit('I301040;x', 'itemsOrBlank'), null);
    assert.equal(fit('y', 'flagOrBlank'), null);
  });
});
