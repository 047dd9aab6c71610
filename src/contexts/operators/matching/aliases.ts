/**
 * Brands, domains and former names, and the firm behind each: rows of `brand_alias` sources first, then the list that
 * ships with the rules. An alias of the shipped list counts only where a loaded register knows its firm.
 */
import { brandCore, foldText, parseCompanyName } from '#shared/company-name';
import shipped from '../rules/brand-aliases.json' with { type: 'json' };
import type { AliasRow } from './source-rows.ts';

export const shippedAliases: readonly AliasRow[] = shipped.aliases.map((alias, index) => ({
  source: 'brand-alias-list',
  file: 'brand-aliases.json',
  row: index + 1,
  brand: alias.brand,
  companyName: alias.company,
  ubn: alias.ubn,
  domain: alias.domain,
}));

interface SiteName {
  readonly name: string | null;
  readonly domain: string | null;
}

export class Aliases {
  readonly #byName = new Map<string, AliasRow[]>();
  readonly #byUbn = new Map<string, AliasRow[]>();
  readonly #bySite = new Map<string, AliasRow[]>();
  readonly all: readonly AliasRow[];

  /** `sites` are names of shops with their domains, as other sources give them: a domain leads from one name to the other. */
  constructor(rows: readonly AliasRow[], sites: readonly SiteName[] = []) {
    this.all = [...rows, ...shippedAliases];
    const byDomain = new Map<string, AliasRow[]>();
    for (const row of this.all) {
      for (const key of keysOf(row.brand)) push(this.#byName, key, row);
      if (row.ubn !== null) push(this.#byUbn, row.ubn, row);
      if (row.domain !== null) push(byDomain, row.domain, row);
    }
    for (const { name, domain } of sites) {
      if (name === null || domain === null) continue;
      for (const row of byDomain.get(domain) ?? []) push(this.#bySite, foldText(name), row);
    }
  }

  /** The aliases a name stands for: those of a source where there are any, else those that ship. */
  named(name: string): readonly AliasRow[] {
    const found = [...new Set(keysOf(name).flatMap((key) => this.#byName.get(key) ?? []))];
    if (found.length === 0) return [...new Set(this.#bySite.get(foldText(name)) ?? [])];
    const own = found.filter((row) => row.source === 'brand_alias');
    return own.length > 0 ? own : found;
  }

  /** Brands and other names of a number. */
  of(ubn: string): readonly AliasRow[] {
    return this.#byUbn.get(ubn) ?? [];
  }
}

function keysOf(name: string): string[] {
  const parsed = parseCompanyName(name);
  return [...new Set([foldText(name), parsed.full, parsed.core, brandCore(name)])].filter(
    (key) => key !== '',
  );
}

function push(map: Map<string, AliasRow[]>, key: string, row: AliasRow): void {
  map.set(key, [...(map.get(key) ?? []), row]);
}
