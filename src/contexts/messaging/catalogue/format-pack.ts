/** How a text is put together from a day on. Packs are data; an old one is kept as long as texts were sent under it. */
import type { Bilingual } from '#platform/errors';
import pack2023 from './format-packs/2023.json' with { type: 'json' };
import pack2025 from './format-packs/2025.json' with { type: 'json' };

/** A piece of a text: words of the pack, or what comes from the register, the template and the recipient's number. */
export type FormatPiece =
  | { readonly text: string }
  | { readonly part: 'last-three' | 'service' | 'body' | 'contact' };

export interface FormatPack {
  readonly id: string;
  /** First legal day on which a new version takes it. */
  readonly validFrom: string;
  readonly title: Bilingual;
  readonly source: string;
  readonly pieces: readonly FormatPiece[];
}

/** Oldest first. */
export const formatPacks = [pack2023, pack2025] as readonly FormatPack[];

/** The pack that a version made on this day takes: the newest that is valid, the oldest before the first. */
export function formatPackOn(day: Temporal.PlainDate): FormatPack {
  const on = day.toString();
  return formatPacks.findLast(({ validFrom }) => validFrom <= on) ?? (formatPacks[0] as FormatPack);
}

export function formatPackById(id: string): FormatPack | null {
  return formatPacks.find((pack) => pack.id === id) ?? null;
}
