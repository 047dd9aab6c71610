/**
 * Finds the firm behind a name, tier by tier from sure to likely, and stops at the first tier that answers: complete
 * name, core, alias, abbreviation, similar name. A tier with two living firms answers only if exactly one of them has
 * to do with third-party payment; otherwise the name is ambiguous and no weaker tier is asked. One file, so that the
 * tiers can be read in their order.
 */
import { type CompanyName, parseCompanyName } from '#shared/company-name';
import type { EvidenceValue, MatchCandidate, MatchExplanation, MatchTier } from '../run-result.ts';
import type { Aliases } from './aliases.ts';
import { standsFor } from './confirm-name.ts';
import { editDistance } from './edit-distance.ts';
import { isGeneric } from './generic-words.ts';
import type { KnownFirms } from './known-firms.ts';
import type { IndexedName, NearName } from './name-index.ts';

export type Identification =
  | {
      readonly outcome: 'matched';
      readonly ubn: string;
      readonly explanation: MatchExplanation;
      readonly candidates: readonly MatchCandidate[];
    }
  | {
      readonly outcome: 'ambiguous';
      readonly tier: MatchTier;
      readonly candidates: readonly MatchCandidate[];
    }
  | { readonly outcome: 'not-found'; readonly candidates: readonly MatchCandidate[] };

export interface Surroundings {
  readonly firms: KnownFirms;
  readonly aliases: Aliases;
  /** Firms with the business item or a row in a closed source, a registration or an application. */
  readonly concerned: ReadonlySet<string>;
  /** Of these, firms with such a row. */
  readonly withSigns: ReadonlySet<string>;
  /** Least edit ratio of a similar name, and least lead over the next. */
  readonly similarName: number;
  readonly similarNameMargin: number;
}

interface Option {
  readonly ubn: string;
  readonly name: string;
  readonly gone: boolean;
  readonly address: string | null;
  readonly score: number;
  readonly features: Readonly<Record<string, EvidenceValue>>;
}

interface Query {
  readonly name: string;
  readonly parsed: CompanyName;
  /** A number that failed its check: it breaks a tie where it is one digit away from one firm alone. */
  readonly rejectedNumber: string | null;
  /** Firms an officer said it is not. */
  readonly excluded: ReadonlySet<string>;
}

/** Identifies a name among the firms in memory. */
export function identify(
  name: string,
  around: Surroundings,
  rejectedNumber: string | null = null,
  excluded: ReadonlySet<string> = new Set(),
): Identification {
  const query = { name, parsed: parseCompanyName(name), rejectedNumber, excluded };
  if (query.parsed.full === '') return { outcome: 'not-found', candidates: [] };
  return sureTiers(query, around) ?? bracketed(query, around) ?? similarNames(query, around);
}

function sureTiers(query: Query, around: Surroundings): Identification | null {
  const tiers: readonly [MatchTier, () => Option[]][] = [
    [
      'exact-name',
      () => around.firms.index.withFull(query.parsed.full).map((entry) => option(entry, 1, {}, around)),
    ],
    ['exact-core', () => equalCores(query, around)],
    ['alias', () => aliasOptions(query, around)],
    ['abbreviation', () => abbreviations(query, around)],
  ];
  for (const [tier, options] of tiers) {
    const decided = decide(tier, allowed(options(), query), query, around);
    if (decided !== null) return decided;
  }
  return null;
}

/** `LINE Pay（連加網路）`: two names of one firm, where what either says does not contradict the other. */
function bracketed(query: Query, around: Surroundings): Identification | null {
  const parts = /^(.{2,}?)\s*\(([^()]{2,})\)\s*$/u.exec(query.name.normalize('NFKC'))?.slice(1) ?? [];
  const answers = parts
    .map((part) => sureTiers({ ...query, name: part, parsed: parseCompanyName(part) }, around))
    .filter((answer) => answer !== null);
  const [first] = answers;
  if (first?.outcome !== 'matched') return null;
  const agree = answers.every((answer) => answer.outcome === 'matched' && answer.ubn === first.ubn);
  return agree
    ? {
        ...first,
        explanation: {
          ...first.explanation,
          features: { ...first.explanation.features, givenName: query.name },
        },
      }
    : null;
}

