/** What the routes of the catalogue share. */
import type { Transaction } from 'kysely';
import type { Caller } from '#platform/access';
import type { JsonValue } from '#platform/json';
import type { MessagingTables } from '../tables.ts';
import { catalogueErrors } from './catalogue-errors.ts';

export type CatalogueTrx = Transaction<MessagingTables>;

/** An act in the audit trail: ids, states and counts alone. */
export type RecordAct = (
  trx: CatalogueTrx,
  caller: Caller,
  requestId: string,
  action: string,
  subject: { readonly kind: string; readonly id: string },
  details?: Readonly<Record<string, JsonValue>>,
) => Promise<void>;

/** A rejection says why. */
export function readDecision(body: { readonly approve: boolean; readonly reason?: string }) {
  if (!body.approve && body.reason === undefined) throw catalogueErrors.decision_reason_missing();
  return { approve: body.approve, reason: body.reason ?? null };
}
