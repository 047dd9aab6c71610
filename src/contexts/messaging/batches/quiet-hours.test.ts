import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWithin, lastOut, nextWithin } from './quiet-hours.ts';

const hours = { from: '08:00:00', until: '21:00:00' };
const at = (local: string): Temporal.Instant => Temporal.Instant.from(`${local}+08:00`);

test('texts go out from the first minute of the hours to the last before the night', () => {
  assert.equal(isWithin(hours, at('2026-11-21T08:00:00')), true);
  assert.equal(isWithin(hours, at('2026-11-21T21:00:00')), false);
  assert.equal(isWithin({ from: '22:00:00', until: '06:00:00' }, at('2026-11-21T23:00:00')), true);
  assert.equal(isWithin({ from: '00:00:00', until: '00:00:00' }, at('2026-11-21T03:00:00')), true);
  assert.ok(nextWithin(hours, at('2026-11-21T22:00:00')).equals(at('2026-11-22T08:00:00')));
  assert.ok(nextWithin(hours, at('2026-11-21T07:00:00')).equals(at('2026-11-21T08:00:00')));
});

test('the time to the last recipient leaves the nights out', () => {
  assert.ok(lastOut(hours, at('2026-11-21T20:00:00'), 1800).equals(at('2026-11-21T20:30:00')));
  assert.ok(lastOut(hours, at('2026-11-21T20:00:00'), 7200).equals(at('2026-11-22T09:00:00')));
  assert.ok(lastOut(hours, at('2026-11-21T22:00:00'), 60).equals(at('2026-11-22T08:01:00')));
  assert.ok(lastOut(hours, at('2026-11-21T08:00:00'), 14 * 3600).equals(at('2026-11-22T09:00:00')));
});
