/** Messages whose receipt is awaited, by the id that the telecom gave them; bounded, the rest is found by SQL. */
import type { Message } from './chunk-run.ts';

/** Most ids that are kept in memory for a link; 150 octets each. */
const MOST = 300_000;

export interface AwaitedPart {
  readonly message: Message;
  readonly part: number;
}

export class Awaited {
  readonly #messages = new Map<string, Message | AwaitedPart>();
  readonly #most: number;

  constructor(most = MOST) {
    this.#most = most;
  }

  get size(): number {
    return this.#messages.size;
  }

  add(key: string, message: Message, part: number): void {
    // An id given anew belongs to the newer message.
    this.#messages.delete(key);
    this.#messages.set(key, message.partCount === 1 ? message : { message, part });
    if (this.#messages.size <= this.#most) return;
    for (const oldest of this.#messages.keys()) {
      this.#messages.delete(oldest);
      break;
    }
  }

  find(key: string): AwaitedPart | null {
    const found = this.#messages.get(key);
    if (found === undefined) return null;
    return 'message' in found ? found : { message: found, part: 0 };
  }

  remove(key: string): void {
    this.#messages.delete(key);
  }
}
