import { sql } from 'kysely';
import type { AnyTransaction, Database } from '../database.ts';
import { describeFailure } from '../failure.ts';
import type { JsonValue } from '../json.ts';
import type { Log } from '../log.ts';
import type { OutboxEvent, Subscription } from './outbox.ts';

export interface DeliveryOptions {
  readonly handlerTimeoutMs: number;
  readonly retryMs: number;
  /** True to try again at once what has failed before. */
  readonly now?: boolean;
}

/** Events in one transaction at most; fewer where they take long, as all are handled again when one fails. */
const BATCH = 50;
const BATCH_MS = 200;
const MAX_ATTEMPTS = 8;
const MAX_RETRY_MS = 60_000;

interface Row {
  readonly seq: number;
  readonly attempts: number;
  readonly due: boolean;
  readonly id: string;
  readonly type: string;
  readonly payload: JsonValue;
  readonly organisation_id: string | null;
  readonly space: 'test' | 'live' | null;
  readonly created_at: Date;
}

/** A handler threw: which event of the batch it was, and what. */
class HandlerFailure extends Error {
  readonly row: Row;
  readonly place: number;
  constructor(row: Row, place: number, cause: unknown) {
    super('handler failed', { cause });
    this.row = row;
    this.place = place;
  }
}

/**
 * Hands the next due events of one subscriber to it, in order, in one transaction with their marks. When a handler
 * fails, everything of the batch is undone and the events before it are delivered again without it. One process at a
 * time serves a subscriber: an advisory lock that ends with the transaction, also when the process dies.
 * Answers true where more may be due.
 */
export async function deliverBatch(
  database: Database,
  log: Log,
  subscription: Subscription,
  options: DeliveryOptions,
): Promise<boolean> {
  let size = BATCH;
  for (;;) {
    try {
      return await attempt(database, subscription, options, size);
    } catch (error) {
      if (!(error instanceof HandlerFailure)) throw error;
      if (error.place === 0) {
        await recordFailure(database, log, subscription, error, options);
        return true;
      }
      size = error.place;
    }
  }
}

async function attempt(
  database: Database,
  subscription: Subscription,
  options: DeliveryOptions,
  size: number,
): Promise<boolean> {
  return database
    .of('outbox')
    .transaction()
    .execute(async (transaction) => {
      if (!(await takeTurn(transaction, subscription.name, options.handlerTimeoutMs))) return false;
      const rows = await nextRows(transaction, subscription.name, size);
      const started = performance.now();
      const handled: number[] = [];
      let waiting = false;
      for (const row of rows) {
        waiting = !row.due && options.now !== true;
        // What failed before goes alone, so that its next failure undoes nobody else's work.
        if (waiting || (row.attempts > 0 && handled.length > 0) || performance.now() - started > BATCH_MS)
          break;
        try {
          await within(options.handlerTimeoutMs, subscription.handle(transaction, toEvent(row)));
        } catch (cause) {
          throw new HandlerFailure(row, handled.length, cause);
        }
        handled.push(row.seq);
        if (row.attempts > 0) break;
      }
      if (handled.length > 0) {
        try {
          await sql`delete from outbox.delivery where subscriber = ${subscription.name} and seq = any(${handled}::bigint[])`.execute(
            transaction,
          );
        } catch (cause) {
          // A handler that swallowed a failed statement leaves the transaction unusable.
          const last = rows[handled.length - 1];
          throw last === undefined ? cause : new HandlerFailure(last, handled.length - 1, cause);
        }
      }
      return !waiting && handled.length > 0 && (handled.length < rows.length || rows.length === size);
    });
}

async function takeTurn(transaction: AnyTransaction, name: string, timeoutMs: number): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`outbox:${name}`}, 0)) as mine,
      set_config('statement_timeout', ${String(timeoutMs)}, true),
      set_config('idle_in_transaction_session_timeout', ${String(timeoutMs * 2)}, true)`.execute(transaction);
  return rows[0]?.mine === true;
}

async function nextRows(transaction: AnyTransaction, name: string, size: number): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select seq, attempts, next_at <= now() as due, id, type, payload, organisation_id, space, created_at
    from outbox.delivery join outbox.event using (seq)
    where subscriber = ${name} and parked_at is null order by seq limit ${size}`.execute(transaction);
  return rows;
}

async function recordFailure(
  database: Database,
  log: Log,
  subscription: Subscription,
  { row, cause }: HandlerFailure,
  options: DeliveryOptions,
): Promise<void> {
  const failure = describeFailure(cause);
  const attempts = row.attempts + 1;
  const parked = !failure.retryable || attempts >= (subscription.maxAttempts ?? MAX_ATTEMPTS);
  const wait = Math.min(options.retryMs * 2 ** row.attempts, MAX_RETRY_MS);
  await sql`
    update outbox.delivery set attempts = ${attempts}, next_at = now() + ${wait} * interval '1 millisecond',
      error_code = ${failure.code}, error = ${failure.en}, parked_at = ${parked ? sql`now()` : null}
    where subscriber = ${subscription.name} and seq = ${row.seq} and attempts = ${row.attempts}`.execute(
    database.of('outbox'),
  );
  const line = {
    subscriber: subscription.name,
    event: row.id,
    type: row.type,
    attempts,
    code: failure.code,
    detail: failure.en,
  };
  if (parked) log.error(line, 'event parked');
  else log.warn(line, 'event will be tried again');
}

function toEvent(row: Row): OutboxEvent {
  return {
    id: row.id,
    type: row.type,
    payload: row.payload,
    organisationId: row.organisation_id,
    space: row.space,
    createdAt: Temporal.Instant.fromEpochMilliseconds(row.created_at.getTime()),
  };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new DOMException('the handler took too long', 'TimeoutError')),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
