/** One hash over everything that a batch sends, in its order: what is approved is what is sent. */
import { createHash, type Hash } from 'node:crypto';

/**
 * SHA-256 over the hash of the template version, then telecom and content of every chunk in the order of their ids, each
 * with its length before it, so that nothing can be moved from one chunk to the next.
 */
export class ContentHash {
  readonly #hash: Hash;

  constructor(versionHash: Buffer) {
    this.#hash = createHash('sha256').update('messaging.batch.1\0').update(versionHash);
  }

  chunk(telecom: string, encoded: string): void {
    const bytes = Buffer.byteLength(encoded);
    this.#hash.update(`${telecom} ${bytes}\0`).update(encoded);
  }

  digest(): Buffer {
    return this.#hash.digest();
  }
}
