import type { DuckDBConnection } from '@duckdb/node-api';
import { open } from 'node:fs/promises';
import { type CheckAnswer, checkFile } from './check-file.ts';
import type { Part } from './container.ts';
import { findLayout, type Layout } from './layout.ts';
import type { ReadLimits } from './limits.ts';
import { directLoadSql } from './load-rows.ts';
import { SUM_MODULUS } from './plain-check.ts';
import { dayNumber, SAMPLE_BYTES, sampleText, shapeOf } from './read-part.ts';
import type { SourceKind } from './source-tables.ts';
import { tableOf } from './source-tables.ts';
import type { FileChoice } from './sources-json.ts';

/** How a large register is laid out that the database may read itself. */
export interface DirectPlan {
  path: string;
  bom: number;
  layout: Layout;
}

/** A plain register: what the check found, and its odd lines, which are not loaded. */
export type DirectFile = CheckAnswer & { plain: true };

/** Whether a part may be worth the direct way: a large UTF-8 file of a register with its header in the first line. */
export async function planDirect(
  part: Part,
  choice: FileChoice,
  limits: ReadLimits,
): Promise<DirectPlan | undefined> {
  if (part.path === undefined || part.problem !== undefined || choice.ignore === true) return undefined;
  const file = await open(part.path);
  let sample: Buffer;
  try {
    if ((await file.stat()).size < limits.directBytes) return undefined;
    const head = Buffer.alloc(SAMPLE_BYTES);
    sample = head.subarray(0, (await file.read(head, 0, SAMPLE_BYTES, 0)).bytesRead);
  } finally {
    await file.close();
  }
  const started = await sampleText(sample);
  if ('problem' in started || started.encoding !== 'utf-8') return undefined;
  const layout = findLayout(started.text, sample.length < SAMPLE_BYTES, 'utf-8', limits, choice);
  if ('problem' in layout || layout.headerLine !== 1 || layout.separator !== ',') return undefined;
  return shapeOf(layout).forms === undefined ? undefined : { path: part.path, bom: started.bom, layout };
}

/**
 * Lets the database read the file while a thread judges it, inside a transaction. Answers what the check found once the
 * clean rows, and they alone, stand in the table, each with its line; undefined where the file has to be read the exact
 * way, and the transaction to be rolled back. The proof: as many rows as the check counted, and the same sum of
 * line × 統一編號, so that no row is lost, doubled or moved.
 */
export async function loadDirect(
  connection: DuckDBConnection,
  plan: DirectPlan,
  fileId: number,
  limits: ReadLimits,
  today: Temporal.PlainDate,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
  keeps?: (target: string) => boolean,
): Promise<DirectFile | undefined> {
  const { layout, path, bom } = plan;
  const { keep, forms } = shapeOf(layout);
  const keyOf = new Map(Object.entries(layout.columns).map(([key, index]) => [index, key]));
  const columns = layout.headers.map((_, index) => keyOf.get(index) ?? '');
  const lineBytes = Math.min(limits.rowBytes, limits.cellBytes);
  const shape = { columns: columns.length, keep, forms: forms!, today: dayNumber(today), lineBytes };
  const check = checkFile({ path, bom, shape }, onBytes);
  const stop = (): void => void check.stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const load = connection.run(directLoadSql(layout.kind, fileId, path, columns, keeps));
    const isLoaded = load.then(
      () => true,
      () => false,
    );
    const answer = await check.answer;
    if (!answer.plain) connection.interrupt();
    if (!(await isLoaded) || !answer.plain || answer.lines - 1 > limits.rows) return undefined;
    return (await isProven(connection, layout.kind, fileId, answer)) ? answer : undefined;
  } finally {
    signal?.removeEventListener('abort', stop);
    await check.stop();
  }
}

/** Takes odd lines out again, and compares what is left with what the check counted. */
async function isProven(
  connection: DuckDBConnection,
  kind: SourceKind,
  fileId: number,
  { lines, sum, odd }: DirectFile,
): Promise<boolean> {
  const table = tableOf(kind);
  for (let at = 0; at < odd.length; at += 10_000) {
    const some = odd.slice(at, at + 10_000).map((one) => one.line);
    await connection.run(
      `DELETE FROM ${table} WHERE file_id = ${fileId} AND row_number BETWEEN ${some[0]} AND ${some.at(-1)} ` +
        `AND row_number IN (SELECT unnest([${some.join(', ')}]))`,
    );
  }
  const found = await connection.runAndReadAll(
    `SELECT count(*)::DOUBLE, coalesce(sum(row_number * TRY_CAST(ubn AS BIGINT)) % ${SUM_MODULUS}, 0)::DOUBLE ` +
      `FROM ${table} WHERE file_id = ${fileId}`,
  );
  const [count, total] = found.getRows()[0]!;
  return count === lines - 1 - odd.length && total === sum;
}
