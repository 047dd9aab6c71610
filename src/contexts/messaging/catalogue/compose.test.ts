import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { composer } from './compose.ts';
import { checkDraft, type Draft } from './draft-rules.ts';
import { checkValue } from './field-values.ts';
import { formatPackById, formatPackOn, formatPacks } from './format-pack.ts';
import { readContactNumber } from './phone-numbers.ts';
import { hashContent } from './version-content.ts';

const service = { name: '數位發展部', contactNumbers: ['02-2380-8411'], linkHosts: [] };
const contactNumber = '02-2380-8411';
const text = (name: string) => ({ name, type: 'text' as const, maxLength: 40 });
const pack = (id: string) => {
  const found = formatPackById(id);
  assert.ok(found);
  return found;
};

test('a text of the form of 2023 is made again byte for byte', () => {
  const version = {
    body: '您已申請並同意{{what}}，如非您本人下載，請洽 ',
    fields: [text('what')],
    contactNumber: '0800-009-868',
    formatPack: pack('2023'),
  };
  const { compose } = composer({ service: { name: 'MyData平臺' }, version });
  const made = compose('912345678', () => '下載資料');
  assert.equal(made, 'MyData平臺：您已申請並同意下載資料，如非您本人下載，請洽 0800-009-868');
});

test('since June 2025 the last three digits of the recipient come first', () => {
  const version = { body: '請洽 ', fields: [], contactNumber, formatPack: pack('2025') };
  const { compose } = composer({ service, version });
  assert.equal(
    compose('912345678', () => ''),
    '678數位發展部：請洽 02-2380-8411',
  );
  assert.equal(
    compose('987654321', () => ''),
    '321數位發展部：請洽 02-2380-8411',
  );
});

test('a new version takes the pack of its day, and an old pack is never changed', () => {
  assert.equal(formatPackOn(Temporal.PlainDate.from('2025-05-31')).id, '2023');
  assert.equal(formatPackOn(Temporal.PlainDate.from('2025-06-01')).id, '2025');
  assert.equal(formatPackOn(Temporal.PlainDate.from('2020-01-01')).id, '2023');
  const hashes = formatPacks.map((formatPack) =>
    hashContent({
      serviceId: 'svc_1',
      serviceName: '數位發展部',
      class: 'batch',
      outcomePolicy: 'once',
      body: '請洽 ',
      fields: [],
      contactNumber,
      formatPack,
    }).toString('hex'),
  );
  assert.deepEqual(hashes, [
    '374e9119026328b1154fae916fb3c4f1d2cda3e522999d3c7bc8f334b0b07abc',
    '78eac28877bb0308def909ba4f8869228b5cb3d2ee07ccf16530f9a209d4abd1',
  ]);
});

/** Values that try everything: braces, names of fields, digits, signs of direction, line breaks. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('{{b}}', '{{a}}', '：', '02-2380-8411', '$&', '$1', '\u202e', '\n', '１２３', '\u200b'),
);
const words = fc.string({
  unit: fc.constantFrom('您', '好', '，', '元', ' ', '。', 'A', '1'),
  maxLength: 12,
});

test('a value changes neither what stands before the body nor what stands behind it', () => {
  fc.assert(
    fc.property(
      words,
      words,
      nasty,
      nasty,
      fc.constantFrom('2023', '2025'),
      fc.stringMatching(/^9\d{8}$/u),
      (before, between, a, b, packId, number9) => {
        const version = {
          body: `${before}{{a}}${between}{{b}}，請洽 `,
          fields: [text('a'), text('b')],
          contactNumber,
          formatPack: pack(packId),
        };
        const made = composer({ service, version }).compose(number9, (field) => [a, b][field] as string);
        const lead = packId === '2025' ? number9.slice(6) : '';
        assert.equal(made, `${lead}數位發展部：${before}${a}${between}${b}，請洽 02-2380-8411`);
      },
    ),
  );
});

test('a body that composes never lets a value run into the contact number', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('請', '洽', '{{a}}', '1', '-', ' ', '(', '，', '）', 'A', '/', '０', '+'),
        maxLength: 8,
      }),
      (body) => {
        const draft: Draft = { body, fields: [text('a')], contactNumber };
        if (checkDraft(draft, service).length > 0) return;
        assert.match(body, /[\s\p{sc=Han}，）]$/u);
      },
    ),
  );
});

test('a value that is let in holds no address, no telephone number and no line break', () => {
  const hidden = fc.constantFrom(
    'https://evil.com',
    'evil.com/x',
    'bit.ly/3x',
    'ｅｖｉｌ．ｃｏｍ',
    '0912345678',
    '0912-345-678',
    '０９１２３４５６７８',
    '02-2380-8411',
    '+886912345678',
    '+86 138 0013 8000',
    '\n',
    '\r',
    '\u200b',
    '\u202e',
    '\u2028',
    '\ufffd',
  );
  const around = fc.string({ unit: fc.constantFrom('王', '小', '明', ' ', '，'), maxLength: 6 });
  fc.assert(
    fc.property(around, hidden, around, (before, value, after) => {
      const problem = checkValue(text('a'), `${before}${value}${after}`);
      assert.equal(problem?.level, 'refuse', JSON.stringify([before, value, after]));
    }),
  );
});

test('a value is judged by the type of its field', () => {
  const good = {
    text: ['王小明', '2026-11-21', 'A 棟', '第12期', '3.5 元', 'Mr. Wang'],
    number: ['12', '1,234.5', '-3'],
    amount: ['0', '1200', '1,200', '12,345,678'],
    date: ['2026-11-21', '115/11/21', '11月30日', '11/30', '115年2月29日', '民國115年1月1日'],
    time: ['14:30', '9:05', '下午2時30分', '24:00'],
    code: ['A1B2C3', '123456', 'AB-12'],
    link: ['https://moda.gov.tw/x'],
    phone: ['02-2380-8411', '1922'],
  } as const;
  const bad = {
    text: ['', ' ', '　'],
    number: ['一', '1,23', '0912345678', '1e5'],
    amount: ['01', '1.5', '-1', '1,20', 'NT$5'],
    date: ['13/01', '2026-02-30', '明天', '11/31', '2026'],
    time: ['25:00', '14:60', '早上'],
    code: ['A B', '代碼', '0912345678'],
    link: ['http://moda.gov.tw', 'moda.gov.tw', 'https://мода.gov.tw'],
    phone: ['12345678', '明天'],
  } as const;
  for (const type of Object.keys(good) as (keyof typeof good)[]) {
    const field = { name: 'f', type, maxLength: 60 };
    for (const value of good[type]) assert.equal(checkValue(field, value), null, `${type} ${value}`);
    for (const value of bad[type])
      assert.equal(checkValue(field, value)?.level, 'refuse', `${type} ${value}`);
  }
  assert.equal(checkValue({ name: 'f', type: 'text', maxLength: 2 }, '王小明')?.code, 'value_too_long');
});

test('a contact number is written as a phone dials it', () => {
  const written = (number: string) => readContactNumber(number)?.written ?? null;
  assert.equal(written('0800009868'), '0800-009-868');
  assert.equal(written('(02)2380-8411'), '02-2380-8411');
  assert.equal(written('+886 2 2380 8411'), '02-2380-8411');
  assert.equal(written('1922'), '1922');
  assert.equal(written('165'), '165');
  assert.equal(written('111'), null);
  assert.equal(written('0912-345-678'), null);
  assert.equal(written('02-2380-8411#12'), null);
});
