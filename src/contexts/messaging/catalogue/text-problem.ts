/** What is wrong with a text or a value. */
import type { Bilingual } from '#platform/errors';

/** `refuse`: the text is not sent; `warn`: a person should look. Messages hold nothing of the text itself. */
export interface TextProblem extends Bilingual {
  readonly code: string;
  readonly level: 'refuse' | 'warn';
  /** Where it stands, in UTF-16 units of the text; left out where it concerns the whole. */
  readonly at?: { readonly start: number; readonly end: number };
}

type Definitions = Readonly<Record<string, Omit<TextProblem, 'code' | 'at'>>>;

/** A function that makes the problems of a list; the same object for every text where the place is not told. */
export function defineProblems<const D extends Definitions>(
  definitions: D,
): (code: keyof D & string, at?: TextProblem['at']) => TextProblem {
  const plain = new Map<string, TextProblem>(
    Object.entries(definitions).map(([code, definition]) => [code, { code, ...definition }]),
  );
  return (code, at) => {
    const problem = plain.get(code) as TextProblem;
    return at === undefined ? problem : { ...problem, at };
  };
}
