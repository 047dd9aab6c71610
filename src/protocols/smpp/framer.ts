import { statuses } from './statuses.ts';

/** Octets of the header, and so of the shortest PDU (SMPP 3.4 §3.2). */
const HEADER = 16;

/** The stream can't be followed any further: the answer is generic_nack with `status`, and the end of the session. */
export interface FramingError {
  /** command_length as it was read. */
  readonly length: number;
  readonly status: number;
}

export interface FramerOptions {
  /** Called with each whole PDU. Bytes are never written over: views of them stay true. */
  readonly visit: (source: Buffer, start: number, end: number) => void;
  readonly fail: (error: FramingError) => void;
  /** Octets of the longest PDU. */
  readonly maxLength: number;
}

/**
 * Cuts a stream of bytes into PDUs. A PDU in one piece is not copied; one in several pieces is put together in a buffer
 * of its own length, so that a peer that trickles bytes costs what it sends. After a framing error nothing is read.
 */
export class Framer {
  maxLength: number;
  readonly #visit: FramerOptions['visit'];
  readonly #fail: FramerOptions['fail'];
  /** The begun PDU: first its command_length, then a buffer for the whole of it. */
  readonly #lengthOctets = Buffer.alloc(4);
  #begun: Buffer | null = null;
  #filled = 0;
  /** What came in while stopped. */
  #kept: Buffer | null = null;
  #isStopped = false;
  #isBroken = false;

  constructor({ visit, fail, maxLength }: FramerOptions) {
    this.#visit = visit;
    this.#fail = fail;
    this.maxLength = maxLength;
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Buffer): void {
    if (this.#isBroken) return;
    if (this.#isStopped) this.#kept = this.#kept === null ? chunk : Buffer.concat([this.#kept, chunk]);
    else this.#read(chunk);
  }

  /** Nothing is visited from now on until `resume`, also of a chunk that is being read; what comes in is kept. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Goes on where `stop` stopped. */
  resume(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    const kept = this.#kept;
    this.#kept = null;
    if (kept !== null && !this.#isBroken) this.#read(kept);
  }

  #read(chunk: Buffer): void {
    let at = this.#filled > 0 ? this.#complete(chunk) : 0;
    while (at < chunk.length) {
      if (this.#isBroken) return;
      if (this.#isStopped) {
        this.#kept = chunk.subarray(at);
        return;
      }
      if (chunk.length - at < 4) return this.#begin(chunk, at, this.#lengthOctets);
      const length = chunk.readUInt32BE(at);
      if (!this.#isSound(length)) return;
      if (at + length > chunk.length) return this.#begin(chunk, at, Buffer.allocUnsafe(length));
      this.#visit(chunk, at, at + length);
      at += length;
    }
  }

  #isSound(length: number): boolean {
    if (length >= HEADER && length <= this.maxLength) return true;
    this.#isBroken = true;
    this.#begun = null;
    this.#filled = 0;
    this.#fail({ length, status: statuses.ESME_RINVCMDLEN });
    return false;
  }

  #begin(chunk: Buffer, at: number, into: Buffer): void {
    this.#filled = chunk.copy(into, 0, at);
    this.#begun = into === this.#lengthOctets ? null : into;
  }

  /** Fills up the begun PDU; answers where the rest of the chunk starts. */
  #complete(chunk: Buffer): number {
    let at = 0;
    if (this.#begun === null) {
      at = chunk.copy(this.#lengthOctets, this.#filled, 0);
      this.#filled += at;
      if (this.#filled < 4) return at;
      const length = this.#lengthOctets.readUInt32BE(0);
      if (!this.#isSound(length)) return chunk.length;
      this.#begun = Buffer.allocUnsafe(length);
      this.#lengthOctets.copy(this.#begun);
    }
    const whole = this.#begun;
    const copied = chunk.copy(whole, this.#filled, at);
    this.#filled += copied;
    if (this.#filled === whole.length) {
      this.#begun = null;
      this.#filled = 0;
      this.#visit(whole, 0, whole.length);
    }
    return at + copied;
  }
}
