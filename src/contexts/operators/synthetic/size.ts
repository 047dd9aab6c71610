/** How much an invented world holds. */
export interface Quota {
  /** Firms in being with the item: from, to. */
  readonly itemInBeing: readonly [number, number];
  /** Firms with the item that are gone, as a share of those in being. */
  readonly goneShare: number;
  /** Companies of the general list without the item. */
  readonly otherCompanies: number;
  /** Businesses only the tax register knows. */
  readonly otherBusinesses: number;
  /** Groups of sole proprietors with one name in several counties. */
  readonly equalNames: number;
  /** Names of dissolved companies that a new company bears. */
  readonly reusedNames: number;
  readonly operating: number;
  readonly withoutItem: number;
  readonly catchAllOnly: number;
  readonly operatingBusinesses: number;
  /** Above NT$1 billion and not passed. */
  readonly large: number;
  /** Operating firms whose registration is in force on 2023-11-30; two dissolved firms come on top. */
  readonly inForce: number;
  /** Above NT$1 billion and passed; part of `inForce`. */
  readonly largePassed: number;
  /** Lapsed on 2023-11-30, beside one of the large ones. */
  readonly lapsed: number;
  /** Operating firms first registered from 2023-12-01 to 2024-06-07. */
  readonly later: number;
  /** Operating firms registered from 2024-06-08 to 2024-12-31. */
  readonly afterwards: number;
  /** Firms with exactly NT$1 billion by the FSC, and one more by the sales. */
  readonly exactBillion: number;
  readonly misspelt: number;
}

/** The audit's own figures: 12,000 → 90 → 12 and 9; 23 passed on 2023-11-30, 60 on 2024-06-07. */
export const auditQuota: Quota = {
  itemInBeing: [12_020, 12_390],
  goneShare: 0.46,
  otherCompanies: 6_000,
  otherBusinesses: 8_000,
  equalNames: 30,
  reusedNames: 20,
  operating: 90,
  withoutItem: 12,
  catchAllOnly: 2,
  operatingBusinesses: 6,
  large: 9,
  inForce: 21,
  largePassed: 6,
  lapsed: 2,
  later: 26,
  afterwards: 8,
  exactBillion: 3,
  misspelt: 6,
};

/** A few hundred firms with every case once, for tests: 30 operating, 4 without the item, 3 large, 9 → 19 passed. */
export const smallQuota: Quota = {
  itemInBeing: [260, 300],
  goneShare: 0.3,
  otherCompanies: 120,
  otherBusinesses: 80,
  equalNames: 4,
  reusedNames: 3,
  operating: 30,
  withoutItem: 4,
  catchAllOnly: 1,
  operatingBusinesses: 2,
  large: 3,
  inForce: 7,
  largePassed: 2,
  lapsed: 1,
  later: 5,
  afterwards: 2,
  exactBillion: 1,
  misspelt: 2,
};
