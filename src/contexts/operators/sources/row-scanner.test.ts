import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { defaultLimits, type ReadLimits } from './limits.ts';
import { CELL_END, RowScanner, type ScannerOptions } from './row-scanner.ts';

interface Scanned {
  rows: { line: number; cells: string[] }[];
  broken: string[];
}

function scan(bytes: Buffer | string, options: Partial<ScannerOptions> = {}, chunk = 1 << 20): Scanned {
  const written: Buffer[] = [];
  const broken: string[] = [];
  const scanner = new RowScanner({
    separator: ',',
    limits: defaultLimits,
    encoding: 'utf-8',
    sink: {
      write: (rows) => written.push(Buffer.from(rows)),
      broken: (row) => broken.push(`${row.problem.code} ${row.line} ${row.kept ? 'kept' : 'lost'}`),
    },
    ...options,
  });
  const all = Buffer.from(bytes);
  for (let at = 0; at < all.length; at += chunk) scanner.push(all.subarray(at, at + chunk));
  scanner.end();
  const lines = Buffer.concat(written).toString('utf8').split('\n').slice(0, -1);
  const rows = lines.map((line) => {
    const [number = '', ...cells] = line.split(String.fromCharCode(CELL_END));
    return { line: Number(number), cells };
  });
  return { rows, broken };
}

const cellsOf = (found: Scanned): string[][] => found.rows.map((row) => row.cells);

