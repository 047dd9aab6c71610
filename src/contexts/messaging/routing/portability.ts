/** Ported numbers: who asks, and what is remembered of the answers. */
import type { Telecom } from './telecoms.ts';

/** The database of ported numbers (number portability, 號碼可攜). */
export interface PortabilityLookup {
  /**
   * The telecoms of those numbers (nine digits) that were ported away from the telecom of their range. Throws where the
   * database can't be asked.
   */
  portedTo(numbers: readonly string[]): Promise<ReadonlyMap<string, Telecom>>;
}

export interface CacheOptions {
  /** Answers that are remembered at most. */
  readonly most?: number;
  /** Milliseconds for which an answer holds: a port takes effect overnight. */
  readonly holdsMs?: number;
  readonly now?: () => number;
}

/** Remembers answers, also that a number was not ported, and asks each question once at a time. */
export function cachedLookup(
  lookup: PortabilityLookup,
  { most = 200_000, holdsMs = 3_600_000, now = () => performance.now() }: CacheOptions = {},
): PortabilityLookup {
  const known = new Map<string, { readonly telecom: Telecom | null; readonly until: number }>();
  return {
    async portedTo(numbers) {
      const ported = new Map<string, Telecom>();
      const asked: string[] = [];
      const instant = now();
      for (const number of numbers) {
        const answer = known.get(number);
        if (answer === undefined || answer.until < instant) asked.push(number);
        else if (answer.telecom !== null) ported.set(number, answer.telecom);
      }
      if (asked.length === 0) return ported;
      const fresh = await lookup.portedTo(asked);
      for (const number of asked) {
        const telecom = fresh.get(number) ?? null;
        if (telecom !== null) ported.set(number, telecom);
        known.delete(number);
        known.set(number, { telecom, until: instant + holdsMs });
      }
      for (const oldest of known.keys()) {
        if (known.size <= most) break;
        known.delete(oldest);
      }
      return ported;
    },
  };
}
