/** Plants the shops of the police list, their traffic, and who took part in which hardening measure. */
import { composeHead } from './compose.ts';
import { lightVariant } from './dirt.ts';
import type { Firm, Listing, Participation, Shop } from './firm.ts';
import type { FirmMint } from './firm-mint.ts';
import { shopTails } from './name-parts.ts';
import { type Random, seededRandom } from './random.ts';

/** Participants of each measure by 2023-11-30, as the audit counted them. */
const measureCounts = {
  加入TWCERT: 41,
  資安評級: 34,
  紅隊演練: 6,
  資安檢測: 12,
  物流隱碼: 3,
} as const;

/** Quarters on file: seven to the audit, two after it. */
export const quarters = [
  '2022Q1',
  '2022Q2',
  '2022Q3',
  '2022Q4',
  '2023Q1',
  '2023Q2',
  '2023Q3',
  '2023Q4',
  '2024Q1',
];

export interface ShopPlan {
  readonly shops: Shop[];
  readonly listings: Listing[];
  readonly participations: Participation[];
}

/** Makes shops and participants; companies of the general list stand behind most. */
export function planShops(seed: number, mint: FirmMint): ShopPlan {
  const random = seededRandom(seed, 'shops');
  const shared = sharedNames(mint.firms);
  const companies = random.shuffle(
    mint.firms.filter(
      (f) =>
        f.kind === 'company' &&
        f.standing === 'in-being' &&
        f.aliases.length === 0 &&
        f.typo === undefined &&
        !shared.has(f.name),
    ),
  );
  const shops = makeShops(random, companies.splice(0, 16));
  return {
    shops,
    listings: planListings(random, shops),
    participations: planMeasures(random, shops, companies),
  };
}

function sharedNames(firms: readonly Firm[]): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { name } of firms) (seen.has(name) ? shared : seen).add(name);
  return shared;
}

function makeShops(random: Random, firms: readonly Firm[]): Shop[] {
  const heads = new Set<string>();
  while (heads.size < 18) heads.add(composeHead(random));
  const labels = [
    'nimori',
    'tavelo',
    'kuresa',
    'zomita',
    'pelani',
    'sorevi',
    'bamuto',
    'wikaro',
    'hedosa',
    'lurimo',
    'cafeno',
    'dotiva',
    'gesuma',
    'jofari',
    'mebola',
    'repiku',
    'vanoti',
    'yulexa',
  ];
  return [...heads].map((head, i) => {
    const planted = i < 2;
    const name = head + (planted ? '拍賣' : random.pick(shopTails));
    // Ties in turn: by the name alone, by number, by company name.
    const tie = planted || i % 4 === 2 ? 'none' : i % 4 === 1 ? 'company-name' : 'ubn';
    const variant = name.endsWith('購物') ? `${name}網` : `${name}平台`;
    const spellings = planted ? [name, `${head}　拍賣`] : i % 3 === 0 ? [name, variant] : [name];
    return {
      name,
      spellings,
      domain: `${labels[i] ?? `shop${i}`}-${random.int(10, 99)}.example`,
      firm: tie === 'none' ? null : (firms[i - 2] ?? null),
      tie,
      monthlyVisits:
        i === 0
          ? random.int(70_100_000, 79_900_000)
          : i === 1
            ? random.int(2_210_000, 2_890_000)
            : random.int(40_000, 60_000_000),
      withoutMeasure: planted,
    };
  });
}

/** Both planted shops on every list, three others a quarter; the last four shops come only after the audit. */
function planListings(random: Random, shops: readonly Shop[]): Listing[] {
  const early = shops.slice(2, 14);
  const late = shops.slice(14);
  let turn = early;
  const seen = new Set<Shop>();
  return quarters.flatMap((quarter, q) => {
    turn = turn.length < 3 ? [...turn, ...random.shuffle(early.filter((s) => !turn.includes(s)))] : turn;
    const audited = q < 7;
    const others = audited
      ? turn.slice(0, 3)
      : late.slice((q - 7) * 2, (q - 7) * 2 + 2).concat(random.pick(early));
    if (audited) turn = turn.slice(3);
    return random.shuffle([...shops.slice(0, 2), ...others]).map((shop, i) => {
      // The first time under the usual name, so that a measure that names the shop can be tied to it.
      const spelling = seen.has(shop) ? random.pick(shop.spellings) : shop.name;
      seen.add(shop);
      return { quarter, rank: i + 1, shop, spelling };
    });
  });
}

const dayOf2023 = (random: Random): string => {
  const month = random.int(1, 10);
  return `2023-${String(month).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}`;
};

function planMeasures(random: Random, shops: readonly Shop[], companies: readonly Firm[]): Participation[] {
  const listed = shops.slice(2, 14);
  const out: Participation[] = [];
  const taken = new Set<string>();
  const join = (measure: string, of: Shop | Firm, joinedOn: string | null): boolean => {
    const key = `${measure} ${of.name}`;
    if (taken.has(key)) return false;
    taken.add(key);
    out.push(
      'spellings' in of ? shopRow(random, measure, of, joinedOn) : firmRow(random, measure, of, joinedOn),
    );
    return true;
  };
  const measures = Object.keys(measureCounts) as (keyof typeof measureCounts)[];
  const left: Record<string, number> = { ...measureCounts };
  const before = (): string | null => (random.chance(0.08) ? null : dayOf2023(random));
  // Every listed shop but the planted two takes part somewhere; the smallest measure goes to shops alone.
  listed.forEach((shop, i) => {
    const measure = i < 3 ? '物流隱碼' : (measures[i % 4] ?? '加入TWCERT');
    join(measure, shop, before());
    left[measure] = (left[measure] ?? 0) - 1;
  });
  const others = companies.slice(0, 48);
  for (const measure of measures) {
    while ((left[measure] ?? 0) > 0) {
      if (join(measure, random.chance(0.1) ? random.pick(listed) : random.pick(others), before()))
        left[measure] = (left[measure] ?? 0) - 1;
    }
  }
  // After the audit: newcomers, and the two shops at last.
  for (const firm of companies.slice(48, 56))
    join(random.pick(measures), firm, `2024-0${random.int(1, 6)}-15`);
  join('加入TWCERT', shops[0] as Shop, '2024-03-20');
  join('資安評級', shops[1] as Shop, '2024-08-12');
  join('資安講習', listed[0] as Shop, '2023-05-05');
  return out;
}

function shopRow(random: Random, measure: string, shop: Shop, joinedOn: string | null): Participation {
  if (shop.firm !== null && random.chance(0.6))
    return { ...firmRow(random, measure, shop.firm, joinedOn), shop };
  return {
    measure,
    name: shop.name,
    firm: shop.firm,
    shop,
    withUbn: shop.tie === 'ubn' && random.chance(0.5),
    joinedOn,
  };
}

const firmRow = (random: Random, measure: string, firm: Firm, joinedOn: string | null): Participation => ({
  measure,
  name: lightVariant(random, firm.name),
  firm,
  shop: null,
  withUbn: random.chance(0.55),
  joinedOn,
});
