/** A bucket that refills steadily: what a telecom lets a bind submit. */
export class RateLimit {
  #parts: number;
  #at: number;

  constructor(now: number, burst: number) {
    this.#parts = burst;
    this.#at = now;
  }

  /** Takes parts at `now` (milliseconds); false, and nothing is taken, where there are not enough. */
  take(parts: number, rate: number, burst: number, now: number): boolean {
    this.#parts = Math.min(burst, this.#parts + ((now - this.#at) * rate) / 1000);
    this.#at = now;
    if (this.#parts < parts) return false;
    this.#parts -= parts;
    return true;
  }
}

/** Parts at once: as asked, else a quarter of a second of the rate, at least one long text. */
export const burstOf = (rate: number, burst: number): number => (burst > 0 ? burst : Math.max(10, rate / 4));
