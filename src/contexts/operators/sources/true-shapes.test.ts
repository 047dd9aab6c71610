import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { utils, write } from '@e965/xlsx';
import { zipSync } from 'fflate';
import { writeOds } from 'hucre/ods';
import { writeXlsx } from 'hucre/xlsx';
import { sourceKind, sourceKinds } from './source-kinds.ts';
import { reading, TODAY } from './reading-fixture.ts';
import { parseSourcesJson, SourcesJsonError } from './sources-json.ts';
import { templateColumns, templateCsv } from './templates.ts';

const COMPANY = '統一編號,公司名稱,公司地址,資本總額,實收資本額,在境內營運資金,公司狀態,產製日期';
const TAX =
  '營業地址,統一編號,總機構統一編號,營業人名稱,資本額,設立日期,組織別名稱,使用統一發票,行業代號,名稱,行業代號1,名稱1,行業代號2,名稱2,行業代號3,名稱3';

describe('registers in their true shapes', () => {
  it('22184: the company list by item, blank amounts as spaces, data date from 產製日期', async () => {
    await reading(
      { 'x.csv': `\uFEFF${COMPANY}\r\n00001200,形韻,新竹市,1000000,    ,,核准設立,2023-11-30\r\n` },
      async ({ report, rows }) => {
        assert.equal(report.files[0]!.kind, 'company_by_item');
        assert.equal(report.files[0]!.dataDate?.toString(), '2023-11-30');
        assert.deepEqual(await rows('SELECT * EXCLUDE file_id FROM src_company_by_item'), [
          {
            row_number: '2',
            ubn: '00001200',
            name: '形韻',
            address: '新竹市',
            capital_total: '1000000',
            capital_paid: null,
            working_capital: null,
            status: '核准設立',
            produced_on: '2023-11-30',
          },
        ]);
      },
    );
  });

  it('22184 with 負責人: the name of the person is nowhere', async () => {
    const header = COMPANY.replace('公司名稱,', '公司名稱,負責人,');
    await reading(
      {
        'x.csv': `${header}\n00001200,形韻,王小明,新竹市,1,1,1,核准設立,2023-11-30\n12345678,形韻,王小明,新竹市,1,1,1,核准設立,2023-11-30\n`,
      },
      async ({ report, rows }) => {
        assert.equal(report.files[0]!.goodRows, 1);
        const tables = await rows(`SELECT table_name FROM information_schema.tables`);
        for (const { table_name: table } of tables)
          assert.doesNotMatch(JSON.stringify(await rows(`SELECT * FROM ${JSON.stringify(table)}`)), /王小明/);
      },
    );
  });

  it('a company list with 營業項目 is the general register; clean and odd rows read alike', async () => {
    const content = `${COMPANY},營業項目\n22099131,甲,地,1,1,0,核准設立,1121130,I301040;ZZ99999\n96979933,乙,地,"1,000",１,0,核准設立,112/11/30,i301040；F399040\n04541302,丙,地,1,1,0,解散,2023-11-30,\n`;
    await reading({ 'x.csv': content }, async ({ report, rows }) => {
      assert.equal(report.files[0]!.kind, 'company');
      assert.deepEqual(
        await rows('SELECT ubn, capital_total, produced_on, items FROM src_company ORDER BY row_number'),
        [
          { ubn: '22099131', capital_total: '1', produced_on: '2023-11-30', items: ['I301040', 'ZZ99999'] },
          {
            ubn: '96979933',
            capital_total: '1000',
            produced_on: '2023-11-30',
            items: ['I301040', 'F399040'],
          },
          { ubn: '04541302', capital_total: '1', produced_on: '2023-11-30', items: [] },
        ],
      );
    });
  });

  it('108381: a 統一編號 may repeat where a firm moved county', async () => {
    await reading(
      {
        '商業-20240101.csv':
          '統一編號,商業名稱,商業地址,登記狀態\n00261367,禮,臺南,遷他縣市\n00261367,禮,高雄,核准設立\n',
      },
      async ({ report, rows }) => {
        assert.equal(report.files[0]!.goodRows, 2);
        assert.equal(report.files[0]!.dataDate?.toString(), '2024-01-01');
        assert.equal((await rows('SELECT DISTINCT ubn FROM src_business_by_item')).length, 1);
      },
    );
  });

  it('9400: the first record is the date of the file; a bad head office or set-up date does not cost the row', async () => {
    const content = `\uFEFF${TAX}\n30-NOV-23,,,,,,,,,,,,,,,\n"南投縣永平路３７１號",38965019,,"原味商行",100000,1040413,獨資,N,472927,豆類製品零售,,,471913,雜貨店,,\n"南投縣",61194605,12345678,"和興",,0400732,獨資,X,472913,菸酒,,,,,,\n`;
    for (const [name, bytes, container] of [
      ['BGMOPEN1.csv', Buffer.from(content), 'plain'],
      ['BGMOPEN1.zip', zipSync({ 'BGMOPEN1.csv': new TextEncoder().encode(content) }), 'zip'],
      ['BGMOPEN1.gz', gzipSync(content), 'gzip'],
    ] as const)
      await reading({ [name]: bytes }, async ({ report, rows, rejected }) => {
        const [file] = report.files;
        assert.equal(file!.kind, 'tax_register');
        assert.equal(file!.container, container);
        assert.equal(file!.dataDate?.toString(), '2023-11-30');
        assert.deepEqual(
          await rows(
            'SELECT row_number, ubn, head_office_ubn, capital, set_up_on, uses_invoice, industry_codes, industry_names FROM src_tax_register ORDER BY row_number',
          ),
          [
            {
              row_number: '3',
              ubn: '38965019',
              head_office_ubn: null,
              capital: '100000',
              set_up_on: '2015-04-13',
              uses_invoice: false,
              industry_codes: ['472927', '471913'],
              industry_names: ['豆類製品零售', '雜貨店'],
            },
            {
              row_number: '4',
              ubn: '61194605',
              head_office_ubn: null,
              capital: null,
              set_up_on: null,
              uses_invoice: null,
              industry_codes: ['472913'],
              industry_names: ['菸酒'],
            },
          ],
        );
        assert.deepEqual(
          (await rejected()).sort(),
          [
            'flag_malformed 4 使用統一發票 kept',
            'date_malformed 4 設立日期 kept',
            'ubn_check_digit 4 總機構統一編號 kept',
          ].sort(),
        );
      });
  });

  it('165372 as CSV: 廢止登錄資格 in a cell marks a revoked firm, （展延） an extended certificate', async () => {
    const content =
      '序號,廠商名稱,統一編號,證書編號,登錄日期,有效日期\n1,甲,22099131,112三A01（展延）,112/08/31,116/08/30\n2,乙,96979933,112三A02,112/08/31,廢止登錄資格\n3,丙,04541302,廢止登錄資格,112年9月1日,114年8月31日\n4,丁,,112三A04,112/09/01,114/08/31\n';
    await reading({ '登錄名單1130110.csv': content }, async ({ report, rows }) => {
      assert.equal(report.files[0]!.dataDate?.toString(), '2024-01-10');
      assert.deepEqual(
        await rows(
          'SELECT name, ubn, certificate_no AS no, valid_until, block, extended FROM src_capability_registration ORDER BY row_number',
        ),
        [
          {
            name: '甲',
            ubn: '22099131',
            no: '112三A01',
            valid_until: '2027-08-30',
            block: 'in-force',
            extended: true,
          },
          {
            name: '乙',
            ubn: '96979933',
            no: '112三A02',
            valid_until: null,
            block: 'revoked',
            extended: false,
          },
          {
            name: '丙',
            ubn: '04541302',
            no: null,
            valid_until: '2025-08-31',
            block: 'revoked',
            extended: false,
          },
          {
            name: '丁',
            ubn: null,
            no: '112三A04',
            valid_until: '2025-08-31',
            block: 'in-force',
            extended: false,
          },
        ],
      );
    });
  });

  const header = ['序號', '證書編號', '名稱', '統一編號', '登錄日期', '有效日期', '聯絡電話'];
  const blocks = [
    ['現生效業者名單'],
    header,
    [1, '112三A01（展延）', '甲', '22099131', '112/08/31', '116/08/30', '02-12345678'],
    [],
    ['已廢止業者'],
    header,
    [1, '112三A02', '乙', '96979933', '112/08/31', '114/08/30', '02-12345678'],
    ['屆期失效業者'],
    header,
    [1, '112三A03', '丙', '04541302', '111/08/31', '113/08/30', '02-12345678'],
  ];
  const expected = [
    { name: '甲', ubn: '22099131', block: 'in-force', extended: true, row_number: '3' },
    { name: '乙', ubn: '96979933', block: 'revoked', extended: false, row_number: '7' },
    { name: '丙', ubn: '04541302', block: 'lapsed', extended: false, row_number: '10' },
  ];
  const query =
    'SELECT name, ubn, block, extended, row_number FROM src_capability_registration ORDER BY file_id, row_number';
  for (const format of ['ods', 'xlsx'] as const)
    for (const writer of ['one library', 'another library'])
      it(`165372 as ${format.toUpperCase()} of three blocks, written by ${writer}`, async () => {
        const bytes =
          writer === 'one library'
            ? await (format === 'ods' ? writeOds : writeXlsx)({ sheets: [{ name: '名單', rows: blocks }] })
            : (write(
                { SheetNames: ['名單'], Sheets: { 名單: utils.aoa_to_sheet(blocks) } },
                { type: 'buffer', bookType: format },
              ) as Buffer);
        await reading({ [`1130110.${format}`]: bytes }, async ({ report, rows }) => {
          assert.equal(report.files[0]!.container, format);
          assert.equal(report.files[0]!.problem, null);
          assert.deepEqual(await rows(query), expected);
        });
      });

  it('165372 with a sheet for each block takes the block from the name of the sheet', async () => {
    const sheets = [
      { name: '現生效', rows: [header, blocks[2]!] },
      { name: '已廢止業者', rows: [header, blocks[6]!] },
      { name: '屆期失效業者', rows: [header, blocks[9]!] },
    ];
    await reading({ 'a.ods': await writeOds({ sheets }) }, async ({ report, rows }) => {
      assert.deepEqual(
        report.files.map((file) => file.name),
        ['a.ods#現生效', 'a.ods#已廢止業者', 'a.ods#屆期失效業者'],
      );
      assert.deepEqual(
        (await rows(query)).map((row) => row['block']),
        ['in-force', 'revoked', 'lapsed'],
      );
    });
  });
});

