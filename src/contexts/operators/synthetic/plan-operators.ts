/** Plants who operates, who does not, and who cannot be told: the heart of the truth. */
import type { Activity, Application, Firm, Registration } from './firm.ts';
import { FirmMint } from './firm-mint.ts';
import { paymentTails } from './name-parts.ts';
import { planActivities } from './plan-activities.ts';
import { type Random, seededRandom } from './random.ts';
import type { Quota } from './size.ts';

/** Firms by the part they play; one firm may stand in several. */
export interface Cast {
  /** All who operate on 2023-11-30. */
  readonly operating: readonly Firm[];
  /** Above NT$1 billion in 2022; the first `quota.large` are not passed. */
  readonly large: readonly Firm[];
  readonly registrationOnly: readonly Firm[];
  readonly exactByFsc: readonly Firm[];
  readonly exactBySales: readonly Firm[];
  /** Large in 2021 only, and in 2023 only. */
  readonly largeOtherYear: readonly [readonly Firm[], readonly Firm[]];
  /** One reply of NT$600 million written twice. */
  readonly doubled: readonly Firm[];
  /** Their numbers stand beside another firm's name in one row. */
  readonly conflicted: readonly Firm[];
  /** Rows may bear only their exact name: others share it or its head. */
  readonly exactOnly: ReadonlySet<Firm>;
  readonly dissolved: readonly Firm[];
  readonly dissolvedByName: Firm;
  readonly dissolvedRegistered: readonly [Firm, Firm];
  readonly only2021: readonly Firm[];
  readonly only2023: readonly Firm[];
  readonly zero: readonly Firm[];
  /** Names that no firm bears, and names that several businesses bear. */
  readonly nobody: readonly string[];
}

export interface OperatorPlan {
  readonly cast: Cast;
  readonly activities: Activity[];
  readonly registrations: Registration[];
  readonly applications: Application[];
}

/** Makes the planted firms with `mint` and decides their signs of activity. */
export function planOperators(seed: number, quota: Quota, mint: FirmMint): OperatorPlan {
  const random = seededRandom(seed, 'operators');
  const planted = (count: number, kind: Firm['kind'] = 'company'): Firm[] =>
    Array.from({ length: count }, () => mint.make({ kind, hasItem: true, planted: true }));

  const operating = random.shuffle(makeOperating(random, quota, mint));
  const pool = operating.filter((firm) => firm.kind === 'company' && firm.typo !== undefined);
  const rest = operating.filter((firm) => !pool.includes(firm));
  let at = 0;
  const take = (count: number): Firm[] => pool.slice(at, (at += count));

  const large = take(quota.large);
  const lapsed = take(quota.lapsed);
  const inForce = take(quota.inForce);
  const exactByFsc = take(quota.exactBillion);
  const exactBySales = take(1);
  const largeOtherYear = [take(1), take(1)] as const;
  const doubled = take(1);
  const conflicted = take(3);
  const reused = take(2);
  const siblings = take(1);
  const later = take(quota.later - 2);
  const afterwards = take(quota.afterwards);
  if (at > pool.length) throw new RangeError(`the parts need ${at} firms, ${pool.length} operate`);
  const branded = [...large.slice(2, 3), ...pool.slice(at, at + 5), ...later.slice(0, 3)];
  later.push(...rest.slice(0, 2)); // the foreign branch or a business passes later, too

  for (const firm of reused)
    mint.make({
      kind: 'company',
      hasItem: true,
      standing: 'dissolved',
      name: { core: firm.core, name: firm.name },
    });
  for (const firm of siblings)
    mint.make({ kind: 'company', hasItem: true, name: mint.book.sibling(random, firm.core) });
  for (const firm of branded) firm.aliases.push(alias(random, mint));

  const dissolved = Array.from({ length: 6 }, () =>
    mint.make({ kind: 'company', hasItem: true, standing: 'dissolved', planted: true }),
  );
  const [d0, d1, d2, d3, d4, d5] = dissolved as [Firm, Firm, Firm, Firm, Firm, Firm];
  const waiting = planted(4);
  const revoked = planted(2);
  const applied = planted(6);
  const cast: Cast = {
    operating,
    large: [...large, ...inForce.slice(0, quota.largePassed)],
    registrationOnly: inForce.slice(-3),
    exactByFsc,
    exactBySales,
    largeOtherYear,
    doubled,
    conflicted,
    exactOnly: new Set([...reused, ...siblings]),
    dissolved: [d0, d1, d2, d5],
    dissolvedByName: d3,
    dissolvedRegistered: [d4, d5],
    only2021: planted(5),
    only2023: planted(5),
    zero: planted(8),
    nobody: [
      ...Array.from({ length: 3 }, () => mint.book.nobody(random, paymentTails).name),
      ...Array.from({ length: 2 }, () => equalBusinesses(random, mint)),
    ],
  };

  const registrations = planRegistrations(random, {
    large,
    lapsed,
    inForce,
    later,
    afterwards,
    waiting,
    revoked,
    d4,
    d5,
  });
  const pending = [...large.slice(-1), ...exactByFsc, ...applied, ...doubled];
  return {
    cast,
    registrations,
    applications: planApplications(random, registrations, pending),
    activities: planActivities(seed, quota, cast),
  };
}

