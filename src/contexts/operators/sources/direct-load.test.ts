import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { type DirectFile, loadDirect, planDirect } from './direct-load.ts';
import { defaultLimits } from './limits.ts';
import { reading, TODAY } from './reading-fixture.ts';
import { createSourceTables } from './source-tables.ts';

const HEADER = '統一編號,公司名稱,公司地址,資本總額,實收資本額,在境內營運資金,公司狀態,產製日期,營業項目';
const row = (ubn: string, name = '範例股份有限公司'): string =>
  `${ubn},${name},"臺北市信義區市府路1號, 3樓",1000000,1000000, ,核准設立,2023-11-01,I301040;JZ99050`;
const GOOD = ['22099131', '04595257', '24566673'];

/** Loads a file the direct way and nothing else; answers what was found and the numbers of the rows that stand. */
async function direct(content: string | Buffer): Promise<{ found: DirectFile | undefined; rows: number[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'xinlai-direct-'));
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '512MB', threads: '2' });
  const connection = await instance.connect();
  try {
    const path = join(folder, 'company.csv');
    await writeFile(path, content);
    await connection.run(createSourceTables());
    const limits = { ...defaultLimits, directBytes: 0 };
    const part = { name: 'company.csv', container: 'plain', content: nothing(), path } as const;
    const plan = await planDirect(part, {}, limits);
    assert.ok(plan !== undefined, 'worth trying');
    await connection.run('BEGIN TRANSACTION');
    const found = await loadDirect(connection, plan, 1, join(folder, 'rows'), limits, TODAY, () => undefined);
    if (found === undefined) return { found, rows: [] };
    const rows = await connection.runAndReadAll(
      'SELECT row_number::INTEGER FROM src_company ORDER BY row_number',
    );
    return { found, rows: rows.getRows().map(([line]) => Number(line)) };
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

async function* nothing(): AsyncGenerator<Buffer, void, undefined> {}

describe('a plain register is loaded by the database itself', () => {
  for (const [name, end, bom] of [
    ['line feeds', '\n', ''],
    ['carriage returns', '\r\n', '\uFEFF'],
  ] as const) {
    test(`lines ended by ${name}: every row with its line`, async () => {
      const many = Array.from({ length: 30_000 }, (_, index) => row(GOOD[index % 3]!, `"甲${index}""乙"`));
      const lines = [HEADER, ...many.map((line, index) => (index % 7 === 0 ? line : line.replace('""', '')))];
      const { found, rows } = await direct(bom + lines.join(end));
      assert.equal(found?.lines, 30_001);
      assert.equal(found.odd.length, Math.ceil(30_000 / 7), 'doubled quotes are left to the full reader');
      assert.deepEqual(rows.slice(0, 3), [3, 4, 5]);
      assert.equal(rows.length, 30_000 - found.odd.length);
    });
  }

  const odd: Readonly<Record<string, string>> = {
    'a number that fails its check': row('22099132'),
    'a blank number': row(''),
    'a blank name': row(GOOD[0]!, ''),
    'a formula': row(GOOD[0]!, '=1+1'),
    'a blank before the name': row(GOOD[0]!, ' 範例'),
    'a wide blank behind the name': row(GOOD[0]!, '範例\u3000'),
    'a hard blank behind the name': row(GOOD[0]!, '·範例\u00A0'),
    'an amount with commas': row(GOOD[0]!).replace(',1000000,', ',"1,000,000",'),
    'an amount in scientific form': row(GOOD[0]!).replace(',1000000,', ',1e6,'),
    'a fraction': row(GOOD[0]!).replace(',1000000,', ',1000000.4,'),
    'a day to come': row(GOOD[0]!).replace('2023-11-01', '2033-11-01'),
    'a day that does not exist': row(GOOD[0]!).replace('2023-11-01', '1120230'),
    'an item code cut short': row(GOOD[0]!).replace('JZ99050', 'JZ99'),
    'a semicolon at the end': `${row(GOOD[0]!)};`,
    'a row of blanks': ',,,,,,,,',
  };
  for (const [name, line] of Object.entries(odd))
    test(`${name} is left to the full reader`, async () => {
      const { found, rows } = await direct([HEADER, row(GOOD[1]!), line, row(GOOD[2]!), ''].join('\n'));
      assert.deepEqual(
        found?.odd.map((one) => one.line),
        [3],
      );
      assert.deepEqual(rows, [2, 4]);
    });

  const broken: Readonly<Record<string, string | Buffer>> = {
    'a line end inside a cell': row(GOOD[0]!, '"範例\n公司"'),
    'a quote never closed': row(GOOD[0]!, '"範例'),
    'text behind a quote': row(GOOD[0]!, '"範例"公司'),
    'a quote inside a cell': row(GOOD[0]!, '範"例'),
    'a blank before a quote': row(GOOD[0]!, ' "範例"'),
    'a cell too many': `${row(GOOD[0]!)},`,
    'a cell too few': row(GOOD[0]!).slice(0, -'I301040;JZ99050'.length - 1),
    'an empty line': '',
    'a tab': row(GOOD[0]!, '範例\t公司'),
    'a NUL': row(GOOD[0]!, '範例\0公司'),
    'another line end': `${row(GOOD[0]!)}\r`,
    'a carriage return alone': `${row(GOOD[0]!)}\r${row(GOOD[0]!)}`,
    'bytes of another encoding': Buffer.from([0xa4, 0xa4, 0x2c]),
    'a line of a megabyte': row(GOOD[0]!, '甲'.repeat(350_000)),
  };
  for (const [name, line] of Object.entries(broken))
    test(`${name}: the whole file goes the exact way`, async () => {
      const lines = [HEADER, row(GOOD[1]!), line, row(GOOD[2]!), ''].map((part) => Buffer.from(part));
      const content = Buffer.concat(lines.flatMap((part) => [part, Buffer.from('\n')]));
      assert.equal((await direct(content)).found, undefined);
    });
});

describe('both ways of reading a register', () => {
  const spoil = fc.constantFrom(
    '',
    ' ',
    '\u3000',
    '"',
    '""',
    ',',
    '\n',
    '\r\n',
    '\t',
    '=',
    '#N/A',
    '１',
    'é',
    '㈱',
    '\uFEFF',
  );
  const cell = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom('22099131', '04595257', '22099132', '1120230', '1121101', '2023-11-01'),
    },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        '範例股份有限公司',
        '臺北市',
        '核准設立',
        '1000000',
        '-5',
        'Y',
        'I301040',
        '',
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(spoil, fc.constantFrom('甲', '1', ''), spoil).map((parts) => parts.join('')),
    },
  );
  const quoted = fc.tuple(cell, fc.boolean()).map(([text, isQuoted]) => (isQuoted ? `"${text}"` : text));
  const line = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...GOOD).map((ubn) => row(ubn)) },
    {
      weight: 2,
      arbitrary: fc.array(quoted, { minLength: 9, maxLength: 9 }).map((cells) => cells.join(',')),
    },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...GOOD), quoted).map(([ubn, name]) => row(ubn, name)) },
  );

  test('give the same tables and the same rejected cells', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (lines, end, isEnded) => {
          const content = [HEADER, ...lines].join(end) + (isEnded ? end : '');
          await reading({ '公司.csv': content }, () => undefined); // compares both ways
        },
      ),
      // More with XINLAI_TEST_RUNS: each run reads a folder twice.
      { numRuns: Number(process.env['XINLAI_TEST_RUNS'] ?? 15) },
    );
  });
});
