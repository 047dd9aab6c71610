/** Puts the parts of long texts together again. */
import { type Alphabet, decodeText } from './alphabet.ts';
import type { CarriedPart } from './message-fields.ts';

export interface Whole {
  /** Null for binary messages. */
  readonly text: string | null;
  readonly parts: number;
}

export interface ReassemblyOptions {
  /** Texts that wait for parts at the same time; beyond it the one that began first is given up. */
  readonly limit?: number;
  /** Texts given up for want of a part within so many milliseconds; their reference may then be another text's. */
  readonly patience?: number;
  /** Milliseconds; for tests and replays. */
  readonly now?: () => number;
}

interface Waiting {
  readonly pieces: (Uint8Array | null)[];
  readonly alphabet: Alphabet | null;
  missing: number;
  readonly since: number;
}

/**
 * Parts come in any order and any number of times. They belong together by sender, destination, reference and total; a
 * part in another alphabet than the first begins the text anew.
 */
export class Reassembly {
  readonly #waiting = new Map<string, Waiting>();
  readonly #limit: number;
  readonly #patience: number;
  readonly #now: () => number;
  #givenUp = 0;

  constructor({ limit = 10_000, patience = 10 * 60_000, now = Date.now }: ReassemblyOptions = {}) {
    this.#limit = limit;
    this.#patience = patience;
    this.#now = now;
  }

  /** Texts of which some part is missing. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Texts that were never whole. */
  get givenUp(): number {
    return this.#givenUp;
  }

  /** Takes a part; answers the whole text when this was the last one missing, else null. */
  add(sender: string, destination: string, part: CarriedPart): Whole | null {
    const { concatenation, alphabet, octets } = part;
    if (concatenation === null || concatenation.total === 1) {
      return { text: alphabet === null ? null : decodeText(octets, alphabet), parts: 1 };
    }
    const { reference, total, sequence } = concatenation;
    const key = `${sender} ${destination} ${reference} ${total}`;
    const text = this.#begun(key, alphabet, total);
    if (text.pieces[sequence - 1] !== null) return null;
    text.pieces[sequence - 1] = Uint8Array.from(octets);
    text.missing -= 1;
    if (text.missing > 0) return null;
    this.#waiting.delete(key);
    const whole = Buffer.concat(text.pieces.filter((piece) => piece !== null));
    return { text: alphabet === null ? null : decodeText(whole, alphabet), parts: total };
  }

  #begun(key: string, alphabet: Alphabet | null, total: number): Waiting {
    const found = this.#waiting.get(key);
    const now = this.#now();
    if (found !== undefined && found.alphabet === alphabet && now - found.since < this.#patience)
      return found;
    if (found !== undefined) this.#giveUp(key);
    for (const [other, { since }] of this.#waiting) {
      if (now - since < this.#patience && this.#waiting.size < this.#limit) break;
      this.#giveUp(other);
    }
    const begun = { pieces: Array.from({ length: total }, () => null), alphabet, missing: total, since: now };
    this.#waiting.set(key, begun);
    return begun;
  }

  #giveUp(key: string): void {
    this.#waiting.delete(key);
    this.#givenUp += 1;
  }
}
