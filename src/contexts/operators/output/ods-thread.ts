import { parentPort, workerData } from 'node:worker_threads';
import { writeOds } from 'hucre/ods';

/** Runs in the thread that `writeWorkbooks` starts: a workbook in, the bytes of its ODS out. */

const bytes = await writeOds(workerData as Parameters<typeof writeOds>[0]);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
parentPort?.postMessage(bytes);
