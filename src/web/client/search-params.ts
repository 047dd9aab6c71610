/**
 * Filters in the address: a page names what it takes, anything else in the address is dropped. Values are plain text
 * (`?status=open&q=12345678`), so that an address can be read, typed and shared.
 */
export interface SearchParam<T> {
  /** The value, or undefined where it is not one of this kind. */
  readonly parse: (text: string) => T | undefined;
}

export type SearchSchema = Readonly<Record<string, SearchParam<unknown>>>;
/** The filters of a page; one that is absent is not set. */
export type SearchOf<S extends SearchSchema> = {
  readonly [K in keyof S]?: (S[K] extends SearchParam<infer T> ? T : never) | undefined;
};

/** Free text of at most `length` characters, trimmed; empty counts as not set. */
export const text = (length = 200): SearchParam<string> => ({
  parse: (value) => {
    const trimmed = value.trim().slice(0, length);
    return trimmed === '' ? undefined : trimmed;
  },
});

/** One of the words given. */
export const oneOf = <const T extends string>(...words: readonly T[]): SearchParam<T> => ({
  parse: (value) => words.find((word) => word === value),
});

/** A whole number from `least` to `most`. */
export const whole = (least = 0, most = Number.MAX_SAFE_INTEGER): SearchParam<number> => ({
  parse: (value) => {
    const number = Number(value);
    return value !== '' && Number.isInteger(number) && number >= least && number <= most ? number : undefined;
  },
});

/** A day that exists, as `2023-11-30`. */
export const isoDay = (): SearchParam<string> => ({
  parse: (value) => {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined;
    const date = new Date(`${value}T00:00:00Z`);
    return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(value) ? value : undefined;
  },
});

/** True where the address says `true`; anything else is not set. */
export const flag = (): SearchParam<true> => ({ parse: (value) => (value === 'true' ? true : undefined) });

/** Takes from raw parameters what the schema names and what is valid. */
export function parseSearch<S extends SearchSchema>(
  schema: S,
  raw: Readonly<Record<string, unknown>>,
): SearchOf<S> {
  const values: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(schema)) {
    const given = raw[name];
    const written = plainText(given);
    if (written === null) continue;
    const value = param.parse(written);
    if (value !== undefined) values[name] = value;
  }
  return values as SearchOf<S>;
}

/** `?a=1&b=x` as raw text values; the first of a name counts. */
export function readAddress(search: string): Record<string, string> {
  // Without a prototype: an address may name anything, `constructor` too.
  const values = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(search)) values[name] ??= value;
  return values;
}

/** The address part of filters, empty or beginning with `?`; what is not set or empty is left out. */
export function writeAddress(values: Readonly<Record<string, unknown>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    const written = plainText(value);
    if (written !== null && written !== '') search.set(name, written);
  }
  const written = search.toString();
  return written === '' ? '' : `?${written}`;
}

/** A value as an address writes it; null for what is no plain value. */
export function plainText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}
