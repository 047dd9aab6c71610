import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { periodOf } from './period.ts';

describe('the period of a report', () => {
  it('is the last thirty days in Taipei where nothing is chosen', () => {
    const now = new Date('2026-11-20T17:00:00Z');
    assert.deepEqual(periodOf({}, now), { from: '2026-10-23', until: '2026-11-21' });
  });

  it('is put in order where its days were chosen the wrong way round', () => {
    assert.deepEqual(periodOf({ from: '2026-11-05', until: '2026-11-01' }), {
      from: '2026-11-01',
      until: '2026-11-05',
    });
  });
});
