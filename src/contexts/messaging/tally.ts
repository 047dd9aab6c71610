/** Counters of what happened to messages, raised in the transaction that appends the facts. */
import { sql } from 'kysely';
import type { AnyTransaction } from '#platform/database';

/**
 * What is counted. `accepted` − everything that ended = waiting or under way; `submitted` are those that a telecom took,
 * and the outcomes are final. `retried` takes failed or unknown ones back to waiting.
 */
export type TallyKind =
  | 'accepted'
  | 'submitted'
  | 'delivered'
  | 'undelivered'
  | 'expired'
  | 'rejected'
  | 'unknown'
  | 'cancelled';

export interface TallyRise {
  /** A batch, or the service of single texts. */
  readonly subjectId: string;
  readonly linkId?: string;
  readonly kind: TallyKind;
  readonly cause?: string;
  /** May be negative where an outcome is corrected (unknown → delivered) or a failed message is tried again. */
  readonly messages: number;
  readonly parts: number;
}

/** Adds up equal rises and writes them in one statement, in a fixed order so that writers cannot deadlock. */
export async function raiseTallies(trx: AnyTransaction, rises: readonly TallyRise[]): Promise<void> {
  const sums = new Map<string, { readonly rise: TallyRise; messages: number; parts: number }>();
  for (const rise of rises) {
    const key = [rise.subjectId, rise.linkId ?? '', rise.kind, rise.cause ?? ''].join('\u0000');
    const sum = sums.get(key) ?? { rise, messages: 0, parts: 0 };
    sum.messages += rise.messages;
    sum.parts += rise.parts;
    sums.set(key, sum);
  }
  const ordered = [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
  if (ordered.length === 0) return;
  await sql`
    insert into messaging.tally (subject_id, link_id, hour, kind, cause, messages, parts)
    select subject_id, link_id, date_trunc('hour', now()), kind, cause, messages, parts
    from unnest(
      ${ordered.map(({ rise }) => rise.subjectId)}::text[],
      ${ordered.map(({ rise }) => rise.linkId ?? '')}::text[],
      ${ordered.map(({ rise }) => rise.kind)}::text[],
      ${ordered.map(({ rise }) => rise.cause ?? '')}::text[],
      ${ordered.map(({ messages }) => messages)}::bigint[],
      ${ordered.map(({ parts }) => parts)}::bigint[]
    ) as rise (subject_id, link_id, kind, cause, messages, parts)
    on conflict (subject_id, link_id, hour, kind, cause)
    do update set messages = tally.messages + excluded.messages, parts = tally.parts + excluded.parts`.execute(
    trx,
  );
}
