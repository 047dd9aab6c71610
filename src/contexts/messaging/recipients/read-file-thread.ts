import { parentPort, workerData } from 'node:worker_threads';
import { readFile, type ReadJob } from './read-file.ts';
import { FileRefusal } from './reading.ts';
import type { ReadAnswer } from './read-recipients.ts';
import { SealedFileError } from './sealed-file.ts';

/** Runs in the thread that `readRecipients` starts. */

/* oxlint-disable unicorn/require-post-message-target-origin -- a thread has no origin */

const TOLD_MS = 200;
let told = 0;

function tell(answer: ReadAnswer): void {
  parentPort?.postMessage(answer);
}

try {
  const reading = await readFile(workerData as ReadJob, (bytes, rows) => {
    if (performance.now() - told < TOLD_MS) return;
    told = performance.now();
    tell({ bytes, rows });
  });
  tell({ reading });
} catch (error) {
  if (error instanceof FileRefusal) {
    const { fault, detail, columns } = error;
    tell({ refusal: { fault, detail, columns } });
  } else if (error instanceof SealedFileError) {
    tell({ damaged: error.message });
  } else {
    throw error;
  }
}