describe('the real lists', () => {
  const folder = new URL('../../../../datasets/', import.meta.url).pathname;
  it('22184 and 108381 are read without a rejected row', async () => {
    await reading(
      {},
      async ({ report, rows, rejected }) => {
        assert.deepEqual(
          report.files.map((file) => [
            file.kind,
            file.goodRows,
            file.rejectedRows,
            file.dataDate?.toString(),
          ]),
          [
            ['company_by_item', 16_045, 0, '2025-03-01'],
            ['business_by_item', 2204, 0, '2024-05-01'],
          ],
        );
        assert.deepEqual(await rejected(), []);
        const [companies] = await rows('SELECT count(DISTINCT ubn) AS n FROM src_company_by_item');
        const [businesses] = await rows('SELECT count(DISTINCT ubn) AS n FROM src_business_by_item');
        assert.deepEqual([companies!['n'], businesses!['n']], ['16045', '2105']);
      },
      { directory: `${folder}company-lists`, today: Temporal.PlainDate.from('2026-11-20') },
    );
  });

  it('tables that are no sources are listed with the headers seen, and why', async () => {
    await reading(
      {},
      ({ report }) => {
        assert.ok(report.files.length >= 3);
        assert.equal(report.anything, false);
        for (const file of report.files) {
          const known = ['unknown_headers', 'json_instead_of_table', 'missing_headers'];
          assert.ok(known.includes(file.problem?.code ?? ''), `${file.name}: ${file.problem?.code}`);
        }
      },
      { directory: `${folder}text-variants` },
    );
  });
});

