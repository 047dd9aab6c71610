/** The contracted rate of one bind, in parts: what may be written now, and how it shrinks when the telecom says so. */

export interface RateOptions {
  readonly partsPerSecond: number;
  /** Milliseconds of any fixed origin; the clock of the machine may jump, this one may not. */
  readonly now?: () => number;
}

/** Milliseconds of a slot in which parts are counted, and slots that a second touches. */
const SLOT_MS = 10;
const SLOTS = 101;
/** Share of the contract below which throttling does not go. */
const LEAST = 1 / 64;
/** Share of the contract that comes back in a second without throttling. */
const GROWTH = 0.2;
/** Milliseconds in which throttled answers count as one: those of a window come together. */
const ONE_STORM_MS = 250;
/** Milliseconds of silence after a throttled answer. */
const REST_MS = 100;

/**
 * Two bounds at once. In any second no more than 1 % above the rate leaves (`#sent`, a sliding second); within it the
 * parts are spread, for the bucket holds a tenth of a second. So a pause of the database up to that long costs nothing.
 */
export class Rate {
  readonly #contract: number;
  readonly #now: () => number;
  readonly #slots = new Uint32Array(SLOTS);
  readonly #depth: number;
  #slot: number;
  #sent = 0;
  #tokens = 0;
  #filledAt: number;
  #share = 1;
  #throttledAt = Number.NEGATIVE_INFINITY;
  #restUntil = Number.NEGATIVE_INFINITY;
  #throttles = 0;

  constructor({ partsPerSecond, now = () => performance.now() }: RateOptions) {
    this.#contract = partsPerSecond;
    this.#now = now;
    this.#depth = Math.max(1, partsPerSecond / 10);
    this.#filledAt = now();
    this.#slot = Math.floor(this.#filledAt / SLOT_MS);
  }

  /** Parts a second that are aimed at now. */
  get current(): number {
    this.#fill();
    return this.#contract * this.#share;
  }

  /** Times that the telecom asked for less. */
  get throttles(): number {
    return this.#throttles;
  }

  /** Parts written in the last second. */
  get lastSecond(): number {
    this.#turn();
    return this.#sent;
  }

  /** Parts that may be taken now. A text of more parts than the rate may go when nothing else does. */
  get available(): number {
    this.#fill();
    if (this.#now() < this.#restUntil) return 0;
    this.#turn();
    const room = Math.floor(this.#contract * this.#share * (SLOTS / 100)) - this.#sent;
    return Math.max(0, Math.min(Math.floor(this.#tokens), Math.max(room, this.#sent === 0 ? 1 : 0)));
  }

  /** Whether a text of so many parts may go now: all of them leave together. */
  allows(parts: number): boolean {
    const { available } = this;
    return available >= Math.min(parts, Math.floor(this.#depth)) && available > 0;
  }

  /** Takes the tokens of parts that are about to be written. More than there are is a debt that is worked off first. */
  take(parts: number): void {
    this.#fill();
    this.#turn();
    this.#tokens -= parts;
    this.#sent += parts;
    this.#slots[this.#slot % SLOTS]! += parts;
  }

  /** Parts that were taken leave now, perhaps a commit later: a second is counted from here. */
  written(parts: number, takenSlot: number): void {
    this.#turn();
    if (takenSlot === this.#slot) return;
    if (this.#slot - takenSlot < SLOTS) this.#slots[takenSlot % SLOTS]! -= parts;
    else this.#sent += parts;
    this.#slots[this.#slot % SLOTS]! += parts;
  }

  /** Names the moment of a `take`, for `written`. */
  get slot(): number {
    return this.#slot;
  }

  /** Milliseconds until a text of so many parts may go; 0 where it may now. */
  waitMs(parts = 1): number {
    if (this.allows(parts)) return 0;
    const rest = this.#restUntil - this.#now();
    if (rest > 0) return rest;
    const missing = Math.min(parts, Math.floor(this.#depth)) - this.#tokens;
    const refill = missing > 0 ? (missing / (this.#contract * this.#share)) * 1000 : 0;
    return Math.max(1, Math.min(1000, Math.max(refill, SLOT_MS / 2)));
  }

  /** ESME_RTHROTTLED, or a congestion_state above 90: half the rate, after a rest. */
  throttled(): void {
    const now = this.#now();
    this.#throttles++;
    if (now - this.#throttledAt < ONE_STORM_MS) return;
    this.#fill();
    this.#throttledAt = now;
    this.#restUntil = now + REST_MS;
    this.#share = Math.max(LEAST, this.#share / 2);
    this.#tokens = Math.min(this.#tokens, 0);
  }

  #fill(): void {
    const now = this.#now();
    const seconds = Math.max(0, now - this.#filledAt) / 1000;
    this.#filledAt = now;
    if (this.#share < 1 && now >= this.#restUntil) this.#share = Math.min(1, this.#share + GROWTH * seconds);
    this.#tokens = Math.min(this.#depth, this.#tokens + seconds * this.#contract * this.#share);
  }

  /** Forgets what was written more than a second ago. */
  #turn(): void {
    const slot = Math.floor(this.#now() / SLOT_MS);
    const steps = Math.min(SLOTS, slot - this.#slot);
    for (let step = 1; step <= steps; step++) {
      const place = (this.#slot + step) % SLOTS;
      this.#sent -= this.#slots[place]!;
      this.#slots[place] = 0;
    }
    this.#slot = slot;
  }
}
