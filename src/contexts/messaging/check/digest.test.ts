import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalText, checkKeyOf, digestOf } from './digest.ts';

const bytes = randomBytes(32);
const key = checkKeyOf(bytes);

test('a digest is the first 64 bits of SHA-256 over the key in a block of its own, last digits and canonical text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const expected = createHash('sha256')
        .update(bytes)
        .update(Buffer.alloc(32))
        .update(Buffer.from(`678${canonicalText(text)}`, 'utf16le'))
        .digest()
        .readBigInt64BE(0);
      assert.equal(digestOf('678', text, key), expected);
    }),
  );
});

test('the quick way for usual characters gives what NFKC without white space gives', () => {
  for (let code = 0x20; code < 0x10000; code += 1) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const text = `甲${String.fromCharCode(code)}乙`;
    const full = text.normalize('NFKC').replaceAll(/[\s\u180e\u200b-\u200d\u2060\ufeff]/gu, '');
    const expected = createHash('sha256')
      .update(bytes)
      .update(Buffer.alloc(32))
      .update(Buffer.from(full, 'utf16le'))
      .digest()
      .readBigInt64BE(0);
    assert.equal(digestOf('', text, key), expected, code.toString(16));
  }
});

test('white space and width do not count, any other character does', () => {
  const said = digestOf('678', '678甲機關：請洽 0800-009-868', key);
  assert.equal(digestOf('678', '678甲機關:請洽\n０８００－００９－８６８', key), said);
  assert.notEqual(digestOf('678', '678甲機關：請洽 0800-009-869', key), said);
  assert.notEqual(digestOf('679', '678甲機關：請洽 0800-009-868', key), said);
  assert.notEqual(digestOf('678', '678甲機關：請洽 0800-009-868', checkKeyOf(randomBytes(32))), said);
});
