import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { ParquetRows } from './parquet-rows.ts';
import { PlainCheck } from './plain-check.ts';
import type { CheckAnswer, CheckJob } from './check-file.ts';

/** Runs in the thread that `checkFile` starts: digest, judgement and rows of a file in one pass. */

/* oxlint-disable unicorn/require-post-message-target-origin -- a thread has no origin */

const LF = 10;
const BLOCK = 1 << 20;
/** A message costs as much as reading 100 KB. */
const TOLD_BYTES = 8 << 20;

function judge(job: CheckJob): CheckAnswer {
  const rows = new ParquetRows(job.rows, job.columns, (path) => parentPort!.postMessage({ path }));
  const check = new PlainCheck(job.shape, rows);
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(BLOCK + job.shape.lineBytes + 2);
  const file = openSync(job.path, 'r');
  let kept = 0;
  let untold = 0;
  let bytes = 0;
  try {
    for (;;) {
      const read = readSync(file, buffer, kept, BLOCK, null);
      hash.update(buffer.subarray(kept, kept + read));
      let end = kept + read;
      if (read === 0 && end > 0) end += buffer.write(check.lineEnd, end); // the last line, where nothing ended it
      const first = bytes === 0 ? Math.min(job.bom, end) : 0;
      bytes += read;
      const whole = buffer.subarray(first, end).lastIndexOf(LF) + 1 + first;
      if (!check.take(buffer.subarray(first, whole))) return { plain: false };
      buffer.copyWithin(0, whole, end);
      kept = end - whole;
      if (kept > job.shape.lineBytes) return { plain: false };
      if (read === 0) break;
      untold += read;
      if (untold >= TOLD_BYTES) {
        parentPort!.postMessage({ read: untold });
        untold = 0;
      }
    }
    rows.end();
  } finally {
    rows.close();
    closeSync(file);
  }
  const { lines, odd } = check;
  return { plain: true, sha256: hash.digest('hex'), bytes, lines, odd };
}

parentPort!.postMessage(judge(workerData as CheckJob));
