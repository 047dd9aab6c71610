import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { catalogueErrors } from '../catalogue/catalogue-errors.ts';
import { writeOrRefuse } from './write-or-refuse.ts';
import type { ReadyMessage } from './write-messages.ts';

const message = (agency: string, parts: number, id: number): ReadyMessage =>
  ({
    caller: { organisation: { id: agency }, space: 'test' },
    parts,
    number: String(id),
  }) as unknown as ReadyMessage;

/** Quotas by agency; a message whose number is in `known` takes none. */
function store(left: Record<string, number>, known: ReadonlySet<string> = new Set()) {
  let writes = 0;
  return {
    writes: () => writes,
    write: (group: readonly ReadyMessage[]) => {
      writes += 1;
      const after = { ...left };
      for (const { caller, parts, number } of group) {
        if (!known.has(number)) after[caller.organisation.id]! -= parts;
      }
      if (Object.values(after).some((parts) => parts < 0)) {
        return Promise.reject(catalogueErrors.quota_exceeded({ limit: 1, used: 1, parts: 1 }));
      }
      Object.assign(left, after);
      return Promise.resolve(
        group.map(({ number }) => ({
          place: { chunkId: 1, row: Number(number) },
          replayed: known.has(number),
        })),
      );
    },
    areKnown: (group: readonly ReadyMessage[]) =>
      Promise.resolve(group.map(({ number }) => known.has(number))),
  };
}

test('an agency without quota costs the others of its group a few transactions, and no text of theirs', async () => {
  const group = Array.from({ length: 500 }, (_, id) =>
    message(id % 5 === 0 ? 'other' : 'poor', 1 + (id % 3), id),
  );
  const writer = store({ other: 1000, poor: 0 });
  const results = await writeOrRefuse(writer, group);
  results.forEach((result, id) => assert.equal('refused' in result, id % 5 !== 0, String(id)));
  assert.ok(writer.writes() < 40, `${writer.writes()} transactions`);
});

test('whatever the quota, what fits is taken in order, what was taken before is answered, and each has its own answer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 40 }),
      fc.array(fc.record({ parts: fc.integer({ min: 1, max: 5 }), known: fc.boolean() }), {
        minLength: 1,
        maxLength: 40,
      }),
      async (quota, wanted) => {
        const group = wanted.map(({ parts }, id) => message('a', parts, id));
        const known = new Set(wanted.flatMap((one, id) => (one.known ? [String(id)] : [])));
        const results = await writeOrRefuse(store({ a: quota }, known), group);
        let left = quota;
        wanted.forEach(({ parts, known: isKnown }, id) => {
          const fits = isKnown || parts <= left;
          if (fits && !isKnown) left -= parts;
          const result = results[id]!;
          assert.equal('refused' in result, !fits);
          if ('place' in result) assert.equal(result.place.row, id);
        });
      },
    ),
  );
});
