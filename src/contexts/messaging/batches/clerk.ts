/** Keeps batches moving: starts them to the second, minds the night and the canary, and ends them. */
import { sql } from 'kysely';
import { systemCaller } from '#platform/access';
import type { AnyTransaction } from '#platform/database';
import { AppError } from '#platform/errors';
import { createPoller, type Poller } from '#platform/poller';
import { returnParts } from '../catalogue/quota.ts';
import { loadSendable, type SendableService } from '../catalogue/versions.ts';
import { queueChunks } from '../chunk.ts';
import { endQueued } from '../dispatch/end-queued.ts';
import type { MessagingTables } from '../tables.ts';
import { VERIFY_JOB, type BatchDeps } from './batch-deps.ts';
import { batchErrors } from './batch-errors.ts';
import type { BatchRow } from './batch-row.ts';
import { releaseRest } from './control.ts';
import { hoursOf } from './create-batch.ts';
import { isWithin, nextWithin } from './quiet-hours.ts';
import { announce } from './seal-batch.ts';
import { failBatch } from './verify-batch.ts';

const EVERY_MS = 250;
/** Rounds between looks at batches under way. */
const WATCH_EVERY = 4;
/** Rows that a verification reads in a second, at least. */
const VERIFIED_PER_SECOND = 50_000;
const VERIFY_AHEAD_SECONDS = 20;
/** After its validity a batch waits so long for the last answers. */
const LAST_ANSWERS = { hours: 1 };

export function createClerk(deps: BatchDeps): Poller {
  let round = 0;
  return createPoller({
    everyMs: EVERY_MS,
    async work() {
      await startDue(deps);
      round += 1;
      if (round % WATCH_EVERY === 0) await watch(deps);
      return false;
    },
    onError: (error) => deps.log.error({ err: error }, 'the clerk of batches failed in a round'),
  });
}

/** Has due batches verified, and starts those that are. */
export async function startDue(deps: BatchDeps): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  const now = deps.clock.now().toString();
  const { rows } = await sql<BatchRow & { due: boolean }>`
    select batch.*, coalesce(send_at <= ${now}::timestamptz, true) as due from messaging.batch
    where state = 'approved' and coalesce(send_at, ${now}::timestamptz) <= ${now}::timestamptz
      + (${VERIFY_AHEAD_SECONDS} + row_count / ${VERIFIED_PER_SECOND}) * interval '1 second'
    order by coalesce(send_at, approved_at) limit 50`.execute(db);
  for (const batch of rows) {
    if (batch.verified_at === null) await askForVerification(deps, batch);
    else if (batch.due) await start(deps, batch);
  }
}

async function askForVerification(deps: BatchDeps, batch: BatchRow): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  const caller = { ...systemCaller('messaging.clerk'), space: batch.space };
  await db
    .transaction()
    .execute((trx) =>
      deps.jobs.enqueue(trx, { kind: VERIFY_JOB, input: { batchId: batch.id }, caller, key: batch.id }),
    );
}

