import { Worker } from 'node:worker_threads';
import type { writeOds } from 'hucre/ods';
import { threadEnvironment } from '../sources/thread-environment.ts';

/**
 * A thread that writes one ODS beside the XLSX: each takes half a second for twenty thousand operators. It needs 0.1 s
 * to begin, so start it some time before there is something to write. Write once, or close it.
 */
export class OdsWriter {
  readonly #worker = new Worker(new URL('./ods-thread.ts', import.meta.url), { env: threadEnvironment() });
  readonly #bytes = Promise.withResolvers<Uint8Array>();

  constructor() {
    const { promise, resolve, reject } = this.#bytes;
    promise.catch(() => undefined); // told to whoever writes
    this.#worker.once('message', resolve);
    this.#worker.once('error', reject);
    this.#worker.once('exit', () => reject(new Error('the thread that writes the ODS ended without it')));
  }

  /** The bytes of the workbook as ODS. Rejects where the thread has ended. */
  write(book: Parameters<typeof writeOds>[0]): Promise<Uint8Array> {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
    this.#worker.postMessage(book);
    return this.#bytes.promise;
  }

  /** Ends the thread, whether it was needed or not. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
