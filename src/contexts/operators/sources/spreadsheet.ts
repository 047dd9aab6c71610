import { Worker } from 'node:worker_threads';
import type { ReadLimits } from './limits.ts';
import { type ProblemCode, problem, refuse } from './problems.ts';

/** A cell whose value is the last stored result of a formula; row and column count from 1. */
export interface SheetCellNote {
  row: number;
  column: number;
  /** The formula, at most 200 characters. */
  text: string;
}

/** One sheet as text: UTF-8 CSV with a line for each row, so that a line number is a row number. */
export interface SheetText {
  name: string;
  /** The only sheet with anything in it. */
  alone: boolean;
  content: AsyncIterable<Buffer>;
  notes: readonly SheetCellNote[];
}

/** What the reading thread is given. */
export interface SheetJob {
  path: string;
  format: 'xlsx' | 'ods';
  columns: number;
  sheets: number;
}

/** What the reading thread answers. */
export type SheetAnswer =
  | { sheets: { name: string; csv: Uint8Array; notes: SheetCellNote[] }[] }
  | { failure: ProblemCode; values: Record<string, string | number> };

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  const step = 1 << 19;
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

/**
 * Reads every sheet of a workbook in a thread of its own with a limited heap and time, so that a hostile file costs a
 * refusal and never the process. Throws a FileProblem.
 */
export async function* readSheets(
  path: string,
  format: 'xlsx' | 'ods',
  limits: ReadLimits,
  signal?: AbortSignal,
): AsyncGenerator<SheetText, void, undefined> {
  const answer = await inThread(
    { path, format, columns: limits.columns, sheets: limits.sheets },
    limits,
    signal,
  );
  if ('failure' in answer) throw refuse(answer.failure, answer.values);
  const filled = answer.sheets.filter((sheet) => sheet.csv.length > 0);
  if (filled.length === 0) throw refuse('empty_file');
  for (const { name, csv, notes } of filled) {
    const content = once(Buffer.from(csv.buffer, csv.byteOffset, csv.byteLength));
    yield { name, alone: filled.length === 1, content, notes };
  }
}

function inThread(job: SheetJob, limits: ReadLimits, signal?: AbortSignal): Promise<SheetAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<SheetAnswer>();
  const worker = new Worker(new URL('./spreadsheet-thread.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: limits.sheetHeapMiB, stackSizeMb: 8 },
  });
  const stop = (): void => void worker.terminate();
  const timer = setTimeout(() => {
    reject(refuse('sheet_too_large', { detail: `${limits.sheetSeconds} s` }));
    stop();
  }, limits.sheetSeconds * 1000);
  const abort = (): void => {
    reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
    stop();
  };
  signal?.addEventListener('abort', abort, { once: true });
  worker.once('message', (answer: SheetAnswer) => resolve(answer));
  worker.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY')
      reject(refuse('sheet_too_large', { detail: `${limits.sheetHeapMiB} MiB` }));
    else reject(refuse('archive_broken', { detail: error.message.slice(0, 120) }));
  });
  worker.once('exit', () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    reject(refuse('archive_broken', { detail: problem('archive_broken').code }));
  });
  return promise;
}