/** What a legal writer may put into a cell: no control characters but tab and line ends, no `="…"`. */
const cellText = fc
  .string({ unit: fc.constantFrom(...Array.from('ab1,;\t"\n\r 臺北市　１２é𠮷=')), maxLength: 12 })
  .filter((text) => !/^\s*=\s*"/u.test(text));
const asRead = (text: string): string =>
  text
    .replaceAll(/\r\n|[\r\n\t]/gu, ' ')
    .replaceAll(/^[\s\u3000\u00a0\ufeff]+|[\s\u3000\u00a0\ufeff]+$/gu, '');

const write = ([text, always]: [string, boolean]): string =>
  always || /[",;\t\r\n]/u.test(text) || /^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

describe('row scanner', () => {
  it('returns whatever rows a legal writer wrote, however it quotes, ends lines and is cut into chunks', () => {
    const table = fc.integer({ min: 1, max: 5 }).chain((width) =>
      fc.record({
        rows: fc.array(fc.array(fc.tuple(cellText, fc.boolean()), { minLength: width, maxLength: width }), {
          minLength: 1,
          maxLength: 8,
        }),
        width: fc.constant(width),
        separator: fc.constantFrom(',' as const, '\t' as const, ';' as const),
        lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
        lastEnd: fc.boolean(),
        chunk: fc.integer({ min: 1, max: 40 }),
      }),
    );
    fc.assert(
      fc.property(table, ({ rows, width, separator, lineEnd, lastEnd, chunk }) => {
        const lines = rows.map((row) => row.map(write).join(separator));
        const text = lines.join(lineEnd) + (lastEnd ? lineEnd : '');
        const expected = rows
          .map((row) => row.map(([cell]) => asRead(cell)))
          .filter((row) => row.some((cell) => cell !== ''));
        const found = scan(text, { separator, columns: width }, chunk);
        assert.deepEqual(found.broken, []);
        assert.deepEqual(cellsOf(found), expected);
      }),
      { numRuns: 400 },
    );
  });

  it('answers the same for any bytes, however they are cut into chunks', () => {
    const bytes = fc.uint8Array({ maxLength: 120 }).map((array) => Buffer.from(array));
    const marks = fc
      .array(fc.constantFrom('"', ',', '\n', '\r', 'a', '\0', '="', '""', '臺'), { maxLength: 60 })
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(fc.oneof(bytes, marks), fc.integer({ min: 1, max: 30 }), (all, chunk) => {
        assert.deepEqual(scan(all, { columns: 2 }, chunk), scan(all, { columns: 2 }));
      }),
      { numRuns: 500 },
    );
  });

  it('an open quote costs its own line only', () => {
    const found = scan('a,b\n"open,1\nc,d\ne,f\n', { columns: 2 });
    assert.deepEqual(cellsOf(found), [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
    assert.deepEqual(found.broken, ['unclosed_quote 2 lost']);
  });

  it('an open quote far from the end is given up after the limit and not at the end of the file', () => {
    const rest = 'c,d\n'.repeat(50_000);
    const found = scan(`a,b\n"open,1\n${rest}`, { columns: 2 }, 4096);
    assert.equal(found.rows.length, 50_001);
    assert.deepEqual(found.broken, ['unclosed_quote 2 lost']);
  });

  it('line numbers are those of the file, behind cells of several lines too', () => {
    const found = scan('a,b\r\n"x\r\ny\r\nz",1\r\n\r\nc,d\r\n', { columns: 2 });
    assert.deepEqual(found.rows, [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x y z', '1'] },
      { line: 6, cells: ['c', 'd'] },
    ]);
  });

  it('cells that a sheet wrapped as ="004" are opened, quoted or not', () => {
    assert.deepEqual(cellsOf(scan('="004","=""005"""," 　x　 "\n')), [['004', '005', 'x']]);
  });

  it('a row may have more cells than the header if they are blank', () => {
    const found = scan('1,2,,\n1,2,,x\n', { columns: 2 });
    assert.deepEqual(cellsOf(found), [['1', '2']]);
    assert.deepEqual(found.broken, ['column_count 2 lost']);
  });

  it('columns that are not kept never reach the output', () => {
    const found = scan('1,secret,3\n"4","sec,ret",6\n', { columns: 3, keep: [true, false, true] });
    assert.deepEqual(cellsOf(found), [
      ['1', '3'],
      ['4', '6'],
    ]);
  });

  it('a line of 64 MiB is left out in constant memory and the next line is read', () => {
    const written: string[] = [];
    const broken: string[] = [];
    const scanner = new RowScanner({
      separator: ',',
      limits: defaultLimits,
      encoding: 'utf-8',
      columns: 2,
      sink: {
        write: (rows) => written.push(rows.toString('utf8')),
        broken: (row) => broken.push(`${row.problem.code} ${row.line} ${row.text.length}`),
      },
    });
    const before = process.memoryUsage().arrayBuffers;
    const piece = Buffer.alloc(1 << 20, 'x');
    scanner.push(Buffer.from('a,b\n'));
    for (let at = 0; at < 64; at += 1) scanner.push(piece);
    scanner.push(Buffer.from('\nc,d\n'));
    scanner.end();
    assert.deepEqual(written.join(''), '1\x1fa\x1fb\n3\x1fc\x1fd\n');
    assert.deepEqual(broken, ['row_too_long 2 200']);
    assert.ok(process.memoryUsage().arrayBuffers - before < 48 * 1024 * 1024);
  });

  it('a row that would overrun the limit is left out at any limit', () => {
    const limits: ReadLimits = { ...defaultLimits, rowBytes: 64, cellBytes: 64 };
    for (const chunk of [1, 7, 1000]) {
      const found = scan(
        `a,b\n${'x'.repeat(70)},1\n"${'y'.repeat(70)}",1\nc,d\n`,
        { columns: 2, limits },
        chunk,
      );
      assert.deepEqual(cellsOf(found), [
        ['a', 'b'],
        ['c', 'd'],
      ]);
      assert.equal(found.broken.length, 2);
    }
  });

  it('a row in another encoding is left out, the rows around it are kept', () => {
    const bytes = Buffer.concat([
      Buffer.from('臺北,1\n'),
      Buffer.from([0xa5, 0x78, 0xa5, 0x5f]),
      Buffer.from(',2\n高雄,3\n'),
    ]);
    const found = scan(bytes, { columns: 2 });
    assert.deepEqual(cellsOf(found), [
      ['臺北', '1'],
      ['高雄', '3'],
    ]);
    assert.deepEqual(found.broken, ['bad_encoding 2 lost']);
  });

  it('one unreadable character costs a note, many cost the row', () => {
    const found = scan('a\uFFFD,1\n\uFFFD\uFFFD\uFFFD,2\n', { columns: 2, encoding: 'big5' });
    assert.deepEqual(cellsOf(found), [['a\uFFFD', '1']]);
    assert.deepEqual(found.broken, ['replaced_character 1 kept', 'bad_encoding 2 lost']);
  });
});
