/**
 * High-risk shops and what belongs to them. A shop is known by its domain, its name, its brand and at times a number;
 * rows of the police list, traffic, measures and aliases that share one of these are one shop. A brand alone joins
 * only where it is nobody else's, and one slip of the pen only in four characters or more; neither joins two names
 * that stand on the list of one quarter, where a shop has one place.
 */
import { brandCore, foldText, parseCompanyName, similarity } from '#shared/company-name';
import { parseQuarter } from '#shared/roc-date';
import type { Judgement } from '../judgement.ts';
import { editDistance } from './edit-distance.ts';
import { LinkedKeys } from './linked-keys.ts';
import type { AliasRow, MeasureRow, ShopRow, SourceRows, TrafficRow } from './source-rows.ts';

/** A shop as of a day, with the rows that say so. */
export interface ShopFacts {
  readonly ubn: string | null;
  readonly name: string;
  readonly names: readonly string[];
  readonly domain: string | null;
  /** Quarters on the list that ended by the day, newest first. */
  readonly quarters: readonly string[];
  /** How many quarters in a row up to the newest list; 0 where it is not on the newest. */
  readonly consecutive: number;
  readonly monthlyVisits: number | null;
  readonly listings: readonly ShopRow[];
  readonly measures: readonly MeasureRow[];
  readonly traffic: readonly TrafficRow[];
  readonly aliases: readonly AliasRow[];
}

interface Node {
  readonly row: ShopRow | MeasureRow | TrafficRow | AliasRow;
  /** `d:` domain, `n:` name. Rows that share one are one shop. */
  readonly keys: readonly string[];
  /** `u:` number, `c:` company. A firm may keep several shops, so these bring measures to shops, but join no shops. */
  readonly firmKeys: readonly string[];
  /** Brands: they join where they are unique. */
  readonly brands: readonly string[];
}

/**
 * Gathers the shops on lists whose quarter ended by `asOf`. `namesOf` gives the registered names of a number, `firmOf`
 * the number of the firm that a measure was tied to.
 */
export function gatherShops(
  sources: SourceRows,
  aliases: readonly AliasRow[],
  judgements: readonly Judgement[],
  asOf: Temporal.PlainDate,
  namesOf: (ubn: string) => readonly string[],
  firmOf: (row: MeasureRow) => string | null,
  nearlyEqual: number,
): ShopFacts[] {
  const listed = sources.shops.filter((row) => hasEnded(row.quarter, asOf));
  const joined = sources.measures.filter((row) => row.joinedOn === null || row.joinedOn <= asOf.toString());
  const nodes = [...listed, ...joined, ...sources.traffic, ...aliases].map((row) =>
    nodeOf(row, row.source === 'hardening_measure' ? (row.ubn ?? firmOf(row)) : row.ubn, namesOf),
  );
  const links = new LinkedKeys();
  for (const judgement of judgements) {
    if (judgement.kind !== 'shop') continue;
    if (judgement.verdict === 'same') links.join(keyOf(judgement.name), keyOf(judgement.other));
    else links.forbid(keyOf(judgement.name), keyOf(judgement.other));
  }
  for (const node of nodes) links.joinAll(node.keys);
  keepApartOnOneList(nodes, links);
  joinByBrand(nodes, links);
  joinBySlip(nodes, links, nearlyEqual);
  const newest = [...new Set(listed.map((row) => row.quarter))].sort().reverse();
  const groups = Map.groupBy(nodes, (node) => links.find(node.keys[0]!));
  const measures = nodes.filter((node) => node.row.source === 'hardening_measure');
  return [...groups.values()]
    .filter((group) => group.some((node) => node.row.source === 'high_risk_shop'))
    .map((group) => shopOf([...group, ...measuresOfFirm(group, measures)], newest))
    .toSorted((a, b) => b.quarters.length - a.quarters.length || (a.name < b.name ? -1 : 1));
}

function hasEnded(label: string, asOf: Temporal.PlainDate): boolean {
  const quarter = parseQuarter(label);
  return quarter !== null && Temporal.PlainDate.compare(quarter.end, asOf) <= 0;
}

/** A judgement names a shop by its domain or its name. */
const keyOf = (text: string): string =>
  /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/u.test(text.trim().toLowerCase()) ? domainKey(text) : `n:${foldText(text)}`;

const domainKey = (domain: string): string =>
  `d:${domain
    .trim()
    .toLowerCase()
    .replace(/^(?:www|m)\./u, '')}`;

function nodeOf(row: Node['row'], ubn: string | null, namesOf: (ubn: string) => readonly string[]): Node {
  const own = 'brand' in row ? row.brand : row.name;
  const firmNames = [
    own,
    'companyName' in row ? row.companyName : null,
    ...(ubn === null ? [] : namesOf(ubn)),
  ];
  const companies = firmNames.filter((name) => name !== null).filter(isCompanyName);
  const keys = own === null ? [] : [`n:${foldText(own)}`];
  if ('domain' in row && row.domain !== null) keys.unshift(domainKey(row.domain));
  const firmKeys = [
    ...(ubn === null ? [] : [`u:${ubn}`]),
    ...companies.map((name) => `c:${parseCompanyName(name).core}`),
  ];
  const brand = own === null ? '' : brandOf(own);
  return {
    row,
    keys: keys.length > 0 ? keys : [`r:${row.source}:${row.file}:${row.row}`],
    firmKeys: [...new Set(firmKeys)],
    brands: Array.from(brand).length >= 2 ? [brand] : [],
  };
}

