/**
 * What officers decided. Judgements stand apart from facts: they name a row by what it says (its name, its number,
 * its source), not by where it stands in a file, so that they survive every later import.
 */
import Type from 'typebox';
import { Value } from 'typebox/value';

const optionalText = Type.Optional(Type.String());
const decided = { by: optionalText, on: optionalText, note: optionalText };
const verdict = Type.Union([Type.Literal('same'), Type.Literal('not-same'), Type.Literal('unsure')]);

/** Rows with this name (and number, and source, where given) are, or are not, the firm `ubn`. */
const MatchJudgement = Type.Object({
  kind: Type.Literal('match'),
  name: Type.String({ minLength: 1 }),
  rowUbn: optionalText,
  source: optionalText,
  ubn: Type.String({ pattern: '^\\d{8}$' }),
  verdict,
  ...decided,
});

/** Two names or domains on the shop side (police list, measures, traffic) are, or are not, one shop. */
const ShopJudgement = Type.Object({
  kind: Type.Literal('shop'),
  name: Type.String({ minLength: 1 }),
  other: Type.String({ minLength: 1 }),
  verdict,
  ...decided,
});

/** The firm does or does not carry on third-party payment, whatever the evidence says. */
const OperatingJudgement = Type.Object({
  kind: Type.Literal('operating'),
  ubn: Type.String({ pattern: '^\\d{8}$' }),
  verdict: Type.Union([Type.Literal('operating'), Type.Literal('not-operating')]),
  ...decided,
});

const JudgementShape = Type.Union([MatchJudgement, ShopJudgement, OperatingJudgement]);

export type MatchJudgement = Type.Static<typeof MatchJudgement>;
export type ShopJudgement = Type.Static<typeof ShopJudgement>;
export type OperatingJudgement = Type.Static<typeof OperatingJudgement>;
export type Judgement = Type.Static<typeof JudgementShape>;

export class JudgementError extends Error {}

/** Reads a list of judgements from parsed JSON. Throws `JudgementError` that names the first that is none. */
export function parseJudgements(value: unknown): Judgement[] {
  if (!Array.isArray(value)) throw new JudgementError('judgements: a JSON array is expected');
  for (const [index, item] of value.entries()) {
    if (!Value.Check(JudgementShape, item)) {
      throw new JudgementError(
        `judgements: number ${index + 1} is none of: ` +
          '{kind: "match", name, ubn, verdict: same | not-same | unsure}, {kind: "shop", name, other, verdict}, ' +
          '{kind: "operating", ubn, verdict: operating | not-operating}',
      );
    }
  }
  return value as Judgement[];
}
