import type { Socket } from 'node:net';
import { Framer, type FramerOptions } from './framer.ts';

/** Reasons for which the peer's bytes are not read for now; several may hold at once. */
export const hold = { caller: 1, unanswered: 2, backlog: 4 } as const;

/** The longest PDU that a session takes before it is bound: nobody needs more than a bind. */
const UNBOUND_PDU_LENGTH = 1024;

export interface PduReaderOptions extends Pick<FramerOptions, 'visit' | 'fail'> {
  readonly socket: Socket;
  /** Called when bytes came in. */
  readonly heard: () => void;
}

/** Reads the PDUs of a socket as long as nothing holds it. What is not read waits at the peer: TCP sees to that. */
export class PduReader {
  readonly #socket: Socket;
  readonly #framer: Framer;
  readonly #heard: () => void;
  #holds = 0;

  constructor({ socket, visit, fail, heard }: PduReaderOptions) {
    this.#socket = socket;
    this.#heard = heard;
    this.#framer = new Framer({ visit, fail, maxLength: UNBOUND_PDU_LENGTH });
    socket.on('data', (chunk: Buffer) => {
      heard();
      this.#framer.push(chunk);
    });
  }

  set maxLength(octets: number) {
    this.#framer.maxLength = octets;
  }

  /** Whether anything holds it. */
  get isHeld(): boolean {
    return this.#holds !== 0;
  }

  isHeldBy(reason: number): boolean {
    return (this.#holds & reason) !== 0;
  }

  /** No further PDU is visited, not even of the bytes that were read already. */
  hold(reason: number): void {
    this.#holds |= reason;
    this.#framer.stop();
    this.#socket.pause();
  }

  /** Goes on once no reason is left. Time that was spent waiting for us does not count against the peer. */
  release(reason: number): void {
    if ((this.#holds & reason) === 0) return;
    this.#holds &= ~reason;
    if (this.#holds !== 0) return;
    this.#heard();
    this.#framer.resume();
    if (!this.isHeld) this.#socket.resume();
  }
}
