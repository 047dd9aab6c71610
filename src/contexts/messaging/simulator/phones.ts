/** The phones of a simulated telecom, and the last texts on each. */
import { nationalNumber } from './test-numbers.ts';

export interface ReceivedText {
  /** National number. */
  readonly number: string;
  readonly sender: string;
  /** Null for a binary message. */
  readonly text: string | null;
  readonly parts: number;
  readonly at: Date;
}

export interface Phone {
  readonly number: string;
  /** Texts that ever came, not only those that are kept. */
  readonly received: number;
  /** The newest. */
  readonly last: ReceivedText;
}

export interface PhonesOptions {
  /** Phones that are kept; beyond it the one that waited longest for a text is forgotten. 0 keeps none. */
  readonly phones?: number;
  readonly textsPerPhone?: number;
}

/** A phone in a chain from the one that waited longest to the newest: a Map that is cut at its head is slow to walk. */
interface Kept {
  readonly number: string;
  older: Kept | null;
  newer: Kept | null;
  received: number;
  /** Oldest first. */
  readonly texts: ReceivedText[];
}

/** In the order of their newest text. */
export class Phones {
  readonly #kept = new Map<string, Kept>();
  #oldest: Kept | null = null;
  #newest: Kept | null = null;
  readonly #limit: number;
  readonly #texts: number;
  readonly #listeners = new Set<(text: ReceivedText) => void>();

  constructor({ phones = 10_000, textsPerPhone = 20 }: PhonesOptions = {}) {
    this.#limit = phones;
    this.#texts = textsPerPhone;
  }

  /** Whether texts need to be told at all. */
  get isWatched(): boolean {
    return this.#limit > 0 || this.#listeners.size > 0;
  }

  receive(address: string, sender: string, text: string | null, parts: number, at: Date): void {
    const number = nationalNumber(address);
    const received = { number, sender, text, parts, at };
    if (this.#limit > 0) this.#keep(received);
    for (const listener of this.#listeners) listener(received);
  }

  /** Tells every new text; answers how to stop it. */
  listen(listener: (text: ReceivedText) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Phones by a part of their number, those with the newest texts first. */
  list({ search = '', limit = 50 }: { readonly search?: string; readonly limit?: number } = {}): Phone[] {
    const wanted = nationalNumber(search.replaceAll(/[^+\d]/gu, ''));
    const found: Phone[] = [];
    for (let phone = this.#newest; phone !== null && found.length < limit; phone = phone.older) {
      const { number, received, texts } = phone;
      if (number.includes(wanted)) found.push({ number, received, last: texts.at(-1)! });
    }
    return found;
  }

  /** The texts kept of a number, oldest first. */
  textsOf(number: string): readonly ReceivedText[] {
    return [...(this.#kept.get(nationalNumber(number))?.texts ?? [])];
  }

  #keep(received: ReceivedText): void {
    const { number } = received;
    let phone = this.#kept.get(number);
    if (phone === undefined) {
      if (this.#kept.size >= this.#limit && this.#oldest !== null) {
        this.#kept.delete(this.#oldest.number);
        this.#unchain(this.#oldest);
      }
      phone = { number, older: null, newer: null, received: 0, texts: [] };
      this.#kept.set(number, phone);
    } else {
      this.#unchain(phone);
    }
    phone.received += 1;
    phone.texts.push(received);
    if (phone.texts.length > this.#texts) phone.texts.shift();
    phone.older = this.#newest;
    if (this.#newest !== null) this.#newest.newer = phone;
    this.#newest = phone;
    this.#oldest ??= phone;
  }

  #unchain(phone: Kept): void {
    const { older, newer } = phone;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
    phone.older = null;
    phone.newer = null;
  }
}
