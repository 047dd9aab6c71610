import { quoteSql } from './load-rows.ts';
import type { Problem } from './problems.ts';
import type { ReadFile } from './read-sources.ts';

const sql = (value: string | number | null): string =>
  value === null ? 'NULL' : typeof value === 'number' ? String(value) : quoteSql(value.replaceAll('\0', ' '));

/** The statement that lists a file. */
export function fileRow(file: ReadFile): string {
  const { problem: found } = file;
  const headers = `[${file.headers.map((header) => quoteSql(header.slice(0, 200))).join(', ')}]::VARCHAR[]`;
  const values = [
    ...[file.fileId, file.name, file.kind, file.sha256, file.bytes, file.encoding, file.container].map(sql),
    file.dataDate === null ? 'NULL' : `DATE '${file.dataDate.toString()}'`,
    ...[file.goodRows, file.rejectedRows].map(sql),
    headers,
    ...[found?.code ?? null, found?.zh ?? null, found?.en ?? null].map(sql),
  ];
  return `INSERT INTO source_file VALUES (${values.join(', ')})`;
}

/** One row of `rejected_cell` as an SQL tuple. */
export function rejectedRow(
  file: ReadFile,
  row: number | null,
  column: string | null,
  value: string | null,
  found: Problem,
  kept: boolean,
): string {
  const cells = [file.fileId, file.name, row, column, value, found.code, found.zh, found.en].map(sql);
  return `(${cells.join(', ')}, ${kept})`;
}
