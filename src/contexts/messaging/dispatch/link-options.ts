/** Options of a link as they are stored; kept in `link.options`, all with a default. */
import Value from 'typebox/value';
import { linkOptionsSchema, type LinkOptions } from './link-options-contract.ts';

export type { LinkOptions } from './link-options-contract.ts';

/** Stored options with the defaults of what they leave out. */
export function linkOptionsOf(stored: unknown): LinkOptions {
  return Value.Default(linkOptionsSchema, structuredClone(stored ?? {})) as LinkOptions;
}

/** True where a link with these options takes the numbers of another telecom. */
export function acceptsOf(stored: unknown, telecom: string): boolean {
  const { accepts } = linkOptionsOf(stored);
  return accepts === 'all' || accepts.includes(telecom);
}
