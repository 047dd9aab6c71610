import { createHash } from 'node:crypto';
import { foldText } from '#shared/company-name';
import type { Judgement } from './judgement.ts';
import type { Match } from './run-result.ts';

/** Names a row by what it says, not by where it stands, so that a judgement finds it again after every import. */
export function matchKey(match: Match): string {
  const said = [
    match.row.source,
    foldText(match.name),
    match.row.values['ubn'] ?? match.row.values['ubnRejected'] ?? '',
  ];
  return `mk_${createHash('sha256').update(said.join('|')).digest('hex').slice(0, 32)}`;
}

/** Does a person have to look at it? Conflicts, ties, and names that only resemble. */
export function needsJudgement(match: Match): boolean {
  if (match.outcome === 'conflict' || match.outcome === 'ambiguous' || match.outcome === 'unsure')
    return true;
  if (match.outcome === 'not-found')
    return match.row.source !== 'hardening_measure' && match.row.source !== 'traffic';
  const tier = match.explanation?.tier;
  return tier === 'similar-name' || tier === 'abbreviation' || tier === 'head-office';
}

/** A verdict on a match as the engine reads it. */
export function toJudgement(match: Match, verdict: 'same' | 'not-same' | 'unsure', ubn: string): Judgement {
  const rowUbn = match.row.values['ubn'] ?? match.row.values['ubnRejected'];
  return {
    kind: 'match',
    name: match.name,
    ...(typeof rowUbn === 'string' && { rowUbn }),
    source: match.row.source,
    ubn,
    verdict,
  };
}
