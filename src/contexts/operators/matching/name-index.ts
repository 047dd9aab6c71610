/**
 * The names of the firms in memory, for look-up by complete name, by core and by nearness. Nearness weighs rare
 * characters and pairs more than common ones: 藍 tells firms apart, 科技 does not.
 */
import { bigrams, type CompanyName, parseCompanyName } from '#shared/company-name';
import { editDistance } from './edit-distance.ts';
import type { RegisterFirm } from './registers.ts';

export interface IndexedName {
  readonly firm: RegisterFirm;
  readonly parsed: CompanyName;
}

/** A firm whose name is near: edits between the cores, and 0..1 with rarity. */
export interface NearName extends IndexedName {
  readonly distance: number;
  readonly score: number;
}

const grams = (core: string): string[] => [...new Set([...Array.from(core), ...bigrams(core)])];

/** Longest core that is looked up by nearness; longer ones are cut before they cost time. */
const longestCore = 60;

export class NameIndex {
  readonly #byFull = new Map<string, IndexedName[]>();
  readonly #byCore = new Map<string, IndexedName[]>();
  readonly #near: IndexedName[] = [];
  readonly #postings = new Map<string, number[]>();

  /** Adds a firm for look-up by its exact names, by nearness, or by both. */
  add(firm: RegisterFirm, by: { exact: boolean; near: boolean }): void {
    for (const name of firm.names) {
      const entry = { firm, parsed: parseCompanyName(name) };
      if (by.exact) {
        push(this.#byFull, entry.parsed.full, entry);
        push(this.#byCore, entry.parsed.core, entry);
      }
      if (!by.near) continue;
      const place = this.#near.push(entry) - 1;
      for (const gram of grams(entry.parsed.core)) push(this.#postings, gram, place);
    }
  }

  withFull(full: string): readonly IndexedName[] {
    return this.#byFull.get(full) ?? [];
  }

  withCore(core: string): readonly IndexedName[] {
    return this.#byCore.get(core) ?? [];
  }

  /** Searchable firms whose core begins with `core`, in the order in which they were added. */
  beginningWith(core: string): IndexedName[] {
    const first = Array.from(core)[0];
    const places = first === undefined ? [] : (this.#postings.get(first) ?? []);
    return places.map((place) => this.#near[place]!).filter((entry) => entry.parsed.core.startsWith(core));
  }

  /** Searchable firms whose core is at most `farthest` edits away, nearest first, then by score and number. */
  near(core: string, farthest: number): NearName[] {
    const wanted = core.slice(0, longestCore);
    const length = Array.from(wanted).length;
    const shared = new Map<number, number>();
    for (const character of new Set(wanted)) {
      for (const place of this.#postings.get(character) ?? [])
        shared.set(place, (shared.get(place) ?? 0) + 1);
    }
    const least = Math.max(1, new Set(wanted).size - farthest);
    const found: NearName[] = [];
    for (const [place, count] of shared) {
      const entry = this.#near[place]!;
      if (count < least || Math.abs(Array.from(entry.parsed.core).length - length) > farthest) continue;
      const distance = editDistance(wanted, entry.parsed.core);
      if (distance <= farthest)
        found.push({ ...entry, distance, score: this.score(wanted, entry.parsed.core, distance) });
    }
    return found.toSorted(
      (a, b) => a.distance - b.distance || b.score - a.score || (a.firm.ubn < b.firm.ubn ? -1 : 1),
    );
  }

  /** The mean of the edit ratio and the rarity-weighted share of common characters and pairs. */
  score(a: string, b: string, distance = editDistance(a, b)): number {
    const left = grams(a);
    const right = new Set(grams(b));
    let common = 0;
    let total = 0;
    for (const gram of left) {
      total += this.#rarity(gram);
      if (right.has(gram)) common += 2 * this.#rarity(gram);
    }
    for (const gram of right) total += this.#rarity(gram);
    const ratio = 1 - distance / Math.max(Array.from(a).length, Array.from(b).length, 1);
    return Math.round(((total === 0 ? 0 : common / total) + ratio) * 5000) / 10000;
  }

  #rarity(gram: string): number {
    return Math.log(1 + (this.#near.length + 1) / ((this.#postings.get(gram)?.length ?? 0) + 1));
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
