import { createHash } from 'node:crypto';

/** A text in a line of a comparison: its beginning, its length in UTF-16 units and a digest of all of it. */
export function nameOf(text: string | null | undefined): string {
  if (text === null || text === undefined) return 'none';
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return `${JSON.stringify(text.slice(0, 6).toWellFormed())}…${text.length}#${digest}`;
}