async function start(deps: BatchDeps, batch: BatchRow): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  let service: SendableService;
  try {
    ({ service } = await loadSendable(db, {
      organisationId: batch.organisation_id,
      space: batch.space,
      templateVersionId: batch.template_version_id,
      for: 'live',
    }));
    const approver = batch.approved_by as string;
    if (!(await deps.mayApprove(approver, batch.organisation_id))) throw batchErrors.batch_approver_lost();
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    await failBatch(
      deps,
      batch,
      { zh: error.text('zh-TW'), en: error.text('en') },
      'messaging.batch_not_started',
    );
    return;
  }
  const now = deps.clock.now();
  const next = nextWithin({ from: service.sendFrom, until: service.sendUntil }, now);
  if (!next.equals(now)) {
    await db.updateTable('batch').set({ send_at: next.toString() }).where('id', '=', batch.id).execute();
    return;
  }
  const validUntil = now.add({ hours: batch.valid_hours });
  const isStarted = await db.transaction().execute(async (trx) => {
    const started = await trx
      .updateTable('batch')
      .set({ state: 'sending', started_at: now.toString(), valid_until: validUntil.toString() })
      .where('id', '=', batch.id)
      .where('state', '=', 'approved')
      .returning('id')
      .executeTakeFirst();
    if (started === undefined) return false;
    const { rows } = await sql<{ id: number; row_count: number; part_count: number }>`
      update messaging.chunk set not_before = ${now.toString()}, valid_until = ${validUntil.toString()}
      where batch_id = ${batch.id} returning id, row_count, part_count`.execute(trx);
    // Between verification and start nothing can be added to what was hashed.
    const rowSum = rows.reduce((sum, chunk) => sum + chunk.row_count, 0);
    const partSum = rows.reduce((sum, chunk) => sum + chunk.part_count, 0);
    if (rows.length !== batch.chunk_count || rowSum !== batch.row_count || partSum !== batch.part_count) {
      await trx
        .updateTable('batch')
        .set({ state: 'approved', verified_at: null, started_at: null })
        .where('id', '=', batch.id)
        .execute();
      return false;
    }
    const canary = new Set(batch.canary?.chunkIds);
    const ids = rows.map(({ id }) => id).sort((a, b) => a - b);
    await queueChunks(trx, batch.canary === null ? ids : ids.filter((id) => canary.has(id)));
    await deps.audit.record(trx, {
      caller: systemCaller('messaging.clerk'),
      action: 'messaging.batch_started',
      subject: { kind: 'batch', id: batch.id },
      details: { rows: batch.row_count },
    });
    return true;
  });
  if (isStarted) deps.wake();
}

/** Looks at batches under way: the night, the canary, and whether all is told. */
export async function watch(deps: BatchDeps): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  const rows = await db
    .selectFrom('batch')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('state', 'in', ['sending', 'paused', 'cancelled'])
    .orderBy('id')
    .limit(500)
    .execute();
  for (const batch of rows) {
    if (batch.state === 'cancelled') {
      await db.transaction().execute((trx) => endQueued(trx, deps.clock.now()));
    } else {
      await mindHours(deps, batch);
      if (batch.state === 'sending') await mindCanary(deps, batch);
    }
    await endWhenTold(deps, batch);
  }
}

async function mindHours(deps: BatchDeps, batch: BatchRow): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  const within = isWithin(await hoursOf(db, batch), deps.clock.now());
  const isAsleep = batch.pause_reason === 'quiet-hours';
  if (batch.state === 'sending' && !within) {
    await db
      .updateTable('batch')
      .set({ state: 'paused', pause_reason: 'quiet-hours' })
      .where('id', '=', batch.id)
      .where('state', '=', 'sending')
      .execute();
  } else if (batch.state === 'paused' && isAsleep && within) {
    await db
      .updateTable('batch')
      .set({ state: 'sending', pause_reason: null })
      .where('id', '=', batch.id)
      .where('pause_reason', '=', 'quiet-hours')
      .execute();
    deps.wake();
  }
}

async function mindCanary(deps: BatchDeps, batch: BatchRow): Promise<void> {
  const { canary } = batch;
  if (canary === null || canary.passed) return;
  const db = deps.database.of<MessagingTables>('messaging');
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ rows: number; ended: number; good: number }>`
      select (select sum(row_count)::integer from messaging.chunk where id = any (${[...canary.chunkIds]}::bigint[])) as rows,
        count(*)::integer as ended, (count(*) filter (where state = 'delivered'))::integer as good
      from messaging.outcome where chunk_id = any (${[...canary.chunkIds]}::bigint[])`.execute(trx);
    const [told] = rows;
    if (told === undefined || told.ended < told.rows) return;
    const failed = Math.round(((told.ended - told.good) * 100) / Math.max(1, told.ended));
    if (failed <= canary.stopAbovePercent) {
      await releaseRest(trx, batch);
      return;
    }
    const problem = {
      zh: `先行發送的 ${told.rows} 列有 ${failed}% 未送達（門檻 ${canary.stopAbovePercent}%），其餘暫停；請確認後繼續或取消。`,
      en: `${failed} % of the first ${told.rows} rows failed (limit ${canary.stopAbovePercent} %); the rest is held. Resume or cancel.`,
    };
    await trx
      .updateTable('batch')
      .set({ state: 'paused', pause_reason: 'canary', problem: JSON.stringify(problem) })
      .where('id', '=', batch.id)
      .where('state', '=', 'sending')
      .execute();
    await deps.notifications.notify(trx, {
      organisationId: batch.organisation_id,
      space: batch.space,
      kind: 'messaging.batch_paused',
      text: problem,
      link: `/console/messaging/batches/${batch.id}`,
    });
  });
  deps.wake();
}

