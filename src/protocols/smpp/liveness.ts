/** Whether the peer still lives: asks after a silence, and gives up where the question brings nothing back. */
export class Liveness {
  readonly #askAfterMs: number;
  readonly #deadlineMs: number;
  #heardAt: number;
  #askedAt: number | null = null;

  constructor(askAfterMs: number, deadlineMs: number, now: number) {
    this.#askAfterMs = askAfterMs;
    this.#deadlineMs = deadlineMs;
    this.#heardAt = now;
  }

  /** Any bytes show life, not the answer to the question alone. */
  heard(now: number): void {
    this.#heardAt = now;
    this.#askedAt = null;
  }

  /** What to do now: nothing, ask by enquire_link, or hold the peer for dead. */
  check(now: number): 'nothing' | 'ask' | 'dead' {
    if (this.#askedAt !== null) return now - this.#askedAt >= this.#deadlineMs ? 'dead' : 'nothing';
    if (now - this.#heardAt < this.#askAfterMs) return 'nothing';
    this.#askedAt = now;
    return 'ask';
  }
}
