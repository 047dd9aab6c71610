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

interface Kept {
  received: number;
  /** Oldest first. */
  readonly texts: ReceivedText[];
}

/** In the order of their newest text. */
export class Phones {
  readonly #kept = new Map<string, Kept>();
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
    for (const [number, { received, texts }] of [...this.#kept].reverse()) {
      if (found.length >= limit) break;
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
    const found = this.#kept.get(number);
    if (found === undefined && this.#kept.size >= this.#limit) {
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest);
        break;
      }
    }
    const phone = found ?? { received: 0, texts: [] };
    phone.received += 1;
    phone.texts.push(received);
    if (phone.texts.length > this.#texts) phone.texts.shift();
    if (found !== undefined) this.#kept.delete(number);
    this.#kept.set(number, phone);
  }
}
