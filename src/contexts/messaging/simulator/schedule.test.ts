import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Fingerprints } from './fingerprints.ts';
import { RateLimit } from './rate-limit.ts';
import { Schedule } from './schedule.ts';

test('work is done in the order of its time, and of its giving within a millisecond', async () => {
  const schedule = new Schedule();
  const done: string[] = [];
  for (const [delay, name] of [
    [40, 'd'],
    [5, 'b'],
    [0, 'a'],
    [5, 'c'],
    [3000, 'never'],
  ] as const) {
    schedule.in(delay, () => done.push(name));
  }
  assert.equal(schedule.size, 5);
  await new Promise<void>((resolve) => schedule.in(60, resolve));
  assert.deepEqual(done, ['a', 'b', 'c', 'd']);
  schedule.clear();
  assert.equal(schedule.size, 0);
});

test('work may ask for more work, and a schedule that ran empty starts again', async () => {
  const schedule = new Schedule();
  for (let round = 0; round < 3; round += 1) {
    await new Promise<void>((resolve) => schedule.in(2, () => schedule.in(0, resolve)));
    assert.equal(schedule.size, 0);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
});

test('nothing is lost among very many at mixed times', async () => {
  const schedule = new Schedule();
  let done = 0;
  for (let index = 0; index < 20_000; index += 1) schedule.in((index * 37) % 50, () => (done += 1));
  await new Promise<void>((resolve) => schedule.in(80, resolve));
  assert.equal(done, 20_000);
});

test('a fingerprint is known the second time, by name and by octets', () => {
  const seen = new Fingerprints();
  const octets = (text: string): Uint8Array => Buffer.from(text);
  assert.equal(seen.isKnown('0912 1', octets('text')), false);
  assert.equal(seen.isKnown('0912 2', octets('text')), false);
  assert.equal(seen.isKnown('0912 1', octets('texts')), false);
  assert.equal(seen.isKnown('0912 1', octets('text')), true);
});

test('a hundred thousand neighbours are told apart, and what is beyond the limit is not kept', () => {
  const seen = new Fingerprints(100_000);
  const text = Buffer.from('信賴', 'utf16le');
  for (let index = 0; index < 100_000; index += 1) {
    assert.equal(seen.isKnown(`8869${String(index).padStart(8, '0')} ${index & 0xffff}`, text), false);
  }
  assert.equal(seen.isFull, true);
  assert.equal(seen.isKnown('new', text), false);
  assert.equal(seen.isKnown('new', text), false, 'not kept');
  assert.equal(seen.isKnown('886900000007 7', text), true);
});

test('a bucket lets no more through in a time than its rate and its burst', () => {
  const limit = new RateLimit(0, 10);
  let taken = 0;
  for (let now = 0; now <= 2000; now += 1) if (limit.take(1, 100, 10, now)) taken += 1;
  assert.ok(taken <= 210 && taken >= 208, `${taken}`);
  assert.equal(limit.take(11, 100, 10, 1e6), false, 'a pause fills no more than the burst');
  assert.equal(limit.take(10, 100, 10, 1e6), true);
});
