import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encode } from './encode.ts';
import { Framer, type FramingError } from './framer.ts';

interface Seen {
  readonly framer: Framer;
  readonly pdus: string[];
  readonly errors: FramingError[];
}

function framing(maxLength = 70_000, after: (framer: Framer, count: number) => void = () => {}): Seen {
  const pdus: string[] = [];
  const errors: FramingError[] = [];
  const framer = new Framer({
    visit: (source, start, end) => {
      pdus.push(source.toString('hex', start, end));
      after(framer, pdus.length);
    },
    fail: (error) => errors.push(error),
    maxLength,
  });
  return { framer, pdus, errors };
}

const anyPdu = fc
  .tuple(fc.nat(0x7fffffff), fc.uint8Array({ maxLength: 255 }))
  .map(([sequence, octets]) => encode({ command: 'submit_sm', sequence, shortMessage: Buffer.from(octets) }));

/** A stream and where it is cut. */
const stream = fc
  .array(anyPdu, { minLength: 1, maxLength: 8 })
  .chain((pdus) =>
    fc.tuple(
      fc.constant(pdus),
      fc.array(fc.nat(pdus.reduce((sum, { length }) => sum + length, 0)), { maxLength: 20 }),
    ),
  );

function chunksOf(pdus: readonly Buffer[], cuts: readonly number[]): Buffer[] {
  const whole = Buffer.concat(pdus);
  const places = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
  return places.slice(1).map((end, index) => Buffer.from(whole.subarray(places[index], end)));
}

test('a stream gives the same PDUs wherever it is cut', () => {
  fc.assert(
    fc.property(stream, ([pdus, cuts]) => {
      const { framer, pdus: seen, errors } = framing();
      for (const chunk of chunksOf(pdus, cuts)) framer.push(chunk);
      assert.deepEqual(
        seen,
        pdus.map((pdu) => pdu.toString('hex')),
      );
      assert.deepEqual(errors, []);
    }),
    { numRuns: 300 },
  );
});

test('a framer that is stopped after each PDU loses none and changes no order', () => {
  fc.assert(
    fc.property(stream, ([pdus, cuts]) => {
      const { framer, pdus: seen } = framing(70_000, (one) => one.stop());
      for (const chunk of chunksOf(pdus, cuts)) {
        const before = seen.length;
        framer.push(chunk);
        assert.ok(seen.length <= before + 1);
        if (cuts.length % 2 === 0) framer.resume();
      }
      for (let left = pdus.length; left > 0; left--) framer.resume();
      assert.deepEqual(
        seen,
        pdus.map((pdu) => pdu.toString('hex')),
      );
    }),
    { numRuns: 300 },
  );
});

for (const length of [0, 3, 15, 70_001, 0x48545450, 0xffffffff]) {
  test(`a command_length of ${length} ends the stream, in one piece or octet by octet`, () => {
    const bad = Buffer.alloc(40);
    bad.writeUInt32BE(length, 0);
    const good = encode({ command: 'enquire_link', sequence: 1 });
    for (const step of [1, 7, 1000]) {
      const { framer, pdus, errors } = framing();
      const bytes = Buffer.concat([good, bad, good]);
      for (let at = 0; at < bytes.length; at += step) framer.push(bytes.subarray(at, at + step));
      assert.deepEqual(pdus, [good.toString('hex')]);
      assert.deepEqual(errors, [{ length, status: 2 }]);
    }
  });
}
