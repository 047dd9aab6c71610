import { isoDay, oneOf, text } from '#web/index';
import { findingStates, severities, statuses } from './words.ts';

/* What the addresses of the pages hold. They stand apart from the pages, so that these load only when opened. */

/** The newest run and the one that replaces it, after a judgement or a change of weights. */
const recomputed = { run: text(60), before: text(60) };

export const reconciliationSearch = { run: text(60), part: text(20) };
export const findingsSearch = {
  rule: text(80),
  severity: oneOf(...severities),
  state: oneOf(...findingStates, 'all'),
  q: text(80),
};
export const operatorsSearch = {
  run: text(60),
  status: oneOf(...statuses, 'all'),
  step: text(80),
  q: text(80),
};
export const operatorSearch = { validOn: isoDay(), knownOn: isoDay(), ...recomputed };
export const matchesSearch = { outcome: text(30), show: oneOf('all'), ...recomputed };
export const judgeSearch = { key: text(80), ...recomputed };
export const importSearch = {
  change: oneOf('appeared', 'changed', 'vanished'),
  changes: text(400),
  rejected: text(400),
};
export const compareSearch = { before: text(60), after: text(60) };
export const rulesSearch = { asOf: isoDay(), ...recomputed };
