import { sql } from 'kysely';
import type { Database } from '../database.ts';
import type { JsonValue } from '../json.ts';

/** An event that a subscriber could not handle after all its attempts. */
export interface ParkedEvent {
  readonly id: string;
  readonly seq: number;
  readonly subscriber: string;
  readonly type: string;
  readonly payload: JsonValue;
  readonly organisationId: string | null;
  readonly createdAt: string;
  readonly parkedAt: string;
  readonly attempts: number;
  readonly errorCode: string;
  readonly error: string;
}

interface Row {
  readonly id: string;
  readonly seq: number;
  readonly subscriber: string;
  readonly type: string;
  readonly payload: JsonValue;
  readonly organisation_id: string | null;
  readonly created_at: Date;
  readonly parked_at: Date;
  readonly attempts: number;
  readonly error_code: string;
  readonly error: string;
}

/** One page of what is parked, newest event first. */
export async function listParked(
  database: Database,
  {
    limit,
    before,
  }: { readonly limit: number; readonly before?: { readonly seq: number; readonly subscriber: string } },
): Promise<ParkedEvent[]> {
  const { rows } = await sql<Row>`
    select id, seq, subscriber, type, payload, organisation_id, created_at, parked_at, attempts, error_code, error
    from outbox.delivery join outbox.event using (seq)
    where parked_at is not null
      and (${before === undefined} or (seq, subscriber) < (${before?.seq ?? 0}::bigint, ${before?.subscriber ?? ''}))
    order by seq desc, subscriber desc limit ${limit}`.execute(database.of('outbox'));
  return rows.map((row) => ({
    id: row.id,
    seq: row.seq,
    subscriber: row.subscriber,
    type: row.type,
    payload: row.payload,
    organisationId: row.organisation_id,
    createdAt: row.created_at.toISOString(),
    parkedAt: row.parked_at.toISOString(),
    attempts: row.attempts,
    errorCode: row.error_code,
    error: row.error,
  }));
}

/** Puts a parked event back in its subscriber's queue. */
export async function retryParked(database: Database, eventId: string, subscriber: string): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update outbox.delivery d set parked_at = null, attempts = 0, next_at = now()
    from outbox.event e
    where e.seq = d.seq and e.id = ${eventId} and d.subscriber = ${subscriber} and d.parked_at is not null`.execute(
    database.of('outbox'),
  );
  return numAffectedRows > 0n;
}
