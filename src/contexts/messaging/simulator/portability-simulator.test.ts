import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPortabilitySimulator } from './portability-simulator.ts';

const telecoms = ['haidong', 'beichen', 'nanxing'] as const;
const numbers = Array.from(
  { length: 30_000 },
  (_, index) => `09${String((index * 7919) % 90_000_000).padStart(8, '0')}`,
);

test('a seed gives the same answers singly and in bulk, another seed others', async () => {
  const database = createPortabilitySimulator({ seed: 1, telecoms });
  const all = await database.lookUpAll(numbers);
  assert.deepEqual(all, await createPortabilitySimulator({ seed: 1, telecoms }).lookUpAll(numbers));
  assert.notDeepEqual(all, await createPortabilitySimulator({ seed: 2, telecoms }).lookUpAll(numbers));
  assert.deepEqual(await database.lookUp(numbers[7]!), all[7]);
});

test('about the given share has moved, and each telecom serves many', async () => {
  const answers = await createPortabilitySimulator({ seed: 3, telecoms, portedShare: 0.2 }).lookUpAll(
    numbers,
  );
  const ported = answers.filter((answer) => answer?.isPorted).length / numbers.length;
  assert.ok(ported > 0.18 && ported < 0.22, `${ported}`);
  for (const telecom of telecoms) {
    assert.ok(answers.filter((answer) => answer?.telecom === telecom).length > numbers.length / 6);
  }
});

test('a number not ported is served by the telecom of its range, in every writing', async () => {
  const database = createPortabilitySimulator({ seed: 3, telecoms, portedShare: 0 });
  for (const writing of ['0912345678', '886912345678', '+886912345678']) {
    assert.deepEqual(await database.lookUp(writing), {
      telecom: database.byRange('0912345678'),
      isPorted: false,
    });
  }
  assert.equal(await database.lookUp('0223456789'), null);
  assert.equal(await database.lookUp('091234567'), null);
});

test('a number that is moved answers so at once', async () => {
  const database = createPortabilitySimulator({ seed: 3, telecoms, portedShare: 0 });
  const target = telecoms.find((telecom) => telecom !== database.byRange('0912345678'))!;
  database.port('+886912345678', target);
  assert.deepEqual(await database.lookUp('0912345678'), { telecom: target, isPorted: true });
  assert.throws(() => database.port('02', target), RangeError);
  await assert.rejects(database.lookUpAll(Array.from({ length: 100_001 }, () => '')), RangeError);
});