/** Measures of the firm behind the shop that name the firm, not the shop. */
function measuresOfFirm(group: readonly Node[], measures: readonly Node[]): Node[] {
  const firmKeys = new Set(
    group.filter((node) => node.row.source !== 'hardening_measure').flatMap((node) => node.firmKeys),
  );
  return measures.filter((node) => !group.includes(node) && node.firmKeys.some((key) => firmKeys.has(key)));
}

const isCompanyName = (name: string): boolean => /公司|有限合夥$/u.test(name);
const brandOf = (name: string): string => brandCore(parseCompanyName(name).core);

/** Two places on the list of a quarter are two shops, as far as name and domain have not made them one. */
function keepApartOnOneList(nodes: readonly Node[], links: LinkedKeys): void {
  const listings = nodes.flatMap(({ row, keys, brands }) =>
    row.source === 'high_risk_shop' ? [{ quarter: row.quarter, brands, shop: links.find(keys[0]!) }] : [],
  );
  for (const list of Map.groupBy(listings, ({ quarter }) => quarter).values())
    for (const [at, one] of list.entries())
      for (const other of list.slice(at + 1))
        if (one.shop !== other.shop && couldJoin(one.brands, other.brands))
          links.forbid(one.shop, other.shop);
}

/** One brand, or two slips apart, so that a third name could bring them together. */
const couldJoin = (brands: readonly string[], others: readonly string[]): boolean =>
  brands.some((brand) => others.some((other) => editDistance(brand, other) <= 2));

/** Rows of one brand are one shop, unless two shops with different domains, or on one list, claim the brand. */
function joinByBrand(nodes: readonly Node[], links: LinkedKeys): void {
  const byBrand = new Map<string, Node[]>();
  for (const node of nodes)
    for (const brand of node.brands) byBrand.set(brand, [...(byBrand.get(brand) ?? []), node]);
  for (const same of byBrand.values()) {
    const groups = [...new Set(same.map((node) => links.find(node.keys[0]!)))];
    if (groups.length < 2) continue;
    const withDomain = groups.filter((group) =>
      nodes.some((node) => links.find(node.keys[0]!) === group && domainOf(node) !== null),
    );
    if (withDomain.length > 1 || links.anyForbidden(groups)) continue;
    for (const group of groups.slice(1)) links.join(groups[0]!, group);
  }
}

const domainOf = (node: Node): string | null => ('domain' in node.row ? node.row.domain : null);

/** A listing or measure that joined nothing is the shop one slip away, where there is exactly one such. */
function joinBySlip(nodes: readonly Node[], links: LinkedKeys, nearlyEqual: number): void {
  const shops = nodes.filter((node) => node.row.source === 'high_risk_shop');
  const shopGroups = (): Set<string> => new Set(shops.map((node) => links.find(node.keys[0]!)));
  for (const node of nodes) {
    if (node.row.source !== 'hardening_measure' && node.row.source !== 'high_risk_shop') continue;
    const own = links.find(node.keys[0]!);
    if (node.row.source === 'hardening_measure' && shopGroups().has(own)) continue;
    if (node.row.source === 'high_risk_shop' && domainOf(node) !== null) continue;
    const near = nodes.filter(
      (other) =>
        links.find(other.keys[0]!) !== own &&
        node.brands.some((brand) => other.brands.some((with_) => isSlip(brand, with_, nearlyEqual))),
    );
    const groups = new Set(near.map((other) => links.find(other.keys[0]!)));
    const target = [...groups].filter((group) => shopGroups().has(group));
    if (groups.size === 1 && target.length === 1) links.join(own, target[0]!);
  }
}

function isSlip(a: string, b: string, nearlyEqual: number): boolean {
  const length = Math.min(Array.from(a).length, Array.from(b).length);
  return (
    length >= 4 &&
    a !== b &&
    editDistance(a, b) === 1 &&
    1 - 1 / Math.max(Array.from(a).length, Array.from(b).length) >= nearlyEqual &&
    similarity(a, b) > 0
  );
}

function shopOf(group: readonly Node[], newest: readonly string[]): ShopFacts {
  const pick = <T extends Node['row']>(source: T['source']): T[] =>
    group.map((node) => node.row).filter((row): row is T => row.source === source);
  const listings = pick<ShopRow>('high_risk_shop').toSorted(
    (a, b) =>
      (a.quarter < b.quarter ? 1 : a.quarter > b.quarter ? -1 : 0) ||
      (a.rank ?? 99) - (b.rank ?? 99) ||
      a.row - b.row,
  );
  const traffic = pick<TrafficRow>('traffic');
  const aliases = [...pick<AliasRow>('brand_alias'), ...pick<AliasRow>('brand-alias-list')];
  const quarters = [...new Set(listings.map((row) => row.quarter))];
  const gap = newest.findIndex((quarter) => !quarters.includes(quarter));
  const visits = traffic.map((row) => row.monthlyVisits);
  const domains = [...listings, ...traffic, ...aliases]
    .map((row) => row.domain)
    .filter((domain) => domain !== null);
  const ubns = new Set([...listings, ...aliases].map((row) => row.ubn).filter((ubn) => ubn !== null));
  return {
    ubn: ubns.size === 1 ? [...ubns][0]! : null,
    name: listings[0]!.name,
    names: [...new Set(listings.map((row) => row.name))],
    domain: domains[0] ?? null,
    quarters,
    consecutive: gap === -1 ? newest.length : gap,
    monthlyVisits: visits.length === 0 ? null : visits.reduce((a, b) => Math.max(a, b)),
    listings,
    measures: pick<MeasureRow>('hardening_measure'),
    traffic,
    aliases,
  };
}
