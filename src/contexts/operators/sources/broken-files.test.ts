import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { writeXlsx } from 'hucre/xlsx';
import type { ReadLimits } from './limits.ts';
import { type ProblemCode, problem, problemCodes } from './problems.ts';
import type { ReadFile } from './read-sources.ts';
import { reading } from './reading-fixture.ts';

const HEADER = '統一編號,名稱,年度,代理收付日均餘額';
const GOOD = '22099131,台積,112,100';
const table = (...rows: string[]): string => `${HEADER}\n${rows.join('\n')}\n`;
const big5 = (text: string): Buffer => {
  // TextEncoder writes UTF-8 only, so the few characters used here are looked up by decoding every pair of bytes once.
  const decoder = new TextDecoder('big5');
  const codes = new Map<string, number[]>();
  for (let lead = 0xa1; lead <= 0xf9; lead += 1)
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const char = decoder.decode(Uint8Array.of(lead, trail));
      if (char.length === 1 && char !== '\uFFFD' && !codes.has(char)) codes.set(char, [lead, trail]);
    }
  return Buffer.from(
    Array.from(text).flatMap((char) => (char < '\u0080' ? [char.charCodeAt(0)] : codes.get(char)!)),
  );
};
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** Sets the mark of encryption in every header of an archive. */
function encrypted(zip: Uint8Array): Buffer {
  const bytes = Buffer.from(zip);
  for (let at = 0; at + 4 < bytes.length; at += 1) {
    if (bytes.readUInt32LE(at) === 0x04034b50) bytes[at + 6]! |= 1;
    if (bytes.readUInt32LE(at) === 0x02014b50) bytes[at + 8]! |= 1;
  }
  return bytes;
}
/** Declares another unpacked size in the central directory. */
function lying(zip: Uint8Array, size: number): Buffer {
  const bytes = Buffer.from(zip);
  const at = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  bytes.writeUInt32LE(size, at + 24);
  return bytes;
}
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const xlsxOf = (rows: (string | number | null)[][]): Promise<Uint8Array> =>
  writeXlsx({ sheets: [{ name: '工作表1', rows }] });
const head = HEADER.split(',');

/** A workbook written by hand, for cells that writers do not make. */
function workbook(cells: string): Uint8Array {
  const ns = 'http://schemas.openxmlformats.org';
  return zipSync({
    '[Content_Types].xml': text(
      `<?xml version="1.0"?><Types xmlns="${ns}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    ),
    '_rels/.rels': text(
      `<?xml version="1.0"?><Relationships xmlns="${ns}/package/2006/relationships"><Relationship Id="rId1" Type="${ns}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    'xl/workbook.xml': text(
      `<?xml version="1.0"?><workbook xmlns="${ns}/spreadsheetml/2006/main" xmlns:r="${ns}/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': text(
      `<?xml version="1.0"?><Relationships xmlns="${ns}/package/2006/relationships"><Relationship Id="rId1" Type="${ns}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    'xl/worksheets/sheet1.xml': text(
      `<?xml version="1.0"?><worksheet xmlns="${ns}/spreadsheetml/2006/main"><sheetData>${cells}</sheetData></worksheet>`,
    ),
  });
}
const inline = (ref: string, value: string): string =>
  `<c r="${ref}" t="inlineStr"><is><t>${value}</t></is></c>`;
const headRow = `<row r="1">${head.map((cell, index) => inline(`${'ABCD'[index]}1`, cell)).join('')}</row>`;

interface Case {
  name: string;
  file: string;
  content: string | Uint8Array | (() => string | Uint8Array | Promise<string | Uint8Array>);
  /** Problem of the file; null: taken. */
  problem: ProblemCode | null;
  good?: number;
  rejected?: string[];
  limits?: Partial<ReadLimits>;
}

