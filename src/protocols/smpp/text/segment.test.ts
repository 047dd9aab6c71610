import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeText } from './alphabet.ts';
import { charactersOf } from './characters.ts';
import { countParts, roomFor, segment, type Segments } from './segment.ts';
import { concatenationHeader, splitUserData } from './user-data-header.ts';

const FAMILY = '👨‍👩‍👧‍👦';
const clusters = new Intl.Segmenter('zh-Hant', { granularity: 'grapheme' });
const references = [8, 16] as const;

function holds(text: string, made: Segments): void {
  const formed = text.toWellFormed();
  const room = roomFor(made.alphabet, made.reference);
  assert.equal(made.parts.map((part) => part.text).join(''), formed);
  assert.equal(made.parts.map((part) => decodeText(part.octets, made.alphabet)).join(''), formed);
  const boundaries = new Set([...clusters.segment(formed)].map(({ index }) => index));
  let at = 0;
  for (const part of made.parts) {
    assert.ok(part.units <= (made.parts.length === 1 ? room.single : room.part));
    assert.equal(part.octets.length, made.alphabet === 'ucs2' ? part.units * 2 : part.units);
    assert.ok(part.text.isWellFormed(), 'a surrogate pair was cut');
    assert.ok(at === 0 || part.text.length > 0);
    assert.ok(
      boundaries.has(at) || formed === '' || cutsLongCluster(formed, at, room.part),
      'a cluster was cut',
    );
    at += part.text.length;
  }
  assert.equal(countParts(text, { reference: made.reference }), made.parts.length);
}

function cutsLongCluster(text: string, at: number, room: number): boolean {
  return (clusters.segment(text).containing(at)?.segment.length ?? 0) > room;
}

test('Han texts of every length from 0 to 400 fit 70, then 67 or 66 a part', () => {
  for (let length = 0; length <= 400; length += 1) {
    const text = '信賴臺灣安心購物'.repeat(51).slice(0, length);
    for (const reference of references) {
      const made = segment(text, { reference });
      const room = reference === 8 ? 67 : 66;
      assert.equal(made.parts.length, length <= 70 ? 1 : Math.ceil(length / room));
      holds(text, made);
    }
  }
});

test('plain texts of every length from 0 to 400 fit 160, then 153 or 152 a part', () => {
  for (let length = 0; length <= 400; length += 1) {
    const text = 'Trusted shopping '.repeat(24).slice(0, length);
    for (const reference of references) {
      const made = segment(text, { reference });
      assert.equal(made.alphabet, 'gsm');
      assert.equal(made.parts.length, length <= 160 ? 1 : Math.ceil(length / (reference === 8 ? 153 : 152)));
      holds(text, made);
    }
  }
});

const inserted = ['𠮷', FAMILY, '葛\u{E0100}', 'e\u0301', '\r\n', '한', '1️⃣', '🇹🇼', 'ก็', '€', '{'];

test('wherever a cluster, a pair or an escape stands, no cut goes through it', () => {
  for (const special of inserted) {
    for (const filler of ['信', 'a']) {
      for (let before = 40; before <= 170; before += 1) {
        const text = filler.repeat(before) + special + filler.repeat(120);
        for (const reference of references) holds(text, segment(text, { reference }));
      }
    }
  }
});

test('any text of any make keeps the rules', () => {
  const unit = fc.oneof(
    fc.constantFrom(...inserted, '信', '賴', 'A', ' ', '\u0301', '\u200D', '\uFE0F', '\uE000'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.nat(0xffff).map((code) => String.fromCharCode(code)),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 400 }), fc.constantFrom(...references), (units, reference) => {
      const text = units.join('');
      holds(text, segment(text, { reference }));
    }),
    { numRuns: 300 },
  );
});

test('a cluster longer than a part is cut between code points', () => {
  const towering = `信${'\u0301'.repeat(200)}`;
  holds(towering, segment(towering));
  const pairs = '𠮷' + '\u{E0100}'.repeat(80);
  holds(pairs, segment(pairs, { reference: 16 }));
});