/** A branch stands for its company. */
function option(
  entry: IndexedName,
  score: number,
  features: Option['features'],
  around: Surroundings,
): Option {
  const firm = around.firms.responsible(entry.firm);
  const branch = firm === entry.firm ? {} : { branchUbn: entry.firm.ubn };
  const { ubn, name, gone, address } = firm;
  return {
    ubn,
    name,
    gone,
    address,
    score,
    features: { registerName: entry.parsed.original, ...branch, ...features },
  };
}

function allowed(options: readonly Option[], query: Query): Option[] {
  const best = new Map<string, Option>();
  for (const one of options) {
    if (query.excluded.has(one.ubn)) continue;
    const known = best.get(one.ubn);
    if (known === undefined || known.score < one.score) best.set(one.ubn, one);
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score || (a.ubn < b.ubn ? -1 : 1));
}

/** Equal cores with legal forms that may be one firm's: a company may change its form, a 商行 is no 企業社. */
function equalCores(query: Query, around: Surroundings): Option[] {
  const { kind, legalForm, core } = query.parsed;
  const entries = around.firms.index.withCore(core).filter(({ parsed }) => {
    if (kind === 'unknown' || legalForm === null) return true;
    if (kind === 'business' || parsed.kind === 'business')
      return parsed.legalForm === legalForm || parsed.legalForm === null;
    return true;
  });
  return entries.map((entry) => option(entry, 0.95, { core, legalForm: entry.parsed.legalForm }, around));
}

function aliasOptions(query: Query, around: Surroundings): Option[] {
  const options: Option[] = [];
  for (const alias of around.aliases.named(query.name)) {
    const features = { brand: alias.brand, aliasFile: alias.file, aliasRow: alias.row };
    const firm = alias.ubn === null ? undefined : around.firms.get(alias.ubn);
    if (firm !== undefined) {
      options.push({
        ubn: firm.ubn,
        name: firm.name,
        gone: firm.gone,
        address: firm.address,
        score: 0.95,
        features,
      });
    } else if (alias.ubn !== null && alias.source === 'brand_alias') {
      options.push({
        ubn: alias.ubn,
        name: alias.companyName ?? alias.brand,
        gone: false,
        address: null,
        score: 0.9,
        features,
      });
    } else if (alias.companyName !== null) {
      const parsed = parseCompanyName(alias.companyName);
      const named = around.firms.index.withFull(parsed.full);
      const entries = named.length > 0 ? named : around.firms.index.withCore(parsed.core);
      options.push(...entries.map((entry) => option(entry, 0.9, features, around)));
    }
  }
  return options;
}

/** A short name for a longer one, among firms that have to do with third-party payment. */
function abbreviations(query: Query, around: Surroundings): Option[] {
  const { core } = query.parsed;
  if (isGeneric(core)) return [];
  const generic = around.firms.index
    .beginningWith(core)
    .filter(({ parsed }) => standsFor(core, parsed.core) && isGeneric(parsed.core.slice(core.length)));
  return generic.map((entry) => option(entry, 0.85, { core, registerCore: entry.parsed.core }, around));
}

/** How many edits a name of this length may be away. Short names differ by one character from other firms' names. */
function farthest(length: number, ratio: number): number {
  return length < 4 ? 0 : Math.max(1, Math.min(3, Math.floor(length * (1 - ratio))));
}

