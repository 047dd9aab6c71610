import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { piecesOf, type Mark } from './text-pieces.ts';

const offset = fc.integer({ min: 0, max: 40 });
const mark = fc
  .record({ a: offset, b: offset, kind: fc.constantFrom<Mark['kind']>('field', 'refuse', 'warn') })
  .map(({ a, b, kind }): Mark => ({ start: Math.min(a, b), end: Math.max(a, b), kind }));

describe('the pieces of a text', () => {
  it('are the text when joined, whatever is marked and wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 30 }),
        fc.array(offset, { maxLength: 4 }),
        fc.array(mark, { maxLength: 5 }),
        (text, cuts, marks) => {
          const pieces = piecesOf(text, cuts, marks);
          assert.equal(pieces.map((piece) => piece.text).join(''), text);
          assert.ok(pieces.every((piece) => piece.text !== ''));
        },
      ),
    );
  });

  it('belong to the part in which they stand', () => {
    const pieces = piecesOf('一二三四', [2], [{ start: 1, end: 3, kind: 'field', label: '1' }]);
    assert.deepEqual(
      pieces.map(({ text, part, opensPart, kinds, label }) => [text, part, opensPart, kinds, label]),
      [
        ['一', 0, true, [], undefined],
        ['二', 0, false, ['field'], '1'],
        ['三', 1, true, ['field'], undefined],
        ['四', 1, false, [], undefined],
      ],
    );
  });
});
