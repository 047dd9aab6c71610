import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alphabetOfDataCoding, decodeText, encodeText, measureText } from './alphabet.ts';
import { decodeGsm, encodeGsm, septetsOfUnit } from './gsm-alphabet.ts';

/** 3GPP TS 23.038, 6.2.1, as code points, column by column of the printed table; -1 is the escape. */
const COLUMNS: readonly (readonly number[])[] = [
  [0x40, 0xa3, 0x24, 0xa5, 0xe8, 0xe9, 0xf9, 0xec, 0xf2, 0xc7, 0x0a, 0xd8, 0xf8, 0x0d, 0xc5, 0xe5],
  [0x394, 0x5f, 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8, 0x3a3, 0x398, 0x39e, -1, 0xc6, 0xe6, 0xdf, 0xc9],
  [0x20, 0x21, 0x22, 0x23, 0xa4, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b, 0x2c, 0x2d, 0x2e, 0x2f],
  [0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f],
  [0xa1, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f],
  [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0xc4, 0xd6, 0xd1, 0xdc, 0xa7],
  [0xbf, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
  [0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7a, 0xe4, 0xf6, 0xf1, 0xfc, 0xe0],
];
/** 6.2.1.1. */
const EXTENSIONS: readonly (readonly [number, number])[] = [
  [0x0a, 0x0c],
  [0x14, 0x5e],
  [0x28, 0x7b],
  [0x29, 0x7d],
  [0x2f, 0x5c],
  [0x3c, 0x5b],
  [0x3d, 0x7e],
  [0x3e, 0x5d],
  [0x40, 0x7c],
  [0x65, 0x20ac],
];

test('each of the 127 characters of the basic table goes both ways', () => {
  const table = COLUMNS.flat();
  assert.equal(table.length, 128);
  for (const [septet, point] of table.entries()) {
    if (point === -1) continue;
    const character = String.fromCodePoint(point);
    assert.deepEqual([...encodeGsm(character)!], [septet], `U+${point.toString(16)}`);
    assert.equal(decodeGsm(Uint8Array.of(septet)), character);
  }
});

test('each character of the extension table takes an escape, both ways', () => {
  for (const [septet, point] of EXTENSIONS) {
    const character = String.fromCodePoint(point);
    assert.deepEqual([...encodeGsm(character)!], [0x1b, septet], `U+${point.toString(16)}`);
    assert.equal(decodeGsm(Uint8Array.of(0x1b, septet)), character);
  }
});

test('no other character is in the alphabet', () => {
  const known = new Set([...COLUMNS.flat(), ...EXTENSIONS.map(([, point]) => point)]);
  for (let unit = 0; unit <= 0xffff; unit += 1) {
    assert.equal(septetsOfUnit(unit) > 0, known.has(unit), `U+${unit.toString(16)}`);
  }
  assert.equal(encodeGsm('信'), null);
  assert.equal(encodeGsm('a\u001bb'), null, 'the escape itself is no character');
});

test('an escape before an unknown septet shows the basic character, at the end a space', () => {
  assert.equal(decodeGsm(Uint8Array.of(0x41, 0x1b, 0x42, 0x1b)), 'AB ');
  assert.equal(decodeGsm(Uint8Array.of(0x1b, 0x1b, 0x43)), ' C');
  assert.equal(decodeGsm(Uint8Array.of(0xc1)), 'A', 'the eighth bit is no part of a septet');
});

const plainUnit = fc.constantFrom(
  ...COLUMNS.flat().filter((point) => point >= 0),
  ...EXTENSIONS.map(([, point]) => point),
);
const plainText = fc.array(plainUnit, { maxLength: 400 }).map((points) => String.fromCodePoint(...points));

test('a text of the alphabet comes back from its septets, and they are as many as counted', () => {
  fc.assert(
    fc.property(plainText, (text) => {
      const octets = encodeText(text, 'gsm');
      assert.equal(decodeText(octets, 'gsm'), text);
      assert.equal(measureText(text).alphabet, 'gsm');
      assert.equal(measureText(text).units, octets.length);
    }),
  );
});

test('any well-formed text comes back from UCS-2; a lone surrogate becomes U+FFFD', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      assert.equal(decodeText(encodeText(text, 'ucs2'), 'ucs2'), text.toWellFormed());
    }),
  );
  assert.deepEqual([...encodeText('𠮷A', 'ucs2')], [0xd8, 0x42, 0xdf, 0xb7, 0x00, 0x41]);
  assert.equal(encodeText('\ud842A', 'ucs2').toString('hex'), 'fffd0041');
  assert.equal(decodeText(Uint8Array.of(0x4f, 0xe1, 0x8c), 'ucs2'), '信\uFFFD');
  assert.equal(
    decodeText(Uint8Array.of(0xfe, 0xff, 0x00, 0x41), 'ucs2'),
    '\uFEFFA',
    'a mark is kept as sent',
  );
});

