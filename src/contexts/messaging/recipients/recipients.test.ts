import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeOds } from 'hucre/ods';
import { writeXlsx } from 'hucre/xlsx';
import { decodeChunk, type ChunkContent } from '../chunk.ts';
import { FileRefusal, recipientLimits, type Reading } from './reading.ts';
import type { ReadJob } from './read-file.ts';
import { readRecipients } from './read-recipients.ts';
import type { ListedRow, RenderedRow } from './row-checker.ts';
import { FrameSealer, readSealed } from './sealed-file.ts';
import { writeFileSync } from 'node:fs';

const folder = mkdtempSync(join(tmpdir(), 'xinlai-recipients-'));
after(() => rmSync(folder, { recursive: true }));
const key = randomBytes(32);
const place = (name: string) => ({ path: join(folder, name), name });

const rules: ReadJob['rules'] = {
  service: { name: '數位發展部', contactNumbers: ['0223808411'], linkHosts: [] },
  version: {
    body: '{{姓名}}您好，您的補助 {{金額}} 元已核定。如有疑問請洽',
    contactNumber: '02-2380-8411',
    fields: [
      { name: '姓名', type: 'text', maxLength: 20 },
      { name: '金額', type: 'amount', maxLength: 12 },
    ],
    formatPackId: '2025',
  },
  day: '2026-11-21',
};

interface Read {
  readonly reading: Reading;
  readonly chunks: readonly ChunkContent[];
  readonly listed: readonly ListedRow[];
  readonly preview: readonly RenderedRow[];
}

async function read(bytes: Buffer, options: Partial<ReadJob> = {}): Promise<Read> {
  const upload = place('upload');
  const sealer = new FrameSealer(key, upload.name);
  const half = bytes.length >> 1;
  writeFileSync(
    upload.path,
    Buffer.concat([
      sealer.header,
      sealer.seal(bytes.subarray(0, half), false),
      sealer.seal(bytes.subarray(half), true),
    ]),
  );
  const job: ReadJob = {
    key,
    upload,
    good: place('good'),
    listed: place('listed'),
    preview: place('preview'),
    earlier: [],
    kind: 'text',
    encoding: 'utf-8',
    delimiter: null,
    columns: {},
    allowDuplicates: false,
    rules,
    limits: recipientLimits,
    ...options,
  };
  const reading = await readRecipients(job);
  const frames = ({ path, name }: { path: string; name: string }): string[] =>
    [...readSealed(path, key, name)].map(({ content }) => content.toString());
  return {
    reading,
    chunks: frames(job.good).map(decodeChunk),
    listed: frames(job.listed).flatMap((text) => JSON.parse(text) as ListedRow[]),
    preview: frames(job.preview).flatMap((text) => JSON.parse(text) as RenderedRow[]),
  };
}

const CSV = [
  '姓名,手機,金額',
  '王小明,0912345678,"1,200"',
  '',
  '李大同,912345679,300',
  '陳一,02-23808411,300',
  '林二,8.86912E+11,300',
  '王小明,0912-345-678,300',
  '張三,0933000001,三百',
  '游錫?先生,0933000002,5',
].join('\r\n');

test('good rows become chunks, bad ones are listed with row, column and reason, and the sum is the rows', async () => {
  const { reading, chunks, listed, preview } = await read(Buffer.from(CSV));
  assert.deepEqual(
    [reading.rows, reading.good, reading.bad, reading.duplicates, reading.flagged],
    [7, 3, 3, 1, 1],
  );
  assert.deepEqual(chunks, [
    {
      numbers: ['912345678', '912345679', '933000002'],
      fields: { 姓名: ['王小明', '李大同', '游錫?先生'], 金額: ['1,200', '300', '5'] },
      parts: [1, 1, 1],
    },
  ]);
  assert.deepEqual(
    listed.map(({ row, kept, problems }) => [
      row,
      kept,
      ...problems.map(({ code, column }) => `${code} ${column}`),
    ]),
    [
      [5, false, 'number_landline 1'],
      [6, false, 'number_excel 1'],
      [7, false, 'duplicate 1'],
      [8, false, 'value_amount 2'],
      [9, true, 'character_questioned 0'],
    ],
  );
  assert.deepEqual(reading.repairs, { 'leading-zero': 1 });
  assert.equal(preview[0]?.text.startsWith('678數位發展部：王小明您好'), true);
  assert.deepEqual(
    [reading.parts, reading.partCount, reading.fieldColumns],
    [{ 1: 3 }, 3, { 姓名: '姓名', 金額: '金額' }],
  );
});