test('an extension character is not parted from its escape at the edge', () => {
  const made = segment(`${'a'.repeat(152)}€${'b'.repeat(20)}`);
  assert.deepEqual(
    made.parts.map((part) => part.units),
    [152, 22],
  );
  assert.equal(made.parts[1]?.text[0], '€');
});

test('255 parts are the most', () => {
  const most = '信'.repeat(255 * 67);
  assert.equal(segment(most).parts.length, 255);
  assert.throws(() => segment(`${most}信`), RangeError);
  assert.equal(countParts(`${most}信`), 256);
});

test('an alphabet that is asked for is taken, or refused where it lacks a character', () => {
  assert.equal(segment('abc', { alphabet: 'ucs2' }).parts[0]?.octets.length, 6);
  assert.throws(() => segment('信', { alphabet: 'gsm' }), RangeError);
  assert.equal(segment('abc', { plain: null }).alphabet, 'ucs2');
});

test('the header says which part it is, in eight bits and in sixteen', () => {
  const concatenation = { reference: 0xab, total: 3, sequence: 2 };
  assert.equal(concatenationHeader(concatenation, 8).toString('hex'), '050003ab0302');
  assert.equal(
    concatenationHeader({ ...concatenation, reference: 0xabcd }, 16).toString('hex'),
    '060804abcd0302',
  );
  const text = Buffer.from('text');
  for (const bits of references) {
    const read = splitUserData(Buffer.concat([concatenationHeader(concatenation, bits), text]));
    assert.ok(read);
    assert.deepEqual(read.concatenation, concatenation);
    assert.deepEqual(Buffer.from(read.octets), text);
  }
});

test('headers with other elements are read, unsound ones ignored, overlong ones refused', () => {
  const port = '05040b8423f0';
  const hex = (text: string): Buffer => Buffer.from(text, 'hex');
  assert.deepEqual(splitUserData(hex(`0b${port}000307020141`))?.concatenation, {
    reference: 7,
    total: 2,
    sequence: 1,
  });
  assert.equal(splitUserData(hex('05000307020341'))?.concatenation, null, 'sequence beyond total');
  assert.equal(splitUserData(hex('05000307000041'))?.concatenation, null, 'total of none');
  assert.equal(splitUserData(hex('0041'))?.concatenation, null, 'an empty header');
  assert.equal(splitUserData(hex('0a0003070201')), null, 'header longer than the data');
  assert.equal(splitUserData(hex('050009070201')), null, 'element longer than the header');
  assert.equal(splitUserData(hex('')), null);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), (octets) => {
      const read = splitUserData(octets);
      assert.ok(read === null || read.octets.length < octets.length);
    }),
  );
});

test('a writer is told what old phones show as boxes', () => {
  const kinds = (text: string): string[] => charactersOf(text).warnings.map((warning) => warning.kind);
  assert.deepEqual(kinds('您好，信賴 Xinlai！\r\n0800-009-868'), []);
  assert.deepEqual(kinds('警告🚨'), ['emoji']);
  assert.deepEqual(charactersOf(`家${FAMILY}`).warnings, [{ kind: 'emoji', character: FAMILY, index: 1 }]);
  assert.deepEqual(kinds('𠮷野'), ['outside-bmp']);
  assert.deepEqual(kinds('葛\u{E0100}'), ['variation-selector']);
  assert.deepEqual(kinds('\uE001'), ['private-use']);
  assert.deepEqual(kinds('a\u200Bb\u202Ec'), ['invisible', 'invisible']);
  assert.deepEqual(kinds('\u0007'), ['control']);
  assert.deepEqual(kinds('\uFFFD\ud842'), ['replacement', 'replacement']);
  assert.deepEqual(kinds('©1#*'), []);
  assert.equal(charactersOf(`家${FAMILY}`).count, 2);
  assert.equal(charactersOf(`家${FAMILY}`).units, 12);
  assert.deepEqual(charactersOf('OTP：123，456').beyondPlain, ['：', '，']);
  assert.equal(charactersOf('🚨'.repeat(500)).warnings.length, 100);
});
