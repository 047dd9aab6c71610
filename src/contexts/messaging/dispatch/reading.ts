import { systemCaller } from '#platform/access';
import type { Reading } from '#platform/vault/vault';
import legalBasis from '../legal-basis.json' with { type: 'json' };

/** How the dispatcher reads numbers and field values: to do what the agency asked for, and nothing else. */
export const readingChunks: Reading = {
  caller: systemCaller('messaging.dispatch'),
  legalBasis: legalBasis.dispatch,
};
