/** Composes invented names and addresses, and keeps planted names clear of all others. */
import {
  businessEndings,
  businessMiddles,
  companyForms,
  companyTails,
  confusable,
  counties,
  headCharacters,
  streets,
  villages,
} from './name-parts.ts';
import type { Random } from './random.ts';

/** A name without and with its legal form. */
export interface ComposedName {
  readonly core: string;
  readonly name: string;
}

/** Three head characters. */
export const composeHead = (random: Random): string =>
  random.pick(headCharacters) + random.pick(headCharacters) + random.pick(headCharacters);

/** An address as the company register writes it. */
export function composeAddress(random: Random): { county: string; address: string } {
  const county = random.weighted(counties.map((c) => [c, c.weight] as const));
  const district = random.pick(county.districts);
  const village = random.chance(0.25) ? `${random.pick(villages)}里` : '';
  const lane = random.chance(0.2) ? `${random.int(2, 480)}巷` : '';
  const floor = random.chance(0.6)
    ? `${random.int(2, 18)}樓${random.chance(0.3) ? `之${random.int(1, 9)}` : ''}`
    : '';
  const address = `${county.name}${district}${village}${random.pick(streets)}${lane}${random.int(1, 399)}號${floor}`;
  return { county: county.name, address };
}

/** Every pattern of a core with one character left open, plus its head: what may not be near a planted name. */
function neighbourhood(core: string): string[] {
  const chars = Array.from(core);
  return [
    ...chars.map((_, i) => [...chars.slice(0, i), '?', ...chars.slice(i + 1)].join('')),
    `^${core.slice(0, 3)}`,
  ];
}

/**
 * Hands out distinct cores. A core taken with `planted` keeps its surroundings free: no other firm shares its head
 * or stands one character from it or from its misspelling, so that a misspelt row has one nearest firm.
 */
export class NameBook {
  readonly #used = new Set<string>();
  readonly #guarded = new Set<string>();

  /** True if a core may be given to a firm nobody planted. */
  isFree(core: string): boolean {
    return !this.#used.has(core) && !neighbourhood(core).some((pattern) => this.#guarded.has(pattern));
  }

  /** A company name; the tail comes from `tails` where given. */
  company(random: Random, options: { tails?: readonly string[]; prefix?: string } = {}): ComposedName {
    for (;;) {
      const tail = options.tails === undefined ? random.weighted(companyTails) : random.pick(options.tails);
      const core = composeHead(random) + tail;
      if (!this.isFree(core)) continue;
      this.#used.add(core);
      return { core, name: (options.prefix ?? '') + core + random.weighted(companyForms) };
    }
  }

  /** A name of a sole proprietor or partnership. */
  business(random: Random): ComposedName {
    for (;;) {
      const core = composeHead(random) + random.weighted(businessMiddles);
      if (!this.isFree(core)) continue;
      this.#used.add(core);
      return { core, name: core + random.weighted(businessEndings) };
    }
  }

  /** Guards a name that rows will misspell or shorten; answers its one misspelling. */
  guard(random: Random, name: ComposedName): string {
    let typo = misspell(random, name.core);
    while (this.#used.has(typo) || neighbourhood(typo).some((pattern) => this.#guarded.has(pattern))) {
      typo = misspell(random, name.core);
    }
    for (const pattern of [...neighbourhood(name.core), ...neighbourhood(typo)]) this.#guarded.add(pattern);
    return typo;
  }

  /** A name nobody bears: its head is kept away from every firm. */
  nobody(random: Random, tails: readonly string[]): ComposedName {
    const name = this.company(random, { tails });
    for (const pattern of neighbourhood(name.core)) this.#guarded.add(pattern);
    return name;
  }

  /** A company of the same house: the same head with another tail, exact but for the tail. */
  sibling(random: Random, core: string): ComposedName {
    for (;;) {
      const sibling = core.slice(0, 3) + random.weighted(companyTails);
      if (this.#used.has(sibling)) continue;
      this.#used.add(sibling);
      return { core: sibling, name: sibling + random.weighted(companyForms) };
    }
  }
}

function misspell(random: Random, core: string): string {
  const chars = Array.from(core);
  const candidates = [0, 1, 2].flatMap((i) =>
    confusable
      .filter((group) => group.includes(chars[i] ?? ''))
      .flatMap((group) =>
        Array.from(group)
          .filter((c) => c !== chars[i])
          .map((c) => ({ i, c })),
      ),
  );
  const { i, c } =
    candidates.length > 0
      ? random.pick(candidates)
      : { i: random.int(1, 2), c: random.pick(headCharacters.filter((h) => !chars.includes(h))) };
  chars[i] = c;
  return chars.join('');
}
