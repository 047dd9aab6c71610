import { Exchange, type LossCause, type Settle } from './exchange.ts';
import type { ResponsePdu } from './pdu.ts';

const LAST_SEQUENCE = 0x7fffffff;
const GENERIC_NACK = 0x80000000;

export interface ExchangesOptions {
  /** Requests that may be outstanding or not yet released at once. */
  readonly window: number;
  /** Frees the slot when the outcome has been told; else the caller does with `release`. */
  readonly autoRelease: boolean;
  readonly firstSequence: number;
  /** Called when a slot became free. */
  readonly freed: () => void;
  /** Called with what a caller's `settle` threw. */
  readonly fault: (error: unknown) => void;
}

/** The requests of one session that wait for their responses, by sequence_number, and the window over them. */
export class Exchanges {
  readonly #options: ExchangesOptions;
  /** In the order of sending, and so of their deadlines. */
  readonly #waiting = new Map<number, Exchange>();
  #used = 0;
  #next: number;

  constructor(options: ExchangesOptions) {
    this.#options = options;
    this.#next = options.firstSequence;
  }

  /** Free slots of the window. */
  get free(): number {
    return this.#options.window - this.#used;
  }

  get outstanding(): number {
    return this.#waiting.size;
  }

  /** The sequence_number of the next request: 1 to 0x7FFFFFFF and again (SMPP 3.4 §3.2), never one that waits. */
  nextSequence(): number {
    let sequence = this.#next;
    while (this.#waiting.has(sequence)) sequence = sequence === LAST_SEQUENCE ? 1 : sequence + 1;
    this.#next = sequence === LAST_SEQUENCE ? 1 : sequence + 1;
    return sequence;
  }

  /** Waits for the response of a request that was written. `slot`: it takes one of the window. */
  add(sequence: number, id: number, tag: unknown, settle: Settle<never>, now: number, slot: boolean): void {
    if (slot) this.#used++;
    const responseId = (id | GENERIC_NACK) >>> 0;
    this.#waiting.set(sequence, new Exchange(sequence, responseId, tag, settle, now, slot ? this : null));
  }

  freeSlot(): void {
    this.#used--;
    this.#options.freed();
  }

  /** Settles the request that a response belongs to; false where there is none. */
  answer(response: ResponsePdu, id: number): boolean {
    const exchange = this.#waiting.get(response.sequence);
    if (exchange === undefined || (exchange.responseId !== id && id !== GENERIC_NACK)) return false;
    this.#waiting.delete(response.sequence);
    exchange.outcome = 'answered';
    exchange.response = response;
    this.#settle(exchange);
    return true;
  }

  /** A response that can't be read leaves its request lost. */
  answeredUnreadably(sequence: number, id: number): void {
    const exchange = this.#waiting.get(sequence);
    if (exchange?.responseId === id) this.#lose(exchange, 'malformed');
  }

  /** Every request sent before `instant` (of performance.now()) is lost. */
  expire(instant: number): void {
    for (const exchange of this.#waiting.values()) {
      if (exchange.sentAt > instant) return;
      this.#lose(exchange, 'deadline');
    }
  }

  /** Every request that still waits is lost with the connection, each told by itself. */
  close(): void {
    for (const exchange of this.#waiting.values()) this.#lose(exchange, 'closed');
  }

  #lose(exchange: Exchange, cause: LossCause): void {
    this.#waiting.delete(exchange.sequence);
    exchange.outcome = 'lost';
    exchange.cause = cause;
    this.#settle(exchange);
  }

  #settle(exchange: Exchange): void {
    try {
      exchange.settle();
    } catch (error) {
      this.#options.fault(error);
    }
    if (this.#options.autoRelease) exchange.release();
  }
}
