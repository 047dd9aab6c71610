/** Plants the yearly amounts: who appears in the reply of the FSC and in the tax sales, and how the row names him. */
import { lightVariant, withoutForm } from './dirt.ts';
import type { Activity, Firm } from './firm.ts';
import type { Cast } from './plan-operators.ts';
import { type Random, seededRandom } from './random.ts';
import type { Quota } from './size.ts';

const BILLION = 1_000_000_000;
type Source = Activity['source'];

/** Sales come without a column of names in every other seed, as the smaller template has it. */
export const salesCarryNames = (seed: number): boolean => seed % 2 === 0;

/** All rows of the FSC reply and the tax sales of 2021 to 2023, in no order. */
export function planActivities(seed: number, quota: Quota, cast: Cast): Activity[] {
  const random = seededRandom(seed, 'activities');
  const out: Activity[] = [];
  const add = (source: Source, firm: Firm, year: number, amount: number, by?: 'ubn'): void => {
    out.push({ source, year, amount, firm, ...naming(random, seed, source, firm, cast, by) });
  };

  for (const firm of cast.operating) {
    const sources = sourcesOf(random, cast, firm);
    for (const source of sources) {
      const amount = amountOf2022(random, cast, firm, source, sources);
      if (!cast.registrationOnly.includes(firm)) add(source, firm, 2022, amount);
      for (const [i, year] of [2021, 2023].entries()) {
        const large = cast.largeOtherYear[i]?.includes(firm) ?? false;
        if (large) add(source, firm, year, BILLION + random.int(50_000_000, 900_000_000));
        else if (random.chance(0.8)) add(source, firm, year, otherYear(random, amount));
      }
    }
  }
  for (const firm of cast.doubled) {
    const row = out.find((a) => a.firm === firm && a.source === 'fsc' && a.year === 2022);
    if (row !== undefined) out.push({ ...row });
  }
  for (const firm of cast.dissolved)
    add(random.pick(['fsc', 'sales'] as const), firm, 2022, small(random), 'ubn');
  out.push({
    source: 'fsc',
    year: 2022,
    amount: small(random),
    firm: cast.dissolvedByName,
    by: 'name',
    writtenName: cast.dissolvedByName.name,
  });
  for (const name of cast.nobody) {
    out.push({ source: 'fsc', year: 2022, amount: small(random), firm: null, by: 'name', writtenName: name });
  }
  for (const firm of cast.only2021) add('fsc', firm, 2021, small(random));
  for (const firm of cast.only2023) add(random.pick(['fsc', 'sales'] as const), firm, 2023, small(random));
  for (const firm of cast.zero) {
    add('fsc', firm, 2022, 0);
    if (random.chance(0.5)) add('sales', firm, 2022, 0);
    if (random.chance(0.5)) add('fsc', firm, 2021, small(random));
  }
  // One row bears the number of a firm and the name of another: both operate by other rows, too.
  for (const firm of cast.conflicted) {
    const other = random.pick(cast.operating.filter((f) => f !== firm && !cast.conflicted.includes(f)));
    out.push({
      source: 'fsc',
      year: 2022,
      amount: small(random),
      firm,
      by: 'conflict',
      writtenName: other.name,
    });
  }
  return misspellSome(random, quota, out);
}

/** In which of the two sources a firm stands. */
function sourcesOf(random: Random, cast: Cast, firm: Firm): readonly Source[] {
  const at = cast.large.indexOf(firm);
  if (at >= 0) return at % 3 === 0 ? ['fsc'] : at % 3 === 1 ? ['fsc', 'sales'] : ['sales'];
  if (cast.exactByFsc.includes(firm) || cast.doubled.includes(firm)) return ['fsc'];
  if (cast.exactBySales.includes(firm)) return ['sales'];
  if (cast.conflicted.includes(firm)) return ['sales', 'fsc'];
  const draw = random.next();
  return draw < 0.25 ? ['fsc'] : draw < 0.6 ? ['sales'] : ['fsc', 'sales'];
}

function amountOf2022(
  random: Random,
  cast: Cast,
  firm: Firm,
  source: Source,
  sources: readonly Source[],
): number {
  const at = cast.large.indexOf(firm);
  if (at >= 0) {
    const above = sources.length === 1 || (source === 'fsc') === (at % 2 === 1);
    return above
      ? BILLION + (at === 0 ? 1 : random.int(10_000_000, 990_000_000))
      : random.int(200_000_000, 950_000_000);
  }
  if (cast.exactByFsc.includes(firm) || cast.exactBySales.includes(firm)) return BILLION;
  if (cast.doubled.includes(firm)) return 600_000_000;
  return small(random);
}

/** NT$20,000 to about NT$900 million, most of it small. */
const small = (random: Random): number => Math.floor(20_000 * 45_000 ** random.next());

/** Another year of a firm: never crosses NT$1 billion from below. */
function otherYear(random: Random, amount: number): number {
  const moved = Math.floor(amount * (0.6 + random.next() * 0.8));
  return amount > BILLION ? Math.max(moved, BILLION + 7) : Math.min(moved, 960_000_000);
}

function naming(
  random: Random,
  seed: number,
  source: Source,
  firm: Firm,
  cast: Cast,
  by?: 'ubn',
): Pick<Activity, 'by' | 'writtenName'> {
  if (source === 'sales' && !salesCarryNames(seed)) return { by: 'ubn', writtenName: null };
  const draw = random.next();
  const share = source === 'fsc' ? 0.42 : 0.2;
  const way = by ?? (draw < share ? 'name' : draw < share + 0.05 ? 'broken-ubn' : 'ubn');
  return { by: way, writtenName: writtenName(random, firm, cast, way) };
}

function writtenName(random: Random, firm: Firm, cast: Cast, by: Activity['by']): string {
  if (cast.exactOnly.has(firm)) return firm.name;
  const alias = firm.aliases[0];
  if (alias !== undefined && random.chance(0.6)) return alias;
  if (by === 'name' && firm.kind === 'company' && firm.typo !== undefined && random.chance(0.2))
    return withoutForm(firm.name);
  return lightVariant(random, firm.name);
}

/** Misspells some rows by name of firms that another row of the same year tells by number. */
function misspellSome(random: Random, quota: Quota, rows: readonly Activity[]): Activity[] {
  const told = (row: Activity): boolean =>
    rows.some(
      (o) => o !== row && o.firm === row.firm && o.year === row.year && o.by === 'ubn' && o.amount > 0,
    );
  const candidates = rows.filter(
    (row) =>
      row.by === 'name' &&
      row.amount > 0 &&
      row.amount < BILLION &&
      row.firm?.typo !== undefined &&
      row.firm.kind === 'company' &&
      row.firm.aliases.length === 0 &&
      told(row),
  );
  const chosen = new Set(random.shuffle(candidates).slice(0, quota.misspelt));
  return rows.map((row) => {
    if (!chosen.has(row) || row.firm?.typo === undefined) return row;
    return { ...row, writtenName: row.firm.name.replace(row.firm.core, row.firm.typo) };
  });
}
