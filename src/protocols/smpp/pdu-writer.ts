import type { Socket } from 'node:net';
import { encodeInto, largestSize } from './encode.ts';
import type { AnyPduInput } from './pdu.ts';

const BATCH_OCTETS = 65_536;
const MOST_SPARE = 16;

/** Buffers between two batches. They are shared, so that an idle session holds none. */
const spare: Buffer[] = [];

/**
 * Writes the PDUs of one turn of the event loop in one piece. With TCP_NODELAY a write for each PDU costs a system call
 * and a packet each; without it a receipt waits 40 ms for the delayed acknowledgement of the one before.
 */
export class PduWriter {
  readonly #socket: Socket;
  #batch: Buffer | null = null;
  #used = 0;
  #isScheduled = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
  }

  /** Octets that the peer has not taken yet. */
  get backlog(): number {
    return this.#used + this.#socket.writableLength;
  }

  /** Puts a PDU into the batch of this turn. Throws SmppValueError, and writes nothing, where a value does not fit. */
  write(pdu: AnyPduInput, sequence: number): void {
    const room = largestSize(pdu);
    if (this.#batch !== null && this.#used + room > this.#batch.length) this.flush();
    this.#batch ??=
      room > BATCH_OCTETS
        ? Buffer.allocUnsafeSlow(room)
        : (spare.pop() ?? Buffer.allocUnsafeSlow(BATCH_OCTETS));
    this.#used = encodeInto(pdu, this.#batch, this.#used, sequence);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }

  /** Hands what is written so far to the socket. */
  flush(): void {
    const batch = this.#batch;
    const used = this.#used;
    this.#batch = null;
    this.#used = 0;
    if (batch === null) return;
    if (used === 0 || !this.#socket.writable) return giveBack(batch);
    this.#socket.write(batch.subarray(0, used), (error) => {
      // After an error the operating system may still look at it.
      if (!error) giveBack(batch);
    });
  }
}

function giveBack(batch: Buffer): void {
  if (batch.length === BATCH_OCTETS && spare.length < MOST_SPARE) spare.push(batch);
}
