/** The anonymous mass of the national size: firms made from their index alone, so that nothing is kept in memory. */
import { fullWidth } from './dirt.ts';
import type { World } from './firm.ts';
import {
  businessEndings,
  businessMiddles,
  capitals,
  companyTails,
  counties,
  headCharacters,
  industries,
  otherItems,
  streets,
  villages,
} from './name-parts.ts';
import { mix32 } from './random.ts';
import { ubnAt } from './ubn-series.ts';

/** Data rows of the national files; the stamp of BGMOPEN1 is not counted. */
export const nationalRows = { tax: 1_713_627, companies: 700_000 } as const;

/** The share of the mass's companies that the tax register holds. */
const TAXED = 0.86;

const spread = <T>(weighted: readonly (readonly [T, number])[]): T[] => {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
  return weighted.flatMap(([value, weight]) =>
    Array.from({ length: Math.max(1, Math.round((weight / total) * 512)) }, () => value),
  );
};
const at = <T>(list: readonly T[], draw: number): T => list[draw % list.length] as T;

const tails = spread(companyTails);
const middles = spread(businessMiddles);
const endings = spread(businessEndings);
const money = spread(capitals);
const places = spread(counties.map((c) => [c, c.weight] as const)).flatMap((c) =>
  c.districts.slice(0, 3).map((d) => `${c.name}${d}`),
);
const wideStreets = streets.map(fullWidth);
const wideNumbers = Array.from({ length: 400 }, (_, i) => fullWidth(String(i + 1)));
const wideVillages = villages.flatMap((v) =>
  Array.from({ length: 30 }, (_, i) => `${v}里${fullWidth(String(i + 1).padStart(3, '0'))}鄰`),
);
const wideFloors = Array.from({ length: 18 }, (_, i) => `${fullWidth(String(i + 1))}樓`);
const trades = industries.map(([code, name]) => `${code},${name}`);

/** Heads that the mass may not bear: those of every planted name, and one character beside them. */
function guardedHeads(world: World): ReadonlySet<string> {
  const names = new Set<string>();
  for (const firm of world.firms) {
    if (firm.typo !== undefined) names.add(firm.core).add(firm.typo);
    for (const alias of firm.aliases) names.add(alias);
  }
  for (const { writtenName } of world.activities)
    if (writtenName !== null) names.add(writtenName.replaceAll(/\s/g, ''));
  for (const { firm } of world.participations) if (firm !== null) names.add(firm.core);
  for (const { firm, name } of world.shops) names.add(name).add(firm?.core ?? name);
  return new Set([...names].flatMap((name) => openHeads(name.slice(0, 3))));
}

const openHeads = (head: string): string[] => [
  `?${head.slice(1)}`,
  `${head[0] ?? ''}?${head[2] ?? ''}`,
  `${head.slice(0, 2)}?`,
];

/** Makes the mass of one seed. */
export class NationalMass {
  readonly #seed: number;
  readonly #guarded: ReadonlySet<string>;
  readonly #companies: number;

  constructor(world: World, companies: number) {
    this.#seed = mix32(world.seed ^ 0x5eed);
    this.#guarded = guardedHeads(world);
    this.#companies = companies;
  }

  #draw(index: number, use: number): number {
    return mix32(Math.imul(index, 0x9e3779b1) ^ Math.imul(use + 1, 0x85ebca6b) ^ this.#seed);
  }

  #head(index: number): string {
    for (let attempt = 0; ; attempt++) {
      const draw = this.#draw(index, 100 + attempt);
      const a = at(headCharacters, draw & 1023);
      const b = at(headCharacters, (draw >>> 10) & 1023);
      const c = at(headCharacters, (draw >>> 20) & 1023);
      if (
        !this.#guarded.has(`?${b}${c}`) &&
        !this.#guarded.has(`${a}?${c}`) &&
        !this.#guarded.has(`${a}${b}?`)
      )
        return a + b + c;
    }
  }

  #company(index: number): string {
    const draw = this.#draw(index, 0);
    return this.#head(index) + at(tails, draw) + (((draw >>> 16) & 127) < 37 ? '股份有限公司' : '有限公司');
  }

  #ubn(index: number): string {
    return ubnAt('national', this.#seed, index);
  }

  /** Lines of the general company list. */
  *companyLines(): Generator<string> {
    for (let i = 0; i < this.#companies; i++) {
      const draw = this.#draw(i, 1);
      const capital = at(money, draw);
      const gone = (draw >>> 20) % 100 < 22;
      // Strides of five visit different items: the list holds 18, and 5 and 18 have no divisor in common.
      const items = [0, 5, 10, 15]
        .slice(0, 1 + ((draw >>> 9) & 3))
        .map((step) => at(otherItems, (draw >>> 7) + step));
      yield `${this.#ubn(i)},${this.#company(i)},${at(places, draw >>> 3)}${at(streets, draw >>> 5)}${(draw >>> 12) % 400}號,${capital},${capital}, ,${gone ? '解散' : '核准設立'},2023-11-01,${items.join(';')}${(draw & 7) > 2 ? ';ZZ99999' : ''}\r\n`;
    }
  }

  /** Exactly `count` lines of BGMOPEN1: companies of the list, their branches, and businesses. */
  *taxLines(count: number): Generator<string> {
    let left = count;
    let branch = this.#companies;
    for (let i = 0; i < this.#companies && left > 0; i++) {
      const draw = this.#draw(i, 1);
      if ((draw >>> 20) % 100 < 22 || (this.#draw(i, 2) & 1023) > 1023 * TAXED) continue;
      const name = this.#company(i);
      const kind = name.endsWith('股份有限公司') ? '股份有限公司' : '有限公司';
      yield this.#taxLine(i, this.#ubn(i), '', name, kind, at(money, draw));
      left--;
      if (left > 0 && (this.#draw(i, 3) & 31) === 0) {
        yield this.#taxLine(i, this.#ubn(branch++), this.#ubn(i), `${name}台中分公司`, kind, 0);
        left--;
      }
    }
    for (let i = branch; left > 0; i++, left--) {
      const draw = this.#draw(i, 0);
      const name = this.#head(i) + at(middles, draw) + at(endings, draw >>> 9);
      yield this.#taxLine(i, this.#ubn(i), '', name, '獨資', at(money, draw >>> 4));
    }
  }

  #taxLine(index: number, ubn: string, head: string, name: string, kind: string, capital: number): string {
    const draw = this.#draw(index, 4);
    const year = 70 + (draw % 43);
    const month = String(1 + ((draw >>> 6) % 12)).padStart(2, '0');
    const day = String(1 + ((draw >>> 10) % 28)).padStart(2, '0');
    const second = (draw & 3) === 0 ? at(trades, draw >>> 5) : ',';
    // Two in three carry 里 and 鄰, one in two a floor, as the registers write them.
    const village = draw % 3 === 0 ? '' : at(wideVillages, draw >>> 2);
    const floor = (draw & 64) === 0 ? '' : at(wideFloors, draw >>> 11);
    return `"${at(places, draw)}${village}${at(wideStreets, draw >>> 7)}${at(wideNumbers, draw >>> 9)}號${floor}",${ubn},${head},"${name}",${capital},${String(year).padStart(3, '0')}${month}${day},${kind},${(draw & 5) === 0 ? 'N' : 'Y'},${at(trades, draw >>> 3)},${second},,,,\r\n`;
  }
}
