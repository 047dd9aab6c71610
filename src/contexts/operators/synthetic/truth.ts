/** Says what is true of an invented world on a day, by the rules as they are published, from the plan alone. */
import {
  type Activity,
  CATCH_ALL_ITEM,
  type Firm,
  PAYMENT_ITEM,
  type Registration,
  type Shop,
  type World,
} from './firm.ts';
import { isItemInBeing } from './world.ts';

/** Above, not from: whole NT$. */
const LARGE_ABOVE = 1_000_000_000;

/** A row of a written file (1-based line or sheet row, header = 1) and the firm that it means; null: nobody. */
export interface TruthRow {
  readonly file: string;
  readonly row: number;
  readonly ubn: string | null;
}

/** A shop of a finding; any of `names` may be the one a finding bears. */
export interface TruthShop {
  readonly name: string;
  readonly names: readonly string[];
  readonly domain: string;
  readonly ubn: string | null;
}

/** Firms by rule as sorted UBNs, shops by rule. */
export interface TruthFindings {
  readonly 'operating-without-business-item': readonly string[];
  readonly 'large-without-registration': readonly string[];
  /** Past their last day; revoked ones stand in `revoked` of the verdict. */
  readonly 'registration-lapsed': readonly string[];
  readonly 'registered-but-dissolved': readonly string[];
  /** Numbers that one row gives to a wholly different name. */
  readonly 'identifier-conflict': readonly string[];
  readonly 'high-risk-shop-without-measure': readonly TruthShop[];
  readonly 'high-risk-repeatedly': readonly TruthShop[];
}

/** What is true on `asOf`, without the rows. */
export interface Verdict {
  readonly asOf: string;
  /** Firms in being with I301040. */
  readonly hasItemInBeing: number;
  readonly operating: readonly string[];
  /** A sample: every planted trap and 200 others with the item and without a sign of activity. */
  readonly notOperating: readonly string[];
  /** Activity with a dissolved firm (its UBN) or with a name that identifies nobody (null). */
  readonly unclear: readonly { readonly ubn: string | null; readonly name: string }[];
  /** Of the firms operating without the item, those with only ZZ99999. */
  readonly catchAllOnly: readonly string[];
  /** Registrations in force, each firm once, dissolved ones included. */
  readonly passed: readonly string[];
  /** Firms with a revoked registration and none in force: ended, but not lapsed. */
  readonly revoked: readonly string[];
  /** Participants by measure, joined by the day or without a date. */
  readonly measures: Readonly<Record<string, number>>;
  readonly findings: TruthFindings;
}

const inForce = (r: Registration, asOf: string): boolean =>
  !r.revoked && r.registeredOn <= asOf && asOf <= r.validUntil;

const ubns = (firms: Iterable<Firm>): string[] => [...new Set([...firms].map((f) => f.ubn))].sort();

/** Rows that count on a day: the latest year of each source whose last day is past, doubled rows once. */
function countedActivities(world: World, asOf: string): Activity[] {
  const latest = (source: Activity['source']): number =>
    Math.max(
      ...world.activities.filter((a) => a.source === source && `${a.year}-12-31` < asOf).map((a) => a.year),
    );
  const years = { fsc: latest('fsc'), sales: latest('sales') };
  return world.activities.filter((a) => a.year === years[a.source] && a.by !== 'conflict');
}

