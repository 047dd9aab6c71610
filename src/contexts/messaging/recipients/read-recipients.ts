/** Reads a file of recipients in a thread of its own, so that a hostile or huge one costs no request its time. */
import { Worker } from 'node:worker_threads';
import type { ReadJob } from './read-file.ts';
import { FileRefusal, type FileFault, type Reading } from './reading.ts';
import { SealedFileError } from './sealed-file.ts';

/** What the thread tells. */
export type ReadAnswer =
  | { readonly bytes: number; readonly rows: number }
  | { readonly reading: Reading }
  | {
      readonly refusal: {
        readonly fault: FileFault;
        readonly detail: Readonly<Record<string, string | number>>;
        readonly columns: readonly string[];
      };
    }
  | { readonly damaged: string };

/** MiB of heap: a text is read in blocks, a workbook lies in memory. */
const HEAP = { text: 192, workbook: 1536 } as const;

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Bytes of the upload and rows so far. */
  readonly onProgress?: (bytes: number, rows: number) => void;
}

/** Throws a FileRefusal where the file cannot be taken, a SealedFileError where its seal is broken, the signal's reason. */
export function readRecipients(job: ReadJob, { signal, onProgress }: ReadOptions = {}): Promise<Reading> {
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Reading>();
  const worker = new Worker(new URL('./read-file-thread.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: HEAP[job.kind] },
  });
  const stop = (reason: unknown): void => {
    reject(reason);
    void worker.terminate();
  };
  const timer = setTimeout(
    () => stop(new FileRefusal('too_slow', { limit: job.limits.seconds })),
    job.limits.seconds * 1000 + 5000,
  );
  const abort = (): void => stop(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  worker.on('message', (answer: ReadAnswer) => {
    if ('bytes' in answer) onProgress?.(answer.bytes, answer.rows);
    else if ('reading' in answer) resolve(answer.reading);
    else if ('damaged' in answer) reject(new SealedFileError(answer.damaged));
    else reject(new FileRefusal(answer.refusal.fault, answer.refusal.detail, answer.refusal.columns));
  });
  worker.once('error', (error: NodeJS.ErrnoException) =>
    stop(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new FileRefusal('workbook_too_large') : error),
  );
  worker.once('exit', () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    reject(new Error('the reading thread ended without an answer'));
  });
  return promise;
}