function similarNames(query: Query, around: Surroundings): Identification {
  const { core } = query.parsed;
  const limit = farthest(Array.from(core).length, around.similarName);
  const found =
    limit === 0
      ? []
      : around.firms.index
          .near(core, limit)
          .filter((near) => compatible(near, query))
          .map((near) => ({ ...near, firm: around.firms.responsible(near.firm) }));
  const options = (list: readonly NearName[]): Option[] =>
    allowed(
      list.map((near) =>
        option(near, near.score, { edits: near.distance, core, registerCore: near.parsed.core }, around),
      ),
      query,
    );
  const living = found.filter((near) => !near.firm.gone && !query.excluded.has(near.firm.ubn));
  const pool = living.length > 0 ? living : found;
  const nearest = pool.filter((near) => near.distance === pool[0]?.distance);
  const groups: readonly ReadonlySet<string>[] = [around.withSigns, around.concerned];
  const group = groups.find((ubns) => nearest.some((near) => ubns.has(near.firm.ubn)));
  const chosen = group === undefined ? nearest : nearest.filter((near) => group.has(near.firm.ubn));
  return decideSimilar(options(chosen), query, around) ?? { outcome: 'not-found', candidates: [] };
}

/** A typing error does not turn a company into a 商行, nor 有限公司 into 股份有限公司 in another firm's name. */
function compatible(near: NearName, query: Query): boolean {
  const { kind, legalForm } = query.parsed;
  if (legalForm === null || kind === 'unknown' || near.parsed.legalForm === null) return true;
  return (kind === 'business') === (near.parsed.kind === 'business');
}

/** Among equally near names the rarity of what they share decides, or the number; else a person must. */
function decideSimilar(
  options: readonly Option[],
  query: Query,
  around: Surroundings,
): Identification | null {
  const [first, second] = options;
  if (first === undefined) return null;
  if (second === undefined || first.score - second.score >= around.similarNameMargin)
    return matched('similar-name', first, second, query, options);
  const byNumber = numberNear(options, query);
  if (byNumber !== null)
    return matched('similar-name', byNumber, first === byNumber ? second : first, query, options);
  return { outcome: 'ambiguous', tier: 'similar-name', candidates: options.map(candidate) };
}

function decide(
  tier: MatchTier,
  options: readonly Option[],
  query: Query,
  around: Surroundings,
): Identification | null {
  const living = options.filter((one) => !one.gone);
  const list = living.length > 0 ? living : options;
  if (list.length === 0) return null;
  if (list.length === 1)
    return matched(
      tier,
      list[0]!,
      options.find((one) => one !== list[0]),
      query,
      options,
    );
  const concerned = list.filter((one) => around.concerned.has(one.ubn));
  const chosen = concerned.length === 1 ? concerned[0]! : numberNear(list, query);
  if (chosen === null) return { outcome: 'ambiguous', tier, candidates: options.map(candidate) };
  return matched(
    tier,
    chosen,
    list.find((one) => one !== chosen),
    query,
    options,
  );
}

function numberNear(options: readonly Option[], query: Query): Option | null {
  if (query.rejectedNumber === null) return null;
  const near = options.filter((one) => editDistance(query.rejectedNumber!, one.ubn) <= 1);
  return near.length === 1 ? near[0]! : null;
}

function matched(
  tier: MatchTier,
  chosen: Option,
  next: Option | undefined,
  query: Query,
  options: readonly Option[],
): Identification {
  const number =
    query.rejectedNumber === null
      ? {}
      : {
          rejectedNumber: query.rejectedNumber,
          oneDigitAway: editDistance(query.rejectedNumber, chosen.ubn) <= 1,
        };
  return {
    outcome: 'matched',
    ubn: chosen.ubn,
    explanation: {
      tier,
      score: chosen.score,
      features: { givenName: query.name, ...chosen.features, ...number },
      runnerUp: next === undefined ? null : { ubn: next.ubn, name: next.name, score: next.score },
    },
    candidates: options.map(candidate),
  };
}

const candidate = (one: Option): MatchCandidate => ({
  ubn: one.ubn,
  name: one.name,
  gone: one.gone,
  score: one.score,
  address: one.address,
});