test('one Han character makes the whole text UCS-2', () => {
  assert.deepEqual(measureText('abc'), { alphabet: 'gsm', units: 3, uncluttered: true, escapes: false });
  assert.equal(measureText('abc信').alphabet, 'ucs2');
  assert.equal(measureText('abc信').units, 4);
  assert.equal(measureText('{}').units, 4);
  assert.equal(measureText('abc', null).alphabet, 'ucs2', 'a link without plain alphabet sends all in UCS-2');
});

test('Latin-1 and ASCII links take only what both they and the handset have', () => {
  assert.equal(measureText('é@_', 'latin-1').alphabet, 'latin-1');
  assert.deepEqual([...encodeText('é@_', 'latin-1')], [0xe9, 0x40, 0x5f]);
  assert.equal(measureText('Δ', 'latin-1').alphabet, 'ucs2', 'not in Latin-1');
  assert.equal(measureText('ê', 'latin-1').alphabet, 'ucs2', 'not in GSM');
  assert.equal(measureText('é', 'ascii').alphabet, 'ucs2');
  assert.equal(measureText('a`', 'ascii').alphabet, 'ucs2', 'a grave accent is not in GSM');
  assert.equal(measureText('[a]', 'ascii').units, 5, 'brackets are counted with their escapes');
  assert.equal(decodeText(encodeText('[a]', 'ascii'), 'ascii'), '[a]');
  assert.equal(decodeText(Uint8Array.of(0x41, 0xe9), 'ascii'), 'A\uFFFD');
  assert.throws(() => encodeText('é', 'ascii'), RangeError);
});

test('units that stand alone never join a neighbour into a cluster', () => {
  const clusters = new Intl.Segmenter('zh-Hant', { granularity: 'grapheme' });
  const alone = fc.nat(0xffff).filter((unit) => measureText(String.fromCharCode(unit)).uncluttered);
  fc.assert(
    fc.property(fc.array(alone, { minLength: 2, maxLength: 60 }), (units) => {
      const text = String.fromCharCode(...units);
      assert.equal([...clusters.segment(text)].length, text.length);
    }),
    { numRuns: 1000 },
  );
});

test('a data_coding names its alphabet; binary names none', () => {
  assert.equal(alphabetOfDataCoding(0), 'gsm');
  assert.equal(alphabetOfDataCoding(0, 'latin-1'), 'latin-1');
  assert.equal(alphabetOfDataCoding(1), 'ascii');
  assert.equal(alphabetOfDataCoding(3), 'latin-1');
  assert.equal(alphabetOfDataCoding(8), 'ucs2');
  assert.equal(alphabetOfDataCoding(0x18), 'ucs2', 'flash');
  assert.equal(alphabetOfDataCoding(0xf1), 'gsm');
  assert.equal(alphabetOfDataCoding(0xf5), null);
  assert.equal(alphabetOfDataCoding(4), null);
});
