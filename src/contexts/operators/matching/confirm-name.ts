/**
 * Does the name in a row confirm the number beside it? One digit in seven can be mistyped without the check of the
 * number failing, so a number counts only with a name that could be its firm's.
 */
import { parseCompanyName, similarity } from '#shared/company-name';
import { editDistance } from './edit-distance.ts';
import { distinctivePart, isGeneric } from './generic-words.ts';

export interface Confirmation {
  readonly kind: 'equal' | 'equal-core' | 'alias' | 'abbreviation' | 'slip' | 'similar' | 'different';
  /** 0..1 */
  readonly similarity: number;
  /** The name of the firm that came nearest. */
  readonly name: string;
}

const rank = ['equal', 'equal-core', 'alias', 'abbreviation', 'slip', 'similar', 'different'] as const;

/** Compares a row's name with every name the firm is known by; the best answer counts. */
export function confirmName(
  given: string,
  known: readonly string[],
  aliases: readonly string[],
  threshold: number,
): Confirmation {
  const answers = [
    ...known.map((name) => compare(given, name, threshold)),
    ...aliases.map((name) => asAlias(compare(given, name, threshold))),
  ];
  const [best] = answers.toSorted(
    (a, b) => rank.indexOf(a.kind) - rank.indexOf(b.kind) || b.similarity - a.similarity,
  );
  return best ?? { kind: 'different', similarity: 0, name: '' };
}

/** A brand or former name confirms as itself, not as the firm's name; a merely similar one does not confirm. */
function asAlias(answer: Confirmation): Confirmation {
  const confirms = answer.kind !== 'similar' && answer.kind !== 'different';
  return { ...answer, kind: confirms ? 'alias' : 'different' };
}

function compare(given: string, known: string, threshold: number): Confirmation {
  const a = parseCompanyName(given);
  const b = parseCompanyName(known);
  const alike = Math.round(similarity(a.core, b.core) * 10000) / 10000;
  const answer = (kind: Confirmation['kind']): Confirmation => ({ kind, similarity: alike, name: known });
  if (a.full === b.full) return answer('equal');
  if (a.core === b.core) return answer('equal-core');
  if (standsFor(a.core, b.core) || standsFor(b.core, a.core)) return answer('abbreviation');
  const distance = editDistance(a.core, b.core);
  const length = Math.min(Array.from(a.core).length, Array.from(b.core).length);
  if (distance <= 1 && length >= 3) return answer('slip');
  const [left, right] = [distinctivePart(a.core), distinctivePart(b.core)];
  const apart = editDistance(left, right) / Math.max(Array.from(left).length, Array.from(right).length);
  return answer(alike >= threshold && apart <= 0.5 ? 'similar' : 'different');
}

/** Does a short core stand for a long one: the same beginning, and generic words or at least four characters in common? */
export function standsFor(short: string, long: string): boolean {
  const length = Array.from(short).length;
  if (length < 2 || Array.from(long).length <= length) return false;
  if (long.startsWith(short) && isGeneric(long.slice(short.length))) return true;
  return length >= 4 && long.includes(short) && !isGeneric(short);
}