interface Told {
  readonly accepted: number;
  readonly ended: number;
  readonly delivered: number;
  readonly unsent_parts: number;
  readonly queued: boolean;
}

/** What is known of a batch as a whole, from its tallies. */
async function toldOf(trx: AnyTransaction, batchId: string): Promise<Told> {
  const { rows } = await sql<Told>`
    select coalesce(sum(messages) filter (where kind = 'accepted'), 0)::bigint as accepted,
      coalesce(sum(messages) filter (where kind not in ('accepted', 'submitted')), 0)::bigint as ended,
      coalesce(sum(messages) filter (where kind = 'delivered'), 0)::bigint as delivered,
      coalesce(sum(parts) filter (where kind = 'cancelled' or cause = 'not_sent_in_time'), 0)::bigint as unsent_parts,
      exists (select from messaging.chunk_queue where batch_id = ${batchId}) as queued
    from messaging.tally where subject_id = ${batchId}`.execute(trx);
  return rows[0] as Told;
}

/** Ends a batch once: all outcomes are in, or its time is over; quota of what was never sent goes back. */
async function endWhenTold(deps: BatchDeps, seen: BatchRow): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  await db.transaction().execute(async (trx) => {
    const told = await toldOf(trx, seen.id);
    const now = deps.clock.now();
    const closing =
      seen.valid_until && Temporal.Instant.from(seen.valid_until.toISOString()).add(LAST_ANSWERS);
    const isOver = closing !== null && Temporal.Instant.compare(now, closing) > 0;
    const isHeld = seen.canary !== null && !seen.canary.passed && seen.state !== 'cancelled' && !isOver;
    const isCancelled = seen.state === 'cancelled';
    const isTold = told.ended >= told.accepted;
    if (told.queued || isHeld || !(isTold || isOver || isCancelled)) return;
    const batch = await trx
      .updateTable('batch')
      .set({ ended_at: now.toString(), ...(!isCancelled && { state: 'done', pause_reason: null }) })
      .where('id', '=', seen.id)
      .where('ended_at', 'is', null)
      .where('state', '=', seen.state)
      .returningAll()
      .executeTakeFirst();
    if (batch === undefined) return;
    if (told.unsent_parts > 0) {
      await returnParts(deps, trx, {
        organisationId: batch.organisation_id,
        space: batch.space,
        parts: told.unsent_parts,
        ...(batch.reserved_on !== null && { reservedOn: Temporal.PlainDate.from(batch.reserved_on) }),
      });
    }
    const figures = { accepted: told.accepted, delivered: told.delivered, ended: told.ended };
    await deps.audit.record(trx, {
      caller: systemCaller('messaging.clerk'),
      action: 'messaging.batch_finished',
      subject: { kind: 'batch', id: batch.id },
      details: figures,
    });
    await announce(deps, trx, batch, 'messaging.batch_finished', { state: batch.state, ...figures });
    await deps.notifications.notify(trx, {
      organisationId: batch.organisation_id,
      space: batch.space,
      kind: 'messaging.batch_finished',
      text: {
        zh: `批次結束：受理 ${told.accepted}，送達 ${told.delivered}`,
        en: `a batch has ended: ${told.accepted} accepted, ${told.delivered} delivered`,
      },
      link: `/console/messaging/batches/${batch.id}`,
    });
  });
}
