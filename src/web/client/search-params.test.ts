import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as assertProperty, dictionary, property, string } from 'fast-check';
import { flag, isoDay, oneOf, parseSearch, readAddress, text, whole, writeAddress } from './search-params.ts';

const schema = {
  q: text(10),
  state: oneOf('open', 'resolved'),
  page: whole(1, 99),
  on: isoDay(),
  all: flag(),
};

test('an address is read into the filters that the page names; the rest and the invalid are dropped', () => {
  const raw = readAddress('?q=%2012345678%20&state=gone&page=0&on=2023-02-30&all=yes&x=1');
  assert.deepEqual(parseSearch(schema, raw), { q: '12345678' });
});

test('numbers, days and flags come back typed', () => {
  const raw = readAddress('?state=open&page=7&on=2024-02-29&all=true');
  assert.deepEqual(parseSearch(schema, raw), { state: 'open', page: 7, on: '2024-02-29', all: true });
});

test('whatever text is written into an address is read back the same', () => {
  assertProperty(
    property(
      dictionary(
        string({ minLength: 1 }).filter((name) => name !== '__proto__'),
        string({ minLength: 1 }),
      ),
      (values) => {
        assert.deepEqual({ ...readAddress(writeAddress(values)) }, { ...values });
      },
    ),
  );
});

test('filters that are not set leave the address clean', () => {
  assert.equal(writeAddress({ q: '', state: undefined, page: null }), '');
});