function makeOperating(random: Random, quota: Quota, mint: FirmMint): Firm[] {
  const withItem = quota.operating - quota.withoutItem - quota.operatingBusinesses - 1;
  const make = (count: number, order: Omit<Parameters<FirmMint['make']>[0], 'planted'>): Firm[] =>
    Array.from({ length: count }, () => mint.make({ ...order, planted: true }));
  const foreign = mint.book.company(random, { tails: paymentTails });
  return [
    ...make(withItem, { kind: 'company', hasItem: true }),
    ...make(quota.withoutItem - quota.catchAllOnly, { kind: 'company', hasItem: false }),
    ...make(quota.catchAllOnly, { kind: 'company', hasItem: false, catchAllOnly: true }),
    ...make(quota.operatingBusinesses, { kind: 'business', hasItem: true }),
    mint.make({
      kind: 'company',
      hasItem: true,
      planted: true,
      name: { core: foreign.core, name: `新加坡商${foreign.core}有限公司台灣分公司` },
    }),
  ];
}

/** Two businesses in being with one name in two counties; answers the name. */
function equalBusinesses(random: Random, mint: FirmMint): string {
  const name = mint.book.business(random);
  mint.make({ kind: 'business', hasItem: true, name, county: '臺中市', inTaxRegister: true });
  mint.make({ kind: 'business', hasItem: true, name, county: '高雄市', inTaxRegister: true });
  return name.name;
}

/** A brand in letters, or a former name. */
function alias(random: Random, mint: FirmMint): string {
  if (random.chance(0.4)) return mint.book.company(random, { tails: paymentTails }).name;
  const syllables = [
    'Ka',
    'Mo',
    'Ri',
    'Zu',
    'Velo',
    'Nami',
    'Tor',
    'Quo',
    'Lumi',
    'Sefi',
    'Byn',
    'Oxa',
    'Wem',
    'Dry',
    'Pexi',
    'Hul',
  ];
  return `${random.pick(syllables)}${random.pick(syllables).toLowerCase()}${random.pick(syllables).toLowerCase()}${random.pick(['Pay', 'Wallet', 'Flow'])}`;
}

const dayBetween = (random: Random, from: string, to: string): string => {
  const first = Temporal.PlainDate.from(from);
  return first.add({ days: random.int(0, first.until(to).days) }).toString();
};

const twoYears = (from: string): string =>
  Temporal.PlainDate.from(from).add({ years: 2 }).subtract({ days: 1 }).toString();

function planRegistrations(
  random: Random,
  parts: Record<'large' | 'lapsed' | 'inForce' | 'later' | 'afterwards' | 'waiting' | 'revoked', Firm[]> &
    Record<'d4' | 'd5', Firm>,
): Registration[] {
  const out: Registration[] = [];
  const numerals = ['一', '二', '三', '四', '五'];
  const grant = (
    firm: Firm | undefined,
    from: string,
    to = twoYears(from),
    more: Partial<Registration> = {},
  ): void => {
    if (firm === undefined) return;
    const certificate = `${Number(from.slice(0, 4)) - 1911}${random.pick(numerals)}TP${String(out.length + 1).padStart(4, '0')}`;
    out.push({
      firm,
      certificate,
      registeredOn: from,
      validUntil: to,
      revoked: false,
      extended: false,
      ...more,
    });
  };
  const { large, lapsed, inForce, later, afterwards, waiting, revoked } = parts;
  // Shortened terms let something lapse before the audit, although the regime was four months old.
  grant(large[0], '2023-08-01', '2023-10-31');
  grant(large[0], '2024-02-05');
  grant(large[1], '2023-08-15', undefined, { revoked: true });
  for (const firm of large.slice(2, -1)) grant(firm, dayBetween(random, '2023-12-05', '2024-06-06'));
  for (const firm of lapsed) grant(firm, '2023-08-01', dayBetween(random, '2023-09-30', '2023-11-29'));
  grant(lapsed[0], '2024-01-15', undefined, { extended: true });
  inForce.forEach((firm, i) => {
    if (i === 0) grant(firm, '2023-08-31', '2023-11-30');
    else if (i === 1) grant(firm, '2023-11-30');
    else if (i === 2) grant(firm, '2023-08-31', '2024-03-31');
    else grant(firm, i < 7 ? '2023-08-31' : dayBetween(random, '2023-09-01', '2023-11-29'));
  });
  grant(inForce[0], '2023-12-01', undefined, { extended: true });
  grant(parts.d4, '2023-09-15');
  grant(parts.d5, '2023-10-02');
  later.forEach((firm, i) => {
    if (i === 0) grant(firm, '2023-12-01');
    else grant(firm, i === 1 ? '2024-06-07' : dayBetween(random, '2023-12-02', '2024-06-06'));
  });
  for (const firm of waiting) grant(firm, dayBetween(random, '2023-12-02', '2024-06-06'));
  for (const firm of afterwards) grant(firm, dayBetween(random, '2024-06-08', '2024-12-31'));
  for (const firm of revoked)
    grant(firm, dayBetween(random, '2023-09-01', '2023-11-20'), undefined, { revoked: true });
  return out;
}

function planApplications(
  random: Random,
  registrations: readonly Registration[],
  pending: readonly Firm[],
): Application[] {
  // Nobody could apply before the regime began at the end of July 2023.
  const before = (day: string): string =>
    day < '2023-08-31'
      ? '2023-07-31'
      : dayBetween(random, '2023-07-31', Temporal.PlainDate.from(day).subtract({ days: 20 }).toString());
  return [
    ...registrations.map(({ firm, registeredOn }) => ({
      firm,
      appliedOn: before(registeredOn),
      status: '通過',
    })),
    ...pending.map((firm) => ({
      firm,
      appliedOn: dayBetween(random, '2023-08-01', '2023-11-25'),
      status: random.pick(['審查中', '補件中', '審查中', '退件']),
    })),
  ];
}
