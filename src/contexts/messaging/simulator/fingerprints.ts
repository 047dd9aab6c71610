/** A bounded set of 64-bit fingerprints of octets: 8 octets an entry instead of a string. */
export class Fingerprints {
  #slots: Uint32Array;
  #size = 0;
  readonly #limit: number;

  /** Above `limit` entries nothing new is kept, and nothing new is told apart: `isFull`. */
  constructor(limit = 2_000_000) {
    this.#limit = limit;
    this.#slots = new Uint32Array(2 * 4096);
  }

  get isFull(): boolean {
    return this.#size >= this.#limit;
  }

  /** Whether these octets, under this name, were added before; adds them. Collides once in 2⁶⁴ pairs. */
  isKnown(name: string, octets: Uint8Array): boolean {
    let high = 0x811c9dc5;
    let low = 0x9747b28c;
    for (let index = 0; index < name.length; index += 1) {
      high = Math.imul(high ^ name.charCodeAt(index), 0x01000193);
      low = Math.imul(low ^ name.charCodeAt(index), 0x85ebca6b);
    }
    for (let index = 0; index < octets.length; index += 1) {
      high = Math.imul(high ^ octets[index]!, 0x01000193);
      low = Math.imul(low ^ octets[index]! ^ (low >>> 15), 0x85ebca6b);
    }
    return this.#add(mixed(high), (mixed(low) | 1) >>> 0);
  }

  /** `low` is odd, so that an empty slot is none. */
  #add(high: number, low: number): boolean {
    const mask = this.#slots.length / 2 - 1;
    let at = high & mask;
    for (;;) {
      const seen = this.#slots[at * 2 + 1]!;
      if (seen === 0) break;
      if (seen === low && this.#slots[at * 2] === high) return true;
      at = (at + 1) & mask;
    }
    if (this.isFull) return false;
    this.#slots[at * 2] = high;
    this.#slots[at * 2 + 1] = low;
    this.#size += 1;
    if (this.#size * 2 > mask) this.#grow();
    return false;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    this.#size = 0;
    for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== 0) this.#add(old[at]!, old[at + 1]!);
  }
}

function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
