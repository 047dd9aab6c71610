import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldErrors } from './field-errors.ts';

test('the errors of a problem are found by the name of their field, the first of each', () => {
  const errors = [
    { pointer: '/email', code: 'format', message: 'no address' },
    { pointer: '/email', code: 'long', message: 'too long' },
    { pointer: '/recipients/3/phone', code: 'short', message: 'one digit short' },
    { pointer: '/a~1b', code: 'x', message: 'slash' },
  ];
  assert.deepEqual(fieldErrors({ errors }), {
    email: 'no address',
    'recipients.3.phone': 'one digit short',
    'a/b': 'slash',
  });
  assert.deepEqual(fieldErrors({}), {});
});
