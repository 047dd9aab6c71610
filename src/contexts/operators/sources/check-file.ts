import { Worker } from 'node:worker_threads';
import type { OddLine, PlainShape } from './plain-check.ts';
import { threadEnvironment } from './thread-environment.ts';

/** What the checking thread is given. */
export interface CheckJob {
  path: string;
  /** Bytes of byte-order marks at its beginning. */
  bom: number;
  shape: PlainShape;
  /** Keys of the cells that are handed on, in the order of their places. */
  columns: readonly string[];
  /** Path that the files of rows begin with. */
  rows: string;
}

/** What it found: the file is not plain, or all that is to be known of it. */
export type CheckAnswer =
  | { plain: false }
  | { plain: true; sha256: string; bytes: number; lines: number; odd: OddLine[] };

/** A check under way. */
export interface RunningCheck {
  /** Never rejects: a thread that fails finds the file not plain, and the full reader says what is wrong. */
  answer: Promise<CheckAnswer>;
  stop(): Promise<unknown>;
}

/**
 * Judges a file in a thread of its own. `onBytes` hears how far it is, `onRows` of each Parquet file of rows, as soon as it
 * is whole and before `answer` comes; whether the rows count is known with the answer.
 */
export function checkFile(
  job: CheckJob,
  onBytes: (bytes: number) => void,
  onRows: (path: string) => void,
): RunningCheck {
  const { promise, resolve } = Promise.withResolvers<CheckAnswer>();
  const worker = new Worker(new URL('./plain-check-thread.ts', import.meta.url), {
    workerData: job,
    env: threadEnvironment(),
  });
  worker.on('message', (told: CheckAnswer | { read: number } | { path: string }) => {
    if ('read' in told) onBytes(told.read);
    else if ('path' in told) onRows(told.path);
    else resolve(told);
  });
  worker.once('error', () => resolve({ plain: false }));
  worker.once('exit', () => resolve({ plain: false }));
  return { answer: promise, stop: () => worker.terminate() };
}
