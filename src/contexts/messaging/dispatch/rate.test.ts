import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Rate } from './rate.ts';

/** Sends as fast as allowed on a clock of its own; pauses come as given. Answers the moments of all parts. */
function run(rate: number, seconds: number, pauseOf: (at: number) => number): number[] {
  let now = 0;
  const bucket = new Rate({ partsPerSecond: rate, now: () => now });
  const sent: number[] = [];
  while (now < seconds * 1000) {
    const count = bucket.available;
    if (count > 0) {
      bucket.take(count);
      const { slot } = bucket;
      now += pauseOf(now);
      bucket.written(count, slot);
      for (let part = 0; part < count; part++) sent.push(now);
    }
    now += Math.max(0.2, bucket.waitMs());
  }
  return sent;
}

function busiestSecond(sent: readonly number[]): number {
  let from = 0;
  let most = 0;
  sent.forEach((at, index) => {
    while ((sent[from] as number) <= at - 1000) from++;
    most = Math.max(most, index - from + 1);
  });
  return most;
}

test('at least 99 % of the contract is used, and no second carries more than 1 % above it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(100, 500, 1000, 3000),
      fc.integer({ min: 1, max: 1_000_000 }),
      (rate, seed) => {
        let state = seed;
        const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
        // Commits of 1 to 5 ms, one in fifty of 40 ms.
        const sent = run(rate, 20, () => (random() < 0.02 ? 40 : 1 + random() * 4));
        const used = sent.filter((at) => at >= 1000 && at < 19_000).length / (rate * 18);
        assert.ok(used >= 0.99, `${used} of ${rate}`);
        assert.ok(busiestSecond(sent) <= rate * 1.01 + 1, `${busiestSecond(sent)} of ${rate}`);
      },
    ),
    { numRuns: 20 },
  );
});

test('a throttled bind sends half, and the whole again within five seconds after the storm', () => {
  let now = 0;
  const rate = new Rate({ partsPerSecond: 1000, now: () => now });
  for (now = 1000; now < 6000; now += 300) rate.throttled();
  assert.ok(rate.current <= 150, `${rate.current}`);
  now += 5000;
  assert.ok(rate.current >= 950, `${rate.current}`);
});

test('answers of one window that are all throttled halve the rate once', () => {
  let now = 5000;
  const rate = new Rate({ partsPerSecond: 1000, now: () => now });
  for (let answer = 0; answer < 100; answer++) rate.throttled();
  assert.equal(rate.current, 500);
  assert.equal(rate.available, 0);
  now += 2000;
  assert.ok(rate.available > 0);
});

test('a text of more parts than the rate goes when nothing else does, and the debt is worked off', () => {
  let now = 0;
  const rate = new Rate({ partsPerSecond: 2, now: () => now });
  now = 1000;
  assert.ok(rate.allows(5));
  rate.take(5);
  now = 2000;
  assert.equal(rate.allows(1), false);
  now = 4000;
  assert.ok(rate.allows(1));
});
