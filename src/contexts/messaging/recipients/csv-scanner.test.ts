import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CsvProblem, CsvScanner, findDelimiter } from './csv-scanner.ts';

const limits = { rowLength: 10_000, columns: 10 };

function rowsOf(blocks: readonly string[], delimiter = ','): string[][] {
  const rows: string[][] = [];
  const scanner = new CsvScanner(delimiter, limits, (cells, row) => {
    assert.equal(row, rows.length + 1);
    rows.push([...cells]);
  });
  for (const block of blocks) scanner.write(block);
  scanner.end();
  return rows;
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

test('what was written as CSV is read back, wherever the blocks are cut', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', '王', '"', ',', '\n', '\r', '\t', ' ', '0'),
    maxLength: 6,
  });
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 8 }));
  fc.assert(
    fc.property(
      table,
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.boolean(),
      (rows, step, end, isEnded) => {
        let text = rows.map((row) => row.map(quoted).join(',')).join(end);
        if (isEnded && rows.length > 0) text += end;
        const blocks = Array.from({ length: Math.ceil(text.length / step) }, (_, at) =>
          text.slice(at * step, (at + 1) * step),
        );
        assert.deepEqual(rowsOf(blocks), rows);
      },
    ),
  );
});

test('plain cells are read like quoted ones, blank lines are rows, an unended last line counts', () => {
  assert.deepEqual(rowsOf(['a,b\n\n1,', '\r', '\n,2']), [['a', 'b'], [''], ['1', ''], ['', '2']]);
  assert.deepEqual(rowsOf(['"a"x,b\n']), [['ax', 'b']]);
});

test('a quote that is never closed names its row and does not swallow the file', () => {
  assert.throws(
    () => rowsOf(['a,b\n"c,d\n', 'x'.repeat(20_000)]),
    (error) => error instanceof CsvProblem && error.fault === 'quote_open' && error.row === 2,
  );
  assert.throws(() => rowsOf(['a,"b']), CsvProblem);
  assert.throws(() => rowsOf([',,,,,,,,,,,,\n']), CsvProblem);
});

test('the delimiter is the one that parts all lines alike', () => {
  assert.equal(findDelimiter('手機,姓名\n0912345678,"王,小明;x"\n'), ',');
  assert.equal(findDelimiter('手機\t姓名\n0912345678\t王,小明\n'), '\t');
  assert.equal(findDelimiter('phone;name\n0912345678;Wang\n'), ';');
  assert.equal(findDelimiter('0912345678\n0912345679\n'), ',');
});
