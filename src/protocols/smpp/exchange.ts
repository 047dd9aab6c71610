import type { ResponsePdu } from './pdu.ts';

/**
 * Why a request has no answer. `deadline`: none came in time; it may still come (`unmatched`). `closed`: the connection
 * ended first. `malformed`: a response came that can't be read. In each case the peer may have done what was asked.
 */
export type LossCause = 'deadline' | 'closed' | 'malformed';

interface Settled<Tag> {
  readonly sequence: number;
  /** What the caller gave with the request. */
  readonly tag: Tag;
  /** Frees the slot of the window; call it once the outcome is recorded. A second call does nothing. */
  release(): void;
}

export interface Answered<Tag> extends Settled<Tag> {
  readonly outcome: 'answered';
  /** The response of the request's own command, or generic_nack. Its `status` says whether the peer agreed. */
  readonly response: ResponsePdu;
}

export interface Lost<Tag> extends Settled<Tag> {
  readonly outcome: 'lost';
  readonly cause: LossCause;
}

/** What became of a request. */
export type Outcome<Tag> = Answered<Tag> | Lost<Tag>;

export type Settle<Tag> = (outcome: Outcome<Tag>) => void;

/** Whoever keeps the window. */
interface Window {
  freeSlot(): void;
}

/** One request from its sending to the release of its slot. It is its own outcome: one object for each message. */
export class Exchange {
  outcome: 'outstanding' | 'answered' | 'lost' = 'outstanding';
  response: ResponsePdu | null = null;
  cause: LossCause | null = null;
  readonly sequence: number;
  readonly tag: unknown;
  /** command_id of the response. */
  readonly responseId: number;
  /** Milliseconds of `performance.now()`. */
  readonly sentAt: number;
  readonly #settle: (outcome: Outcome<never>) => void;
  #window: Window | null;

  constructor(
    sequence: number,
    responseId: number,
    tag: unknown,
    settle: (outcome: Outcome<never>) => void,
    sentAt: number,
    window: Window | null,
  ) {
    this.sequence = sequence;
    this.responseId = responseId;
    this.tag = tag;
    this.sentAt = sentAt;
    this.#settle = settle;
    this.#window = window;
  }

  release(): void {
    const window = this.#window;
    this.#window = null;
    window?.freeSlot();
  }

  /** Tells the caller. */
  settle(): void {
    this.#settle(this as unknown as Outcome<never>);
  }
}
