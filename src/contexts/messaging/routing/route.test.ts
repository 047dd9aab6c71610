import assert from 'node:assert/strict';
import { test } from 'node:test';
import { telecomOfRange } from './number-range.ts';
import { cachedLookup } from './portability.ts';
import { wayTo } from './route.ts';
import type { Telecom } from './telecoms.ts';

test('the longest prefix of a range names the telecom, merged carriers under the telecom of today', () => {
  assert.equal(telecomOfRange('900123456'), 'fet');
  assert.equal(telecomOfRange('900612345'), 'cht');
  assert.equal(telecomOfRange('902012345'), 'twm');
  assert.equal(telecomOfRange('999999999') === null, telecomOfRange('999999998') === null);
});

test('a telecom without a link is reached through one that takes its numbers', () => {
  const cht = { telecom: 'cht', options: {} };
  const fet = { telecom: 'fet', options: { accepts: 'all' } };
  assert.equal(wayTo('cht', [fet, cht]), 'cht');
  assert.equal(wayTo('twm', [cht, fet]), 'fet');
  assert.equal(wayTo('twm', [cht]), 'twm');
  assert.equal(wayTo('twm', [{ telecom: 'cht', options: { accepts: ['twm'] } }]), 'cht');
});

test('answers on ported numbers are remembered for a time, also that a number was not ported, and bounded', async () => {
  const asked: string[][] = [];
  let instant = 0;
  const lookup = cachedLookup(
    {
      async portedTo(numbers) {
        asked.push([...numbers]);
        return new Map<string, Telecom>(numbers.includes('912000001') ? [['912000001', 'fet']] : []);
      },
    },
    { most: 3, holdsMs: 1000, now: () => instant },
  );
  assert.deepEqual([...(await lookup.portedTo(['912000001', '912000002']))], [['912000001', 'fet']]);
  await lookup.portedTo(['912000001', '912000002']);
  assert.equal(asked.length, 1);
  instant = 1001;
  await lookup.portedTo(['912000002']);
  assert.deepEqual(asked.at(-1), ['912000002']);
  await lookup.portedTo(['912000003', '912000004']);
  await lookup.portedTo(['912000001']);
  assert.deepEqual(asked.at(-1), ['912000001'], 'the oldest answer was forgotten');
});
