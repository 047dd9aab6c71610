import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decode } from '../decode.ts';
import { encode } from '../encode.ts';
import { messageFields, readCarriedPart, type CarriedPart, type LongTextCarrier } from './message-fields.ts';
import { Reassembly } from './reassembly.ts';
import { segment } from './segment.ts';

const carriers: readonly LongTextCarrier[] = ['udh', 'sar', 'payload'];
const LONG = '信賴臺灣，安心購物。'.repeat(20);

/** Through real PDUs, so that a field the codec does not carry is missed. */
function carried(text: string, carrier: LongTextCarrier, bits: 8 | 16, reference: number): CarriedPart[] {
  return messageFields(segment(text, { reference: bits }), { carrier, reference }).map((fields) => {
    const pdu = decode(encode({ command: 'submit_sm', sequence: 1, ...fields }));
    assert.equal(pdu.command, 'submit_sm');
    const part = readCarriedPart(pdu);
    assert.ok(part);
    return part;
  });
}

test('a text of any length and carrier comes back whole, whatever the order and however often', () => {
  const make = fc.record({
    text: fc.string({ unit: fc.constantFrom('信', '賴', '𠮷', 'a', '€', '👨‍👩‍👧‍👦', 'e\u0301'), maxLength: 400 }),
    carrier: fc.constantFrom(...carriers),
    bits: fc.constantFrom<8 | 16>(8, 16),
    reference: fc.nat(0xffff),
    seed: fc.array(fc.nat(0xffff), { minLength: 40, maxLength: 40 }),
  });
  fc.assert(
    fc.property(make, ({ text, carrier, bits, reference, seed }) => {
      const parts = carried(text, carrier, bits, reference);
      const shuffled = [...parts.entries()].toSorted(([a], [b]) => seed[a % 40]! - seed[b % 40]!);
      const reassembly = new Reassembly();
      const wholes = shuffled.flatMap(([index, part]) => {
        const made = [reassembly.add('111', '0912', part)];
        // Only a part of a text that still waits is told as a second one.
        if (reassembly.waiting > 0 && index % 2 === 0) made.push(reassembly.add('111', '0912', part));
        return made.filter((whole) => whole !== null);
      });
      assert.deepEqual(wholes, [{ text, parts: parts.length }]);
      assert.equal(reassembly.waiting, 0);
    }),
  );
});

test('no message is longer than SMPP 3.4 allows', () => {
  for (const text of [LONG, 'plain '.repeat(100), '€'.repeat(300)]) {
    for (const carrier of carriers) {
      for (const fields of messageFields(segment(text), { carrier, reference: 1 })) {
        assert.ok(fields.shortMessage.length <= 254);
        if (fields.dataCoding === 8) assert.ok(fields.shortMessage.length <= 140);
      }
    }
  }
});

test('headers, TLVs and data_coding are those of the carrier and the link', () => {
  const [first] = messageFields(segment(LONG, { reference: 16 }), { reference: 0x1abcd });
  assert.equal(first?.shortMessage.subarray(0, 7).toString('hex'), '060804abcd0401');
  assert.equal(first?.esmClass, 0x40);
  assert.equal(first?.dataCoding, 8);
  const sar = messageFields(segment(LONG), { carrier: 'sar', reference: 7 });
  assert.deepEqual(sar[1]?.tlvs, { sarMsgRefNum: 7, sarTotalSegments: 3, sarSegmentSeqnum: 2 });
  assert.equal(messageFields(segment(LONG), { carrier: 'payload', reference: 7 }).length, 1);
  const latin = { alphabet: 'latin-1', dataCoding: 3 } as const;
  const [plain] = messageFields(segment('é@', { plain: 'latin-1' }), { reference: 7, plain: latin });
  assert.deepEqual([plain?.dataCoding, plain?.shortMessage.toString('hex')], [3, 'e940']);
});

test('texts with one reference to two phones, or from two senders, are kept apart', () => {
  const reassembly = new Reassembly();
  const [a, b] = carried('a'.repeat(200), 'udh', 8, 5);
  const [c, d] = carried('c'.repeat(200), 'udh', 8, 5);
  assert.equal(reassembly.add('111', '0911', a!), null);
  assert.equal(reassembly.add('111', '0912', c!), null);
  assert.equal(reassembly.add('112', '0911', d!), null);
  assert.equal(reassembly.add('111', '0912', d!)?.text, 'c'.repeat(200));
  assert.equal(reassembly.add('111', '0911', b!)?.text, 'a'.repeat(200));
  assert.equal(reassembly.waiting, 1);
});

test('what waits is bounded, and given up after a while', () => {
  let now = 0;
  const reassembly = new Reassembly({ limit: 3, patience: 1000, now: () => now });
  const [first, second] = carried('a'.repeat(200), 'udh', 8, 5);
  for (const phone of ['1', '2', '3', '4']) reassembly.add('111', phone, first!);
  assert.equal(reassembly.waiting, 3);
  assert.equal(reassembly.givenUp, 1);
  assert.equal(reassembly.add('111', '1', second!), null, 'its first part is gone');
  now = 1001;
  assert.equal(reassembly.add('111', '4', second!), null, 'too late');
  assert.equal(reassembly.waiting, 1);
});

test('a broken header is told, binary has no text', () => {
  const fields = { esmClass: 0x40, dataCoding: 8, shortMessage: Buffer.from('0500', 'hex'), tlvs: {} };
  assert.equal(readCarriedPart(fields), null);
  const binary = readCarriedPart({ esmClass: 0, dataCoding: 4, shortMessage: Buffer.of(1, 2), tlvs: {} });
  assert.equal(new Reassembly().add('a', 'b', binary!)?.text, null);
  const unsound = { sarMsgRefNum: 1, sarTotalSegments: 2, sarSegmentSeqnum: 3 };
  assert.equal(readCarriedPart({ ...fields, esmClass: 0, tlvs: unsound })?.concatenation, null);
});
