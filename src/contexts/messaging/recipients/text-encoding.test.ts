import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EncodingJudge, LOST, QUESTIONED, type EncodingFinding } from './text-encoding.ts';

function judge(bytes: Buffer, step = bytes.length): EncodingFinding {
  const judging = new EncodingJudge();
  for (let at = 0; at < bytes.length; at += step) judging.take(bytes.subarray(at, at + step));
  return judging.end();
}

/** 手機,姓名 / 0912345678,王小明 in CP950. */
const BIG5 = Buffer.from(
  `a4e2bef72ca96da6570d0a${Buffer.from('0912345678,').toString('hex')}a4fda470a9fa0d0a`,
  'hex',
);

test('a file is UTF-8 only if all of it is, wherever its chunks are cut', () => {
  const text = `手機,姓名\n${'0912345678,王小明𠮷\n'.repeat(50)}`;
  for (const step of [1, 2, 3, 5, 1000]) assert.equal(judge(Buffer.from(text), step).encoding, 'utf-8');
  const spoilt = Buffer.concat([Buffer.from(text), BIG5]);
  for (const step of [1, 7, 100_000]) assert.equal(judge(spoilt, step).encoding, 'big5');
  const cut = Buffer.from(text).subarray(0, Buffer.from('手機,姓').length - 1);
  assert.equal(judge(cut, 2).encoding, 'big5');
});

test('marks and zero bytes tell UTF-16, with and without a mark', () => {
  const text = '手機\t姓名\r\n0912345678\t王小明\r\n';
  const little = Buffer.from(text, 'utf16le');
  assert.deepEqual(judge(Buffer.concat([Buffer.from([0xff, 0xfe]), little])).encoding, 'utf-16le');
  assert.equal(judge(little, 3).encoding, 'utf-16le');
  assert.equal(judge(Buffer.from(little).swap16()).encoding, 'utf-16be');
  assert.equal(judge(Buffer.from(`\uFEFF${text}`)).by, 'mark');
  assert.equal(judge(BIG5).encoding, 'big5');
  assert.equal(judge(Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 37) % 23))).binary, true);
});

test('what CP950 could not say is found: private use, replacement, question marks in names', () => {
  const big5 = new TextDecoder('big5');
  assert.match(big5.decode(Buffer.from('a4fdfa40', 'hex')), LOST);
  assert.match(big5.decode(Buffer.from('a4fdff', 'hex')), LOST);
  assert.doesNotMatch(big5.decode(BIG5), LOST);
  for (const name of ['游錫?先生', '游錫?', '?小明', '陳?', '歐陽??']) assert.match(name, QUESTIONED);
  for (const words of ['好嗎? 請回覆?', '您方便來領嗎?', '??', 'A?']) assert.doesNotMatch(words, QUESTIONED);
});