test('Big5, UTF-16 with tabs, XLSX and ODS say the same as UTF-8', async () => {
  const rows = [
    ['姓名', '手機', '金額'],
    ['王小明', '0912345678', '300'],
    ['李四', '912345679', '40'],
  ];
  const utf16 = Buffer.from(`\uFEFF${rows.map((row) => row.join('\t')).join('\r\n')}`, 'utf16le');
  const big5 = Buffer.from(
    'a96da6572ca4e2bef72caaf7c3420d0aa4fda470a9fa2c303931323334353637382c3330300d0aa7f5a57c2c3931323334353637392c34300d0a',
    'hex',
  );
  const sheet = {
    sheets: [
      { name: '空白', rows: [] },
      { name: '名單', rows: [rows[0]!, ['王小明', '0912345678', 300], ['李四', 912_345_679, 40]] },
    ],
  };
  const expected = (await read(Buffer.from(rows.join('\n')))).chunks;
  assert.equal(expected[0]?.numbers.length, 2);
  assert.deepEqual((await read(utf16, { encoding: 'utf-16le' })).chunks, expected);
  assert.deepEqual((await read(big5, { encoding: 'big5' })).chunks, expected);
  const workbook = { kind: 'workbook' } as const;
  assert.deepEqual((await read(Buffer.from(await writeXlsx(sheet)), workbook)).chunks, expected);
  assert.deepEqual((await read(Buffer.from(await writeOds(sheet)), workbook)).chunks, expected);
});

test('a private Big5 character rejects its row and no other; a byte that is none does not swallow the next cell', async () => {
  const lines = [
    'a96da6572ca4e2bef72caaf7c342',
    `a4fdfa402c${Buffer.from('0912345678,1').toString('hex')}`,
    `a4fda4702c${Buffer.from('0912345679,1').toString('hex')}`,
    `a4fda42c${Buffer.from('0912345670,1').toString('hex')}`,
  ];
  const { reading, listed } = await read(Buffer.from(lines.join('0d0a'), 'hex'), { encoding: 'big5' });
  assert.deepEqual([reading.good, reading.bad], [1, 2]);
  assert.deepEqual(
    listed.map(({ row, problems }) => [row, problems[0]?.code]),
    [
      [2, 'character_lost'],
      [4, 'character_lost'],
    ],
  );
});

test('numbers of files that were read before are duplicates, unless the agency allows them', async () => {
  const first = Buffer.from('手機,姓名,金額\n0912345678,王,1\n');
  await read(first, { good: place('earlier') });
  const earlier = [place('earlier')];
  assert.equal((await read(first, { earlier })).reading.duplicates, 1);
  assert.equal((await read(first, { earlier, allowDuplicates: true })).reading.good, 1);
});

test('a file that cannot be read at all says why, and leaves nothing that could be taken for whole', async () => {
  const refused = async (bytes: Buffer, fault: string, options: Partial<ReadJob> = {}): Promise<void> => {
    await assert.rejects(
      read(bytes, options),
      (error) => error instanceof FileRefusal && error.fault === fault,
    );
    assert.throws(() => [...readSealed(place('good').path, key, 'good')]);
  };
  await refused(Buffer.from('手機,金額\n0912345678,1\n'), 'field_columns_missing');
  await refused(Buffer.from('姓名,金額,備註\n王,1,x\n'), 'phone_column_missing');
  await refused(Buffer.from('\n\n'), 'empty_file');
  await refused(Buffer.from(CSV), 'too_many_rows', { limits: { ...recipientLimits, rows: 2 } });
  await refused(Buffer.from('PK\u0003\u0004 no archive'), 'workbook_broken', { kind: 'workbook' });
});
