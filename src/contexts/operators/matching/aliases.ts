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

export class Aliases {
  readonly #byName = new Map<string, AliasRow[]>();
  readonly #byUbn = new Map<string, AliasRow[]>();
  readonly all: readonly AliasRow[];

  constructor(rows: readonly AliasRow[]) {
    this.all = [...rows, ...shippedAliases];
    for (const row of this.all) {
      for (const key of keysOf(row.brand)) push(this.#byName, key, row);
      if (row.ubn !== null) push(this.#byUbn, row.ubn, row);
    }
  }

  /** The aliases a name stands for: those of a source where there are any, else those that ship. */
  named(name: string): readonly AliasRow[] {
    const found = [...new Set(keysOf(name).flatMap((key) => this.#byName.get(key) ?? []))];
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
