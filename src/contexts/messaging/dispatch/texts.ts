/** Template versions as the dispatcher needs them. */
import type { Database } from '#platform/database';
import { loadSendable } from '../catalogue/versions.ts';
import type { MessagingTables } from '../tables.ts';
import type { Texts } from './chunk-run.ts';
import type { ClaimDeps } from './claim.ts';

/** Milliseconds for which a version is taken as sendable without a look. */
const HOLDS_MS = 2000;
const MOST = 1000;

/** Loads versions, each for two seconds at a time; null for one that may no longer be sent. */
export function loadTexts(database: Database): ClaimDeps['textsOf'] {
  const db = database.of<MessagingTables>('messaging');
  const known = new Map<string, { readonly texts: Texts | null; readonly at: number }>();
  return async (chunk) => {
    const key = `${chunk.organisationId} ${chunk.space} ${chunk.templateVersionId}`;
    const remembered = known.get(key);
    if (remembered !== undefined && performance.now() - remembered.at < HOLDS_MS) return remembered.texts;
    const texts = await loadSendable(db, chunk).then(
      ({ fields, compose }): Texts => ({ fields: fields.map(({ name }) => name), compose }),
      (error: unknown) => {
        const code = (error as { code?: unknown }).code;
        // A service that is paused keeps its chunks; a version that is gone ends them.
        if (typeof code !== 'string' || !code.startsWith('messaging.') || code === 'messaging.service_paused')
          throw error;
        return null;
      },
    );
    if (known.size >= MOST) known.clear();
    known.set(key, { texts, at: performance.now() });
    return texts;
  };
}