/** The truth of a world on a day (YYYY-MM-DD). */
export function verdictOn(world: World, asOf: string): Verdict {
  const counted = countedActivities(world, asOf);
  const active = counted.filter((a) => a.amount > 0);
  const registered = new Set(world.registrations.filter((r) => inForce(r, asOf)).map((r) => r.firm));
  const signs = new Set([...registered, ...active.flatMap((a) => (a.firm === null ? [] : [a.firm]))]);
  const operating = [...signs].filter((f) => f.standing !== 'dissolved');
  const dissolved = [...signs].filter((f) => f.standing === 'dissolved');
  const nobody = active.filter((a) => a.firm === null).map((a) => ({ ubn: null, name: a.writtenName ?? '' }));
  const withoutItem = operating.filter((f) => !f.items.includes(PAYMENT_ITEM));
  return {
    asOf,
    hasItemInBeing: world.firms.filter(isItemInBeing).length,
    operating: ubns(operating),
    notOperating: sampleNotOperating(world, signs),
    unclear: [...dissolved.map(({ ubn, name }) => ({ ubn, name })), ...nobody].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    ),
    catchAllOnly: ubns(withoutItem.filter((f) => f.items.every((item) => item === CATCH_ALL_ITEM))),
    passed: ubns(registered),
    revoked: ubns(
      world.registrations
        .filter((r) => r.revoked && r.registeredOn <= asOf && !registered.has(r.firm))
        .map((r) => r.firm),
    ),
    measures: countMeasures(world, asOf),
    findings: {
      'operating-without-business-item': ubns(withoutItem),
      'large-without-registration': ubns(
        active.flatMap(({ firm, amount }) =>
          firm !== null && firm.standing !== 'dissolved' && amount > LARGE_ABOVE && !registered.has(firm)
            ? [firm]
            : [],
        ),
      ),
      'registration-lapsed': ubns(
        world.registrations
          .filter(
            (r) =>
              !r.revoked && r.validUntil < asOf && r.firm.standing !== 'dissolved' && !registered.has(r.firm),
          )
          .map((r) => r.firm),
      ),
      'registered-but-dissolved': ubns([...registered].filter((f) => f.standing === 'dissolved')),
      'identifier-conflict': ubns(
        world.activities.flatMap((a) =>
          a.by === 'conflict' && `${a.year}-12-31` < asOf && a.firm !== null ? [a.firm] : [],
        ),
      ),
      ...shopFindings(world, asOf),
    },
  };
}

function sampleNotOperating(world: World, signs: ReadonlySet<Firm>): string[] {
  const idle = world.firms.filter((f) => isItemInBeing(f) && !signs.has(f));
  return ubns([
    ...idle.filter((f) => f.typo !== undefined),
    ...idle.filter((f) => f.typo === undefined).slice(0, 200),
  ]);
}

const countsOn = (joinedOn: string | null, asOf: string): boolean => joinedOn === null || joinedOn <= asOf;

function countMeasures(world: World, asOf: string): Record<string, number> {
  const out: Record<string, number> = {};
  for (const { measure, joinedOn } of world.participations) {
    if (countsOn(joinedOn, asOf)) out[measure] = (out[measure] ?? 0) + 1;
  }
  return out;
}

/** Last day of a quarter such as 2023Q3. */
const quarterEnd = (quarter: string): string =>
  `${quarter.slice(0, 4)}-${{ '1': '03-31', '2': '06-30', '3': '09-30', '4': '12-31' }[quarter.slice(5)] ?? ''}`;

const told = (shops: readonly Shop[]): TruthShop[] =>
  shops
    .map((s) => ({ name: s.name, names: s.spellings, domain: s.domain, ubn: s.firm?.ubn ?? null }))
    .sort((a, b) => (a.domain < b.domain ? -1 : 1));

function shopFindings(
  world: World,
  asOf: string,
): Pick<TruthFindings, 'high-risk-shop-without-measure' | 'high-risk-repeatedly'> {
  const listed = new Map<Shop, Set<string>>();
  for (const { shop, quarter } of world.listings) {
    if (quarterEnd(quarter) <= asOf) listed.set(shop, (listed.get(shop) ?? new Set()).add(quarter));
  }
  const protectedShops = new Set(
    world.participations.filter((p) => countsOn(p.joinedOn, asOf)).map((p) => p.shop),
  );
  return {
    'high-risk-shop-without-measure': told([...listed.keys()].filter((s) => !protectedShops.has(s))),
    'high-risk-repeatedly': told([...listed].filter(([, at]) => at.size >= 2).map(([s]) => s)),
  };
}
