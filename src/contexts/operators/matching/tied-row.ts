/** A row about a firm and the firm it was tied to. */
import type { MatchJudgement } from '../judgement.ts';
import type { MatchCandidate, MatchExplanation, MatchTier } from '../run-result.ts';
import type { RegisterFirm } from './registers.ts';
import type { AliasRow, FirmRow } from './source-rows.ts';

export interface Tied<Row> {
  readonly row: Row;
  readonly outcome: 'matched' | 'conflict' | 'ambiguous' | 'not-found' | 'unsure';
  /** The firm; on a conflict the firm of the number; null where nobody is identified. */
  readonly ubn: string | null;
  readonly explanation: MatchExplanation | null;
  readonly candidates: readonly MatchCandidate[];
  /** On a conflict, the firm that the name points to. */
  readonly pointsTo: RegisterFirm | null;
  readonly judgement: MatchJudgement | null;
}

export type TiedRow = Tied<FirmRow>;
export type TiedAlias = Tied<AliasRow>;

const plain = { candidates: [], pointsTo: null, judgement: null } as const;

/** A row that is the firm's. */
export function matchedTo(
  row: FirmRow,
  ubn: string,
  tier: MatchTier,
  score: number,
  features: MatchExplanation['features'],
): TiedRow {
  const explanation = { tier, score, features: { givenName: row.name, ...features }, runnerUp: null };
  return { ...plain, row, outcome: 'matched', ubn, explanation };
}

/** A row whose number and name disagree. */
export function conflicting(
  row: FirmRow,
  ubn: string,
  score: number,
  features: MatchExplanation['features'],
  pointsTo: RegisterFirm | null,
): TiedRow {
  const explanation = {
    tier: 'ubn-and-name',
    score,
    features: { givenName: row.name, ...features },
    runnerUp: null,
  } as const;
  return { ...plain, row, outcome: 'conflict', ubn, explanation, pointsTo };
}

/** A row that is tied to nobody. */
export function tiedToNobody<Row>(
  row: Row,
  outcome: 'ambiguous' | 'not-found' | 'unsure',
  candidates: readonly MatchCandidate[],
  judgement: MatchJudgement | null = null,
): Tied<Row> {
  return { ...plain, row, outcome, ubn: null, explanation: null, candidates, judgement };
}
