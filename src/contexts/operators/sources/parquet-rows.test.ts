import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { ParquetRows } from './parquet-rows.ts';

test('the database reads from Parquet what was added, over groups and files, blank and long cells and many columns', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xinlai-parquet-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const names = Array.from({ length: 17 }, (_, index) => `k_${index}`);
    const files: string[] = [];
    const rows = new ParquetRows(join(folder, 'rows'), names, (path) => files.push(path));
    const cells = ['', '1', '商行', '臺北市信義區', '甲'.repeat(21_845)].map((text) => Buffer.from(text));
    const source = Buffer.concat(cells);
    const words = new DataView(source.buffer, source.byteOffset, source.length);
    const starts = cells.map((_, index) => Buffer.concat(cells.slice(0, index)).length);
    const count = 250_000;
    for (let line = 2; line < count + 2; line += 1) {
      const picks = names.map((_, column) => (line % 50_000 === 7 ? 4 : (line + column) % 4));
      const bounds = picks.flatMap((pick) => [starts[pick]!, starts[pick]! + cells[pick]!.length]);
      rows.add(line, source, words, Int32Array.from(bounds));
    }
    rows.end();
    assert.equal(files.length, 2);
    const expected = (column: number): string =>
      `CASE WHEN r % 50000 = 7 THEN repeat('甲', 21845) ELSE ['', '1', '商行', '臺北市信義區'][(r + ${column}) % 4 + 1] END`;
    const wrong = names.map((name, column) => `${name} IS DISTINCT FROM ${expected(column)}`).join(' OR ');
    const found = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER, count(DISTINCT r)::INTEGER, min(r), max(r), count(*) FILTER (${wrong})::INTEGER ` +
        `FROM read_parquet([${files.map((path) => `'${path}'`).join(', ')}])`,
    );
    assert.deepEqual(found.getRows(), [[count, count, 2, count + 1, 0]]);
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
});
