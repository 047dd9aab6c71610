import { httpErrors } from './http-errors.ts';
import { isStorable } from './well-formed.ts';

/** What a part of a sort key is: a text, a number of PostgreSQL's `integer`, `bigint` (up to 2^53) or `real`. */
export type CursorPart = 'text' | 'integer' | 'bigint' | 'real';
type PartOf<P extends CursorPart> = P extends 'text' ? string : number;
type KeyOf<P extends readonly CursorPart[]> = { readonly [I in keyof P]: PartOf<P[I]> };

const LARGEST_INTEGER = 2 ** 31 - 1;
const LARGEST_REAL = 3.4e38;

/** Packs the sort key of the last row of a page into an opaque cursor. */
export function toCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Unpacks a cursor with parts of these kinds; throws `http.bad_cursor` on anything else, so that no query ever fails of it. */
export function parseCursor<const P extends readonly CursorPart[]>(
  cursor: string | undefined,
  ...parts: P
): KeyOf<P> | null {
  if (cursor === undefined) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(key) &&
      key.length === parts.length &&
      parts.every((part, index) => fits(part, key[index]))
    ) {
      return key as unknown as KeyOf<P>;
    }
  } catch {
    // Falls through to the one answer below.
  }
  throw httpErrors.bad_cursor();
}

function fits(part: CursorPart, value: unknown): boolean {
  if (part === 'text') return typeof value === 'string' && isStorable(value);
  if (typeof value !== 'number') return false;
  if (part === 'real') return Math.abs(value) <= LARGEST_REAL;
  return Number.isSafeInteger(value) && (part === 'bigint' || Math.abs(value) <= LARGEST_INTEGER);
}

/** Cuts `limit + 1` fetched rows into a page and the cursor of the next one. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number)[],
  toItem: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? toCursor(keyOf(last)) : null;
  return { items: page.map((row) => toItem(row)), nextCursor };
}
