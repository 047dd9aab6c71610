import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from './id.ts';

test('ids of one process sort in the order they were made and never repeat', () => {
  const made = Array.from({ length: 20_000 }, () => newId('job'));
  assert.deepEqual([...made].sort(), made);
  assert.equal(new Set(made).size, made.length);
});

test('an id is its prefix and 26 base32 characters that begin with the time', () => {
  const before = Date.now();
  const id = newId('vlt');
  assert.match(id, /^vlt_[0-9a-hjkmnp-tv-z]{26}$/);
  // 26 characters are 130 bits; the first ten hold two zero bits and the 48 bits of the time.
  const digits = Array.from(id.slice(4, 14), (letter) => '0123456789abcdefghjkmnpqrstvwxyz'.indexOf(letter));
  const milliseconds = digits.reduce((sum, digit) => sum * 32 + digit, 0);
  assert.ok(milliseconds >= before && milliseconds <= Date.now() + 1);
});