const refused: Case[] = [
  { name: 'no byte', file: 'a.csv', content: '', problem: 'empty_file' },
  { name: 'blank lines only', file: 'a.csv', content: '\r\n  \r\n\n', problem: 'empty_file' },
  { name: 'a byte-order mark only', file: 'a.csv', content: '\uFEFF', problem: 'empty_file' },
  { name: 'separators only', file: 'a.csv', content: ',,,\n,,,\n', problem: 'empty_file' },
  { name: 'a header and no row', file: 'a.csv', content: `${HEADER}\n`, problem: 'no_rows' },
  { name: 'a header without line end', file: 'a.csv', content: HEADER, problem: 'no_rows' },
  {
    name: 'a missing column',
    file: 'a.csv',
    content: '統一編號,名稱,年度\n22099131,台積,112\n',
    problem: 'missing_headers',
  },
  {
    name: 'neither name nor 統一編號',
    file: 'a.csv',
    content: '年度,代理收付日均餘額\n112,5\n',
    problem: 'unknown_headers',
  },
  {
    name: 'a duplicated header',
    file: 'a.csv',
    content: '統一編號,名稱,年度,年度,代理收付日均餘額\n22099131,a,112,111,5\n',
    problem: 'duplicate_headers',
  },
  { name: 'headers nobody knows', file: 'a.csv', content: 'foo,bar\n1,2\n', problem: 'unknown_headers' },
  { name: 'rows without a header', file: 'a.csv', content: `${GOOD}\n${GOOD}\n`, problem: 'unknown_headers' },
  {
    name: '10,000 columns',
    file: 'a.csv',
    content: `${Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(',')}\n`,
    problem: 'too_many_columns',
  },
  {
    name: 'a PNG named csv',
    file: 'a.csv',
    content: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    problem: 'image_file',
  },
  {
    name: 'a JPEG named xlsx',
    file: 'a.xlsx',
    content: Buffer.from('ffd8ffe000104a464946', 'hex'),
    problem: 'image_file',
  },
  { name: 'a PDF named csv', file: 'a.csv', content: '%PDF-1.7\n%âãÏÓ\n', problem: 'pdf_file' },
  {
    name: 'a Linux program',
    file: 'a.csv',
    content: Buffer.from('7f454c4602010100', 'hex'),
    problem: 'executable_file',
  },
  {
    name: 'a Windows program',
    file: 'a.csv',
    content: 'MZ\u0090\0This program cannot be run in DOS mode',
    problem: 'executable_file',
  },
  {
    name: 'random bytes',
    file: 'a.csv',
    content: Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919 + (i >> 3) * 31) & 255)),
    problem: 'binary_file',
  },
  {
    name: 'an old .xls',
    file: 'a.xls',
    content: Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1024)]),
    problem: 'legacy_office_file',
  },
  {
    name: 'a workbook behind a password',
    file: 'a.xlsx',
    content: () =>
      writeXlsx({ sheets: [{ name: 'A', rows: [['a']] }], encryption: { password: 'x', spinCount: 1 } }),
    problem: 'password_protected',
  },
  {
    name: 'a 7z archive',
    file: 'a.zip',
    content: Buffer.from('377abcaf271c0004', 'hex'),
    problem: 'archive_not_supported',
  },
  {
    name: 'an error body in JSON',
    file: 'a.csv',
    content: '{"RetCode":"0400","RetMessage":"Other Error"}',
    problem: 'json_instead_of_table',
  },
  {
    name: 'an error page in HTML',
    file: 'a.csv',
    content: '\n<!DOCTYPE html><html><title>502</title></html>',
    problem: 'html_instead_of_table',
  },
  {
    name: 'an XML document',
    file: 'a.csv',
    content: '<?xml version="1.0"?><a/>',
    problem: 'wrong_office_file',
  },
  {
    name: 'a Word document',
    file: 'a.xlsx',
    content: () => zipSync({ 'word/document.xml': text('<w/>') }),
    problem: 'wrong_office_file',
  },
  {
    name: 'an ODF text document',
    file: 'a.ods',
    content: () =>
      zipSync({ mimetype: text('application/vnd.oasis.opendocument.text'), 'content.xml': text('<a/>') }),
    problem: 'wrong_office_file',
  },
  {
    name: 'an ODS behind a password',
    file: 'a.ods',
    content: () =>
      zipSync({
        mimetype: text('application/vnd.oasis.opendocument.spreadsheet'),
        'content.xml': text('x'),
        'META-INF/manifest.xml': text('<manifest:encryption-data/>'),
      }),
    problem: 'password_protected',
  },
  {
    name: 'a cut zip',
    file: 'a.zip',
    content: () => Buffer.from(zipSync({ 'a.csv': text(table(GOOD)) })).subarray(0, 80),
    problem: 'archive_broken',
  },
  {
    name: 'a cut xlsx',
    file: 'a.xlsx',
    content: async () => Buffer.from(await xlsxOf([head])).subarray(0, 900),
    problem: 'archive_broken',
  },
  { name: 'an empty zip', file: 'a.zip', content: () => zipSync({}), problem: 'archive_empty' },
  {
    name: 'a zip behind a password',
    file: 'a.zip',
    content: () => encrypted(zipSync({ 'a.csv': text(table(GOOD)) })),
    problem: 'password_protected',
  },
  {
    name: 'a zip bomb',
    file: 'a.zip',
    content: () => zipSync({ 'a.csv': new Uint8Array(12 << 20) }),
    problem: 'archive_bomb',
  },
  {
    name: 'a zip of many bombs',
    file: 'a.zip',
    content: () => zipSync({ 'a.csv': new Uint8Array(2 << 20), 'b.csv': new Uint8Array(2 << 20) }),
    problem: 'archive_bomb',
    limits: { unpackedBytes: 3 << 20 },
  },
  {
    name: 'a zip with too many entries',
    file: 'a.zip',
    content: () => zipSync(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.csv`, text('a')]))),
    problem: 'archive_too_many_entries',
    limits: { zipEntries: 20 },
  },
  {
    name: 'a gzip bomb',
    file: 'a.csv.gz',
    content: () => gzipSync(Buffer.concat([Buffer.from(table(GOOD)), Buffer.alloc(12 << 20, '1')])),
    problem: 'archive_bomb',
  },
  {
    name: 'a cut gzip',
    file: 'a.csv.gz',
    content: () => gzipSync(Buffer.from(table(GOOD, GOOD))).subarray(0, 40),
    problem: 'archive_broken',
  },
  {
    name: 'a workbook larger than the limit',
    file: 'a.xlsx',
    content: () => xlsxOf([head]),
    problem: 'sheet_too_large',
    limits: { sheetUnpackedBytes: 100 },
  },
  {
    name: 'a workbook of too many sheets',
    file: 'a.xlsx',
    content: () => writeXlsx({ sheets: ['A', 'B', 'C'].map((name) => ({ name, rows: [['a']] })) }),
    problem: 'sheet_too_many',
    limits: { sheets: 2 },
  },
  { name: 'an empty workbook', file: 'a.xlsx', content: () => xlsxOf([]), problem: 'empty_file' },
  {
    name: 'a file larger than the limit',
    file: 'a.csv',
    content: table(GOOD),
    problem: 'file_too_large',
    limits: { fileBytes: 10 },
  },
  {
    name: 'too many rows',
    file: 'a.csv',
    content: table(...Array.from({ length: 50 }, () => GOOD)),
    problem: 'too_many_rows',
    limits: { rows: 10 },
  },
  {
    name: 'one line without an end',
    file: 'a.csv',
    content: () => Buffer.alloc(3 << 20, 'x'),
    problem: 'row_too_long',
  },
];

const taken: Case[] = [
  {
    name: 'an open quote',
    file: 'a.csv',
    content: table(GOOD, '22099131,"台積,112,1', GOOD),
    problem: null,
    good: 2,
    rejected: ['unclosed_quote 3 - lost'],
  },
  {
    name: 'text behind a quote',
    file: 'a.csv',
    content: table(GOOD, '22099131,"台"積,112,1', GOOD),
    problem: null,
    good: 2,
    rejected: ['text_after_quote 3 - lost'],
  },
  {
    name: 'too few and too many cells',
    file: 'a.csv',
    content: table('22099131,a,112', GOOD, '22099131,a,112,1,2'),
    problem: null,
    good: 1,
    rejected: ['column_count 2 - lost', 'column_count 4 - lost'],
  },
  {
    name: 'another separator in some rows',
    file: 'a.csv',
    content: table(GOOD, '22099131;a;112;1'),
    problem: null,
    good: 1,
    rejected: ['column_count 3 - lost'],
  },
  {
    name: 'a last line cut off',
    file: 'a.csv',
    content: `${table(GOOD)}22099131,台`,
    problem: null,
    good: 1,
    rejected: ['truncated_last_line 3 - lost'],
  },
  {
    name: 'NUL bytes in a row',
    file: 'a.csv',
    content: table(GOOD, '22099131,a\0b,112,1'),
    problem: null,
    good: 1,
    rejected: ['control_character 3 - lost'],
  },
  {
    name: 'other control characters',
    file: 'a.csv',
    content: table('22099131,a\u0007b,112,1', GOOD),
    problem: null,
    good: 1,
    rejected: ['control_character 2 - lost'],
  },
  {
    name: 'a row of Big5 in a file of UTF-8',
    file: 'a.csv',
    content: () =>
      Buffer.concat([Buffer.from(table(GOOD)), big5('22099131,台灣積體,112,1\n'), Buffer.from(`${GOOD}\n`)]),
    problem: null,
    good: 2,
    rejected: ['bad_encoding 3 - lost'],
  },
  {
    name: 'a row of UTF-8 in a file of Big5',
    file: 'a.csv',
    content: () =>
      Buffer.concat([
        big5(table(...Array.from({ length: 9 }, () => GOOD))),
        Buffer.from('22099131,臺灣積體電路製造股份有限公司,112,1\n'),
      ]),
    problem: null,
    good: 9,
    rejected: ['bad_encoding 11 - lost'],
  },
  {
    name: 'UTF-16 with an odd byte at the end',
    file: 'a.csv',
    content: () => Buffer.concat([Buffer.from(`\uFEFF${table(GOOD)}`, 'utf16le'), Buffer.from([0x32])]),
    problem: null,
    good: 1,
    rejected: ['truncated_last_line 3 - lost'],
  },
  {
    name: 'a line of 2 MiB',
    file: 'a.csv',
    content: () => table(GOOD, `22099131,${'長'.repeat(700_000)},112,1`, GOOD),
    problem: null,
    good: 2,
    rejected: ['row_too_long 3 - lost'],
  },
  {
    name: 'formulas in CSV',
    file: 'a.csv',
    content: table(GOOD, '22099131,"=HYPERLINK(""http://x"")",112,1', '22099131,a,112,=1+1'),
    problem: null,
    good: 1,
    rejected: ['formula_cell 3 名稱 lost', 'formula_cell 4 代理收付日均餘額 lost'],
  },
  {
    name: 'a UBN that lost its zero',
    file: 'a.csv',
    content: table('4541302,甲,112,1', '4541302,,112,1'),
    problem: null,
    good: 1,
    rejected: ['ubn_leading_zero_lost 2 統一編號 kept', 'ubn_leading_zero_lost 3 統一編號 lost'],
  },
  {
    name: 'UBNs that are none',
    file: 'a.csv',
    content: table('00000000,,112,1', '12345678,,112,1', 'ABC,,112,1', ',,112,1'),
    problem: null,
    good: 0,
    rejected: [
      'ubn_zero 2 統一編號 lost',
      'ubn_check_digit 3 統一編號 lost',
      'ubn_malformed 4 統一編號 lost',
      'missing_name_and_ubn 5 統一編號 lost',
    ],
  },
  {
    name: 'amounts that are none',
    file: 'a.csv',
    content: table(
      '22099131,,112,-5',
      '22099131,,112,1.5',
      '22099131,,112,一百',
      '22099131,,112,99999999999999999999',
      '22099131,,112,',
      GOOD,
    ),
    problem: null,
    good: 1,
    rejected: [
      'amount_negative 2 代理收付日均餘額 lost',
      'amount_fraction 3 代理收付日均餘額 lost',
      'amount_malformed 4 代理收付日均餘額 lost',
      'amount_too_large 5 代理收付日均餘額 lost',
      'missing_value 6 代理收付日均餘額 lost',
    ],
  },
  {
    name: 'years in the future and none',
    file: 'a.csv',
    content: table('22099131,,120,5', '22099131,,x,5', GOOD),
    problem: null,
    good: 1,
    rejected: ['future_date 2 年度 lost', 'year_malformed 3 年度 lost'],
  },
  {
    name: 'days in the future and none',
    file: 'a.csv',
    content:
      '措施,名稱,統一編號,參加日期\n紅隊演練,甲,,2031-01-01\n紅隊演練,甲,,112/13/01\n紅隊演練,甲,,112/12/01\n',
    problem: null,
    good: 1,
    rejected: ['future_date 2 參加日期 lost', 'date_malformed 3 參加日期 lost'],
  },
  {
    name: 'quarters that are none',
    file: 'a.csv',
    content: '季別,名次,賣場名稱,網域\n112Q5,1,甲,a.tw\n112Q3,x,甲,no domain\n112Q3,1,,a.tw\n',
    problem: null,
    good: 1,
    rejected: [
      'quarter_malformed 2 季別 lost',
      'rank_malformed 3 名次 kept',
      'domain_malformed 3 網域 kept',
      'missing_value 4 賣場名稱 lost',
    ],
  },
  {
    name: 'error values of a sheet',
    file: 'a.csv',
    content: table(GOOD, '22099131,#N/A,112,#REF!'),
    problem: null,
    good: 1,
    rejected: ['cell_error 3 代理收付日均餘額 lost', 'cell_error 3 名稱 lost'],
  },
  {
    name: 'a formula with its result in a workbook',
    file: 'a.xlsx',
    content: () =>
      workbook(
        `${headRow}<row r="2">${inline('A2', '22099131')}${inline('B2', '台積')}<c r="C2"><v>112</v></c><c r="D2"><f>50+50</f><v>100</v></c></row>`,
      ),
    problem: null,
    good: 1,
    rejected: ['formula_value_taken 2 代理收付日均餘額 kept'],
  },
  {
    name: 'a formula without result in a workbook',
    file: 'a.xlsx',
    content: () =>
      workbook(
        `${headRow}<row r="2">${inline('A2', '22099131')}${inline('B2', '台積')}<c r="C2"><v>112</v></c><c r="D2"><f>50+50</f></c></row>`,
      ),
    problem: null,
    good: 0,
    rejected: ['formula_cell 2 代理收付日均餘額 lost'],
  },
  {
    name: 'more broken rows than are listed',
    file: 'a.csv',
    content: table(GOOD, ...Array.from({ length: 9 }, () => 'x')),
    problem: null,
    good: 1,
    rejected: ['column_count 3 - lost', 'column_count 4 - lost', 'rejects_not_listed - - lost'],
    limits: { listedRejects: 2 },
  },
  {
    name: 'CR only',
    file: 'a.csv',
    content: table(GOOD, GOOD).replaceAll('\n', '\r'),
    problem: null,
    good: 2,
    rejected: [],
  },
  {
    name: 'two byte-order marks',
    file: 'a.csv',
    content: `\uFEFF\uFEFF${table(GOOD)}`,
    problem: null,
    good: 1,
    rejected: [],
  },
  {
    name: 'a DOS end mark',
    file: 'a.csv',
    content: `${table(GOOD)}\u001A`,
    problem: null,
    good: 1,
    rejected: [],
  },
  { name: 'Big5', file: 'a.csv', content: () => big5(table(GOOD)), problem: null, good: 1, rejected: [] },
  {
    name: 'UTF-16 little-endian without mark',
    file: 'a.csv',
    content: () => Buffer.from(table(GOOD), 'utf16le'),
    problem: null,
    good: 1,
    rejected: [],
  },
  {
    name: 'UTF-16 big-endian with mark',
    file: 'a.csv',
    content: () => utf16be(`\uFEFF${table(GOOD)}`),
    problem: null,
    good: 1,
    rejected: [],
  },
  {
    name: 'UTF-16 big-endian without mark',
    file: 'a.csv',
    content: () => utf16be(table(GOOD)),
    problem: null,
    good: 1,
    rejected: [],
  },
  {
    name: 'tabs',
    file: 'a.csv',
    content: table(GOOD).replaceAll(',', '\t'),
    problem: null,
    good: 1,
    rejected: [],
  },
  {
    name: 'semicolons',
    file: 'a.csv',
    content: table(GOOD).replaceAll(',', ';'),
    problem: null,
    good: 1,
    rejected: [],
  },
  {
    name: 'quoted headers, blanks and full-width digits',
    file: 'a.csv',
    content:
      '" 統一編號 ","名　稱",年度,代理收付日均餘額,備註\n２２０９９１３１, 甲 ,１１２,"１，０００",x\n',
    problem: null,
    good: 1,
    rejected: [],
  },
  {
    name: 'a title above the header',
    file: 'a.csv',
    content: `112年度函復\n製表：某局,,\n${table(GOOD)}`,
    problem: null,
    good: 1,
    rejected: [],
  },
  {
    name: 'gzip named csv',
    file: 'a.csv',
    content: () => gzipSync(Buffer.from(table(GOOD))),
    problem: null,
    good: 1,
    rejected: [],
  },
];

const places = (sentence: string): string[] =>
  [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();

/** What became of the file of a case. */
interface Seen {
  readonly file: ReadFile;
  readonly listed: number;
  readonly replies: number;
  readonly rejected: readonly string[];
}

/** Reads the files of the cases in one go, beside a whole one, and answers what became of each. */
async function readTogether(cases: readonly Case[], limits: Partial<ReadLimits> = {}): Promise<Seen[]> {
  const files: Record<string, string | Uint8Array> = {};
  for (const [index, { file, content }] of cases.entries())
    files[nameOf(index, file)] = typeof content === 'function' ? await content() : content;
  const seen: Seen[] = [];
  await reading(
    { ...files, 'zz-good.csv': table(GOOD).replace('100', '777') },
    async ({ report, rows, rejected }) => {
      assert.equal(report.files.length, cases.length + 1);
      for (const file of report.files.slice(0, -1)) {
        const ofFile = `WHERE file_id = ${file.fileId}`;
        seen.push({
          file,
          listed: (await rows(`SELECT * FROM source_file ${ofFile}`)).length,
          replies: (await rows(`SELECT * FROM src_fsc_reply ${ofFile}`)).length,
          rejected: await rejected(file.fileId),
        });
      }
      const whole = report.files.at(-1)!;
      assert.equal(whole.name, 'zz-good.csv');
      if (Object.keys(limits).length === 0) assert.equal(whole.goodRows, 1);
    },
    { limits },
  );
  return seen;
}

/** Letters of their own in front, in the order of the cases: digits could be read as a day. */
const nameOf = (index: number, file: string): string =>
  `${String.fromCharCode(97 + Math.floor(index / 26), 97 + (index % 26))}-${file}`;

function judge({ problem: code, good = 0, rejected }: Case, seen: Seen): void {
  assert.equal(seen.file.problem?.code ?? null, code);
  assert.equal(seen.file.goodRows, good);
  assert.equal(seen.listed, 1);
  assert.match(seen.file.sha256, /^[0-9a-f]{64}$/);
  if (code !== null) {
    assert.ok(seen.file.problem!.zh.length > 5 && seen.file.problem!.en.length > 5);
    assert.doesNotMatch(seen.file.problem!.zh + seen.file.problem!.en, /\{\w+\}/);
    assert.equal(seen.replies, 0);
  }
  if (rejected !== undefined) assert.deepEqual([...seen.rejected].sort(), [...rejected].sort());
}

describe('broken files', () => {
  const cases = [...refused, ...taken];
  const together = cases.filter((one) => one.limits === undefined);
  let seen: readonly Seen[] = [];
  before(async () => {
    seen = await readTogether(together);
  });
  for (const one of cases)
    it(`${one.name}: ${one.problem ?? `${one.good ?? 0} rows taken`}`, async () => {
      const [found] =
        one.limits === undefined ? [seen[together.indexOf(one)]] : await readTogether([one], one.limits);
      judge(one, found!);
    });

  it('an archive inside an archive is refused, the files beside it are taken', async () => {
    const inner = zipSync({ 'x.csv': text(table(GOOD)) });
    await reading(
      {
        'a.zip': zipSync({
          'in.zip': inner,
          'in.gz': gzipSync(Buffer.from('x')),
          'ok.csv': text(table(GOOD)),
        }),
      },
      ({ report }) => {
        const found = report.files.map((file) => `${file.name} ${file.problem?.code ?? file.goodRows}`);
        assert.deepEqual(found, [
          'a.zip/in.zip archive_nested',
          'a.zip/in.gz archive_nested',
          'a.zip/ok.csv 1',
        ]);
      },
    );
  });

  it('an archive that lies about a size is found out', async () => {
    const zip = lying(zipSync({ 'a.csv': text(table(...Array.from({ length: 2000 }, () => GOOD))) }), 100);
    await reading({ 'a.zip': zip }, ({ report }) => {
      assert.equal(report.files[0]!.problem?.code, 'archive_broken');
      assert.equal(report.anything, false);
    });
  });

  it('a workbook with a broken sheet never ends the process', async () => {
    const broken = workbook('<row r="1"><c r="A1" t="inlineStr"><is><t>a');
    await reading({ 'a.xlsx': broken, 'b.csv': table(GOOD) }, ({ report }) => {
      assert.notEqual(report.files[0]!.problem, null);
      assert.equal(report.files[1]!.goodRows, 1);
    });
  });

  it('a workbook that needs more heap than its thread has is refused', async () => {
    const rows = `${headRow}${Array.from({ length: 120_000 }, (_, i) => `<row r="${i + 2}">${inline(`A${i + 2}`, `x${i}`)}</row>`).join('')}`;
    await reading(
      { 'a.xlsx': workbook(rows), 'b.csv': table(GOOD) },
      ({ report }) => {
        assert.equal(report.files[0]!.problem?.code, 'sheet_too_large');
        assert.equal(report.files[1]!.goodRows, 1);
      },
      { limits: { sheetHeapMiB: 24 } },
    );
  });

  it('the same content twice is taken once', async () => {
    await reading({ 'a.csv': table(GOOD), 'b.csv': table(GOOD) }, ({ report }) => {
      assert.deepEqual(
        report.files.map((file) => file.problem?.code ?? file.goodRows),
        [1, 'duplicate_content'],
      );
    });
  });

  it('a missing file and a folder given as a file are listed', async () => {
    await reading(
      { 'b.csv': table(GOOD) },
      ({ report }) => {
        assert.deepEqual(
          report.files.map((file) => file.problem?.code ?? file.goodRows),
          [1, 'unreadable', 'not_a_file'],
        );
      },
      { files: [{ path: '/nonexistent/x.csv' }, { path: '/', name: 'root' }] },
    );
  });

  it('the text of a broken row is not listed where the file holds personal data', async () => {
    const content = `統一編號,公司名稱,負責人,公司地址,資本總額,實收資本額,在境內營運資金,公司狀態,產製日期\n22099131,台積,王小明,新竹,1,1,,核准設立\n`;
    await reading({ 'a.csv': content }, async ({ rows }) => {
      assert.doesNotMatch(JSON.stringify(await rows('SELECT * FROM rejected_cell')), /王小明/);
    });
  });

  it('an aborted read leaves nothing of the file', async () => {
    const stop = new AbortController();
    await assert.rejects(
      reading({ 'a.csv': table(GOOD) }, () => undefined, {
        signal: stop.signal,
        onProgress: () => stop.abort(new Error('stopped')),
      }),
      /stopped/,
    );
  });

  it('every problem has a text in both languages with the same places', () => {
    for (const code of problemCodes) {
      const { zh, en } = problem(code);
      assert.deepEqual(places(zh), places(en), code);
      assert.match(zh, /\p{Script=Han}/u);
    }
  });
});
