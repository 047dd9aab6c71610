import type { MatchRow } from '../contract.ts';

/** A firm that a row may belong to. */
export interface Firm {
  readonly ubn: string;
  readonly name: string;
  readonly address: string | null;
  readonly gone: boolean;
  /** 0..1; null where the row itself names it and no score was made. */
  readonly score: number | null;
}

/** What a row calls itself: its name, else the number that it gives; empty where it has neither. */
export function rowTitle(match: MatchRow): string {
  const { ubn } = match.row.values;
  return match.name === '' && typeof ubn === 'string' ? ubn : match.name;
}

/** Every firm that a match speaks of, the one it was tied to first, none twice. */
export function firmsOf(match: MatchRow): Firm[] {
  const firms = new Map<string, Firm>();
  const known = new Map(match.candidates.map((candidate) => [candidate.ubn, candidate]));
  if (match.ubn !== null && !known.has(match.ubn)) {
    const named = match.explanation?.features['registerName'];
    firms.set(match.ubn, {
      ubn: match.ubn,
      name: typeof named === 'string' ? named : match.name,
      address: null,
      gone: false,
      score: match.explanation?.score ?? null,
    });
  }
  const tied = match.ubn === null ? undefined : known.get(match.ubn);
  for (const candidate of tied === undefined ? match.candidates : [tied, ...match.candidates])
    if (!firms.has(candidate.ubn)) firms.set(candidate.ubn, candidate);
  const runnerUp = match.explanation?.runnerUp ?? null;
  if (runnerUp !== null && runnerUp.ubn !== null && !firms.has(runnerUp.ubn))
    firms.set(runnerUp.ubn, { ...runnerUp, ubn: runnerUp.ubn, address: null, gone: false });
  return [...firms.values()];
}
