import { Worker } from 'node:worker_threads';
import type { OddLine, PlainShape } from './plain-check.ts';

/** What the checking thread is given. */
export interface CheckJob {
  path: string;
  /** Bytes of byte-order marks at its beginning. */
  bom: number;
  shape: PlainShape;
}

/** What it found: the file is not plain, or all that is to be known of it. */
export type CheckAnswer =
  | { plain: false }
  | { plain: true; sha256: string; bytes: number; lines: number; sum: number; odd: OddLine[] };

/** A check under way. */
export interface RunningCheck {
  /** Never rejects: a thread that fails finds the file not plain, and the full reader says what is wrong. */
  answer: Promise<CheckAnswer>;
  stop(): Promise<unknown>;
}

/** Judges a file in a thread of its own, beside the load of the same file. `onBytes` hears how far it is. */
export function checkFile(job: CheckJob, onBytes: (bytes: number) => void): RunningCheck {
  const { promise, resolve } = Promise.withResolvers<CheckAnswer>();
  const worker = new Worker(new URL('./plain-check-thread.ts', import.meta.url), { workerData: job });
  worker.on('message', (told: CheckAnswer | { read: number }) => {
    if ('read' in told) onBytes(told.read);
    else resolve(told);
  });
  worker.once('error', () => resolve({ plain: false }));
  worker.once('exit', () => resolve({ plain: false }));
  return { answer: promise, stop: () => worker.terminate() };
}
