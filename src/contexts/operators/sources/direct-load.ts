import type { DuckDBConnection } from '@duckdb/node-api';
import { open, rm } from 'node:fs/promises';
import { type CheckAnswer, checkFile } from './check-file.ts';
import type { Part } from './container.ts';
import { findLayout, type Layout } from './layout.ts';
import type { ReadLimits } from './limits.ts';
import { directLoad } from './load-rows.ts';
import { dayNumber, SAMPLE_BYTES, sampleText, shapeOf } from './read-part.ts';
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
 * Lets a thread judge the file and cut it into rows, while the database loads those that are cut already, inside a
 * transaction. Answers what the check found once the clean rows, and they alone, stand in the table, each with its line;
 * undefined where the file has to be read the exact way, and the transaction to be rolled back. `prefix` is the path that
 * files of rows begin with; they are removed once they are loaded, but where the load ends early.
 */
export async function loadDirect(
  connection: DuckDBConnection,
  plan: DirectPlan,
  fileId: number,
  prefix: string,
  limits: ReadLimits,
  today: Temporal.PlainDate,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
  keeps?: (target: string) => boolean,
): Promise<DirectFile | undefined> {
  const { layout, path, bom } = plan;
  const { columns: wanted, keep, forms } = shapeOf(layout);
  const load = directLoad(layout.kind, fileId, wanted, keeps);
  const places = layout.headers.map((_, index) =>
    load.columns.findIndex((key) => layout.columns[key] === index),
  );
  const lineBytes = Math.min(limits.rowBytes, limits.cellBytes);
  const shape = { columns: keep.length, keep, forms: forms!, today: dayNumber(today), lineBytes, places };
  let rows = 0;
  let loaded: Promise<unknown> = Promise.resolve();
  const take = async (file: string): Promise<void> => {
    rows += (await connection.run(load.sql(file))).rowsChanged;
    await rm(file);
  };
  const check = checkFile({ path, bom, shape, columns: load.columns, rows: prefix }, onBytes, (file) => {
    loaded = loaded.then(() => take(file));
    loaded.catch(() => check.stop()); // told below
  });
  const stop = (): void => void check.stop();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const answer = await check.answer;
    if (!answer.plain) connection.interrupt();
    const isLoaded = await loaded.then(
      () => true,
      () => false,
    );
    if (!isLoaded || !answer.plain || answer.lines - 1 > limits.rows) return undefined;
    return rows === answer.lines - 1 - answer.odd.length ? answer : undefined;
  } finally {
    signal?.removeEventListener('abort', stop);
    await check.stop();
  }
}
