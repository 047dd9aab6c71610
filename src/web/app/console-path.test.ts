import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consolePath } from './console-path.ts';

test('a link of a notice stays within the console', () => {
  assert.equal(consolePath('/findings/fnd_1'), '/console/findings/fnd_1');
  assert.equal(consolePath('/console/jobs'), '/console/jobs');
  for (const foreign of [
    'https://elsewhere.example/',
    '//elsewhere.example',
    '/\\elsewhere.example',
    'javascript:alert(1)',
    '',
  ])
    assert.equal(consolePath(foreign), '/console/');
});