describe('closed uploads', () => {
  const head = '統一編號,名稱,年度,代理收付日均餘額';
  it('a bad UBN beside a name is kept aside and listed, a good one alone is enough', async () => {
    await reading(
      { 'x.csv': `${head}\n12345678,藍星,112,"1,200"\n,乙,2023,5\n22099131,,112,5\n` },
      async ({ rows, rejected }) => {
        assert.deepEqual(
          await rows('SELECT ubn, name, year, balance, ubn_rejected FROM src_fsc_reply ORDER BY row_number'),
          [
            { ubn: null, name: '藍星', year: 2023, balance: '1200', ubn_rejected: '12345678' },
            { ubn: null, name: '乙', year: 2023, balance: '5', ubn_rejected: null },
            { ubn: '22099131', name: null, year: 2023, balance: '5', ubn_rejected: null },
          ],
        );
        assert.deepEqual(await rejected(), ['ubn_check_digit 2 統一編號 kept']);
      },
    );
  });

  it('without the column 統一編號 the names are enough, without 名稱 the numbers are', async () => {
    await reading(
      {
        'a.csv': '名稱,年度,代理收付日均餘額\n甲,112,5\n',
        'b.csv': '統一編號,年度,全年銷售額\n22099131,112,5\n,112,6\n',
      },
      ({ report }) => {
        assert.deepEqual(
          report.files.map((file) => [file.kind, file.goodRows, file.rejectedRows]),
          [
            ['fsc_reply', 1, 0],
            ['tax_sales', 1, 1],
          ],
        );
      },
    );
  });

  it('a police list in XLSX with numbers, dates and a padded UBN', async () => {
    const sheet = utils.aoa_to_sheet([
      ['措施', '名稱', '統一編號', '參加日期'],
      ['資安檢測', '甲', 4541302, new Date(Date.UTC(2023, 4, 10))],
    ]);
    (sheet['C2'] as { z: string }).z = '00000000';
    const bytes = write(
      { SheetNames: ['A'], Sheets: { A: sheet } },
      { type: 'buffer', bookType: 'xlsx' },
    ) as Buffer;
    await reading({ 'a.xlsx': bytes }, async ({ rows }) => {
      assert.deepEqual(await rows('SELECT ubn, joined_on FROM src_hardening_measure'), [
        { ubn: '04541302', joined_on: '2023-05-10' },
      ]);
    });
  });

  for (const info of sourceKinds)
    it(`${info.kind}: its own headers and example row are read as that kind`, async () => {
      const quoted = info.columns.map((column) => `"${column.example}"`).join(',');
      await reading({ 'x.csv': templateCsv(info.kind) + quoted }, ({ report }) => {
        assert.deepEqual(
          [report.files[0]!.kind, report.files[0]!.goodRows, report.files[0]!.rejectedRows],
          [info.kind, 1, 0],
        );
      });
    });

  it('a template is its headers alone and each column is described', async () => {
    assert.equal(templateCsv('tax_sales'), '\uFEFF統一編號,名稱,年度,全年銷售額\r\n');
    assert.deepEqual(
      templateColumns('tax_sales').map((column) => column.need),
      ['one-of', 'one-of', 'required', 'required'],
    );
    await reading({ 'x.csv': templateCsv('tax_sales') }, ({ report }) =>
      assert.equal(report.files[0]!.problem?.code, 'no_rows'),
    );
  });

  it('every kind has synonyms that are read and names that do not collide', () => {
    for (const info of sourceKinds) {
      const keys = info.columns.map((column) => column.key);
      assert.equal(new Set(keys).size, keys.length);
      assert.equal(sourceKind(info.kind), info);
    }
  });
});

