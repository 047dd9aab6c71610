/**
 * A number portability database that exists only here: which telecom serves a number now. The range says to whom the
 * number was given first; some subscribers have moved since, drawn by seed.
 */
import { nationalNumber } from './test-numbers.ts';

export interface PortabilityOptions<Name extends string> {
  readonly seed: number;
  /** Telecoms by name; each first holds a third of the ranges, or as many as there are telecoms. */
  readonly telecoms: readonly Name[];
  /** Share of numbers that moved to another telecom; default 0.15. */
  readonly portedShare?: number;
  /** Milliseconds that a question takes; one question may name many numbers. */
  readonly delayMs?: number;
}

export interface PortabilityAnswer<Name extends string> {
  readonly telecom: Name;
  /** The telecom of the range is another one. */
  readonly isPorted: boolean;
}

export interface PortabilitySimulator<Name extends string> {
  /** Null for anything but a Taiwanese mobile number (09xxxxxxxx, 8869xxxxxxxx, +8869xxxxxxxx). */
  lookUp(number: string): Promise<PortabilityAnswer<Name> | null>;
  /** Answers in the order of the questions. Throws a RangeError for more than 100,000 numbers. */
  lookUpAll(numbers: readonly string[]): Promise<(PortabilityAnswer<Name> | null)[]>;
  /** The telecom whose range the number is in: routing by range alone. */
  byRange(number: string): Name | null;
  /** From now on the number is served by this telecom. */
  port(number: string, telecom: Name): void;
}

/** Numbers of one question. */
const MOST_NUMBERS = 100_000;

export function createPortabilitySimulator<const Name extends string>(
  options: PortabilityOptions<Name>,
): PortabilitySimulator<Name> {
  const { seed, telecoms, portedShare = 0.15, delayMs = 0 } = options;
  if (telecoms.length === 0) throw new RangeError('a numbering plan needs a telecom');
  const moved = new Map<string, Name>();

  function byRange(number: string): Name | null {
    const national = nationalNumber(number);
    if (!/^09[0-8]\d{7}$/u.test(national)) return null;
    // Ranges are given out by their first four digits.
    return telecoms[mixed(Number(national.slice(2, 4))) % telecoms.length]!;
  }

  function answer(number: string): PortabilityAnswer<Name> | null {
    const first = byRange(number);
    if (first === null) return null;
    const national = nationalNumber(number);
    const chance = mixed(Number(national.slice(2)) ^ mixed(seed));
    const hop =
      telecoms.length > 1 && chance / 0x1_0000_0000 < portedShare
        ? 1 + (mixed(chance) % (telecoms.length - 1))
        : 0;
    const telecom = moved.get(national) ?? telecoms[(telecoms.indexOf(first) + hop) % telecoms.length]!;
    return { telecom, isPorted: telecom !== first };
  }

  const wait = async (): Promise<void> => {
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  };

  return {
    byRange,
    async lookUp(number) {
      await wait();
      return answer(number);
    },
    async lookUpAll(numbers) {
      if (numbers.length > MOST_NUMBERS) throw new RangeError(`at most ${MOST_NUMBERS} numbers a question`);
      await wait();
      return numbers.map(answer);
    },
    port(number, telecom) {
      if (byRange(number) === null) throw new RangeError('no mobile number');
      moved.set(nationalNumber(number), telecom);
    },
  };
}

/** Neighbouring numbers become unrelated ones (the last step of MurmurHash3). */
function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
