/** To which telecom a range of numbers was given; the longest prefix counts. */
import ranges from '../../../../datasets/phone/mobile-ranges.json' with { type: 'json' };
import type { Telecom } from './telecoms.ts';

const byPrefix = new Map<string, Telecom>(ranges.map(({ prefix, telecom }) => [prefix, telecom as Telecom]));
const lengths = [...new Set(ranges.map(({ prefix }) => prefix.length))].sort((a, b) => b - a);

/** The telecom of a number's range; null for a range that was given to nobody. `number`: nine digits, `912345678`. */
export function telecomOfRange(number: string): Telecom | null {
  for (const length of lengths) {
    const telecom = byPrefix.get(number.slice(0, length));
    if (telecom !== undefined) return telecom;
  }
  return null;
}