describe('sources.json', () => {
  it('names a kind, a date, columns, or says to leave a file out', async () => {
    const sources = {
      files: {
        'a.csv': { kind: 'tax_sales', dataDate: '112/11/30', columns: { ubn: '編號', sales: '金額' } },
        'b.csv': { kind: 'ignore' },
        'c.csv': { kind: 'company_by_item' },
      },
    };
    const files = {
      'sources.json': JSON.stringify(sources),
      'a.csv': '編號,年度,金額\n22099131,112,7\n',
      'b.csv': 'x,y\n1,2\n',
      'c.csv': `${COMPANY},營業項目\n22099131,甲,地,1,1,0,核准設立,2023-11-30,ZZ99999\n`,
    };
    await reading(files, ({ report }) => {
      assert.deepEqual(
        report.files.map((file) => file.kind ?? file.problem?.code),
        ['tax_sales', 'ignored', 'company_by_item'],
      );
      assert.equal(report.files[0]!.dataDate?.toString(), '2023-11-30');
    });
  });

  it('says what is wrong with it and reads nothing', async () => {
    for (const [content, place] of [
      ['{', 'JSON'],
      ['[]', 'files'],
      ['{"files":{"a.csv":{"kind":"nope"}}}', 'files["a.csv"].kind'],
      ['{"files":{"a.csv":{"dataDate":"soon"}}}', 'dataDate'],
      ['{"files":{"a.csv":{"colour":1}}}', 'colour'],
      ['{"files":{"a.csv":{"kind":"traffic","columns":{"x":"y"}}}}', 'columns.x'],
      ['{"files":{},"more":1}', 'more'],
    ] as const) {
      assert.throws(
        () => parseSourcesJson(content),
        (error) => error instanceof SourcesJsonError && error.en.includes(place) && error.zh.includes(place),
      );
      await assert.rejects(
        reading({ 'sources.json': content, 'x.csv': 'a,b\n' }, () => undefined),
        SourcesJsonError,
      );
    }
  });

  it('a read of the same files gives the same tables', async () => {
    const files = { 'x.csv': `${COMPANY}\n22099131,甲,地,1,1,0,核准設立,2023-11-30\n`, 'y.csv': 'foo\n1\n' };
    const seen: string[] = [];
    for (let round = 0; round < 2; round += 1)
      await reading(
        files,
        async ({ rows }) =>
          void seen.push(
            JSON.stringify([await rows('FROM source_file'), await rows('FROM src_company_by_item')]),
          ),
      );
    assert.equal(seen[0], seen[1]);
    assert.equal(TODAY.toString(), '2024-01-15');
  });
});
