import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzSmpp } from './smpp-fuzz.ts';

test('20,000 mutated PDUs hang, crash and leak nothing (npm run soak -- smpp-fuzz: a million)', async () => {
  assert.equal(await fuzzSmpp({ pdus: 20_000, seed: 20_261_121 }), 20_000);
});
