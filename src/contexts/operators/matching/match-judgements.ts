/** The judgements of officers on rows: which of them speak of a row, and what they say. */
import { foldText } from '#shared/company-name';
import type { Judgement, MatchJudgement } from '../judgement.ts';
import type { FirmRow } from './source-rows.ts';

export class MatchJudgements {
  readonly #byName: ReadonlyMap<string, readonly MatchJudgement[]>;
  readonly numbers: readonly string[];

  /** Of several judgements on the same rows and firm the last one stands. */
  constructor(judgements: readonly Judgement[]) {
    const last = new Map<string, MatchJudgement>();
    for (const judgement of judgements) {
      if (judgement.kind !== 'match') continue;
      const { name, rowUbn, source, ubn } = judgement;
      const key = [foldText(name), rowUbn, source, ubn].join('|');
      last.delete(key);
      last.set(key, judgement);
    }
    this.#byName = Map.groupBy(last.values(), (judgement) => foldText(judgement.name));
    this.numbers = [...last.values()].map((judgement) => judgement.ubn);
  }

  /** The firm that an officer said the row is. */
  same(row: FirmRow): MatchJudgement | undefined {
    return this.#on(row).findLast((judgement) => judgement.verdict === 'same');
  }

  unsure(row: FirmRow): MatchJudgement | undefined {
    return this.#on(row).findLast((judgement) => judgement.verdict === 'unsure');
  }

  /** The firms that an officer said the row is not. */
  excluded(row: FirmRow): ReadonlySet<string> {
    const denied = this.#on(row).filter((judgement) => judgement.verdict === 'not-same');
    return new Set(denied.map((judgement) => judgement.ubn));
  }

  #on(row: FirmRow): readonly MatchJudgement[] {
    if (row.name === null || this.#byName.size === 0) return [];
    return (this.#byName.get(foldText(row.name)) ?? []).filter(
      (judgement) =>
        (judgement.source === undefined || judgement.source === row.source) &&
        (judgement.rowUbn === undefined || judgement.rowUbn === row.ubn),
    );
  }
}
