import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ChunkRun, Message } from './chunk-run.ts';
import { linkOptionsOf } from './link-options.ts';
import { submitFields, userReference, validityOf } from './submit-fields.ts';

const left = (seconds: number): string =>
  validityOf({ validUntil: 1_000_000 + seconds * 1000 } as ChunkRun, 1_000_000);

test('the validity of a text is what is left of its time, as a relative time of SMPP 3.4, 7.1.1', () => {
  assert.equal(left(3 * 86_400 + 4 * 3600 + 15 * 60 + 30), '000003041530000R');
  assert.equal(left(3600), '000000010000000R');
});

test('a validity is never over when it is written, and never longer than 28 days', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1000, max: 100 * 86_400 }), (seconds) => {
      const told = left(seconds);
      assert.match(told, /^0000(?:[01]\d|2[0-8])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d000R$/);
      const [days = 0, hours = 0, minutes = 0, rest = 0] = [4, 6, 8, 10].map((at) =>
        Number(told.slice(at, at + 2)),
      );
      const expected = Math.min(28 * 86_400, Math.max(1, seconds));
      assert.equal(((days * 24 + hours) * 60 + minutes) * 60 + rest, expected);
    }),
  );
});

test('a text comes from 111 as a network specific number, asks for its receipt, and is named by its reference', () => {
  const message = {
    number: '912345678',
    row: 7,
    run: { chunkId: 3 },
    fields: [{ esmClass: 0, dataCoding: 8, shortMessage: Buffer.from('678'), tlvs: {} }],
  } as unknown as Message;
  const pdu = submitFields(message, 0, '000000010000000R', linkOptionsOf({}));
  assert.deepEqual([pdu.sourceAddrTon, pdu.sourceAddrNpi, pdu.sourceAddr], [3, 0, '111']);
  assert.deepEqual([pdu.destAddrTon, pdu.destAddrNpi, pdu.destinationAddr], [1, 1, '886912345678']);
  assert.equal(pdu.registeredDelivery, 1);
  assert.equal(pdu.validityPeriod, '000000010000000R');
  assert.equal(pdu.tlvs?.userMessageReference, userReference(3, 7));
  const silent = submitFields(message, 0, '', linkOptionsOf({ userReference: false }));
  assert.equal(silent.tlvs?.userMessageReference, undefined);
});
