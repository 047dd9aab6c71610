/** Pause, resume, cancel. What a link has claimed stops within one window: its dispatcher looks at the state. */
import { sql } from 'kysely';
import type { Caller } from '#platform/access';
import type { AnyTransaction } from '#platform/database';
import { queueChunks } from '../chunk.ts';
import type { MessagingTables } from '../tables.ts';
import type { BatchDeps } from './batch-deps.ts';
import { hoursOf } from './create-batch.ts';
import { isWithin } from './quiet-hours.ts';
import { filesOf, requireBatch, requireState, toBatch, type BatchRow } from './batch-row.ts';

export type Control = 'pause' | 'resume' | 'cancel';

export async function controlBatch(
  deps: BatchDeps,
  caller: Caller,
  id: string,
  act: Control,
  requestId: string,
) {
  const db = deps.database.of<MessagingTables>('messaging');
  const answer = await db.transaction().execute(async (trx) => {
    const batch = await requireBatch(trx, caller, id, true);
    if (act === 'pause') {
      // Who pauses it in the night means that it stays so in the morning.
      if (batch.pause_reason !== 'quiet-hours') requireState(batch, '暫停/pause', 'sending');
      await set(trx, id, { state: 'paused', pause_reason: 'person' });
    } else if (act === 'resume') {
      requireState(batch, '繼續/resume', 'paused');
      // Somebody who resumes after a failed canary has looked at it.
      if (batch.pause_reason === 'canary') await releaseRest(trx, batch);
      const isDay = isWithin(await hoursOf(trx, batch), deps.clock.now());
      await set(trx, id, {
        state: isDay ? 'sending' : 'paused',
        pause_reason: isDay ? null : 'quiet-hours',
        problem: null,
      });
    } else {
      await cancel(deps, trx, batch);
    }
    await deps.audit.record(trx, {
      caller,
      action: `messaging.batch_${act === 'cancel' ? 'cancelled' : `${act}d`}`,
      subject: { kind: 'batch', id },
      details: { from: batch.state },
      requestId,
    });
    return toBatch(await requireBatch(trx, caller, id), await filesOf(trx, id));
  });
  deps.wake();
  return answer;
}

async function cancel(deps: BatchDeps, trx: AnyTransaction, batch: BatchRow): Promise<void> {
  requireState(batch, '取消/cancel', 'draft', 'checked', 'sealed', 'approved', 'sending', 'paused');
  const now = deps.clock.now().toString();
  const isSealed = batch.sealed_at !== null;
  // Chunks that were never queued go into the queue of a cancelled batch, where their rows are ended like all others.
  if (isSealed && batch.started_at === null) await queueAll(trx, batch.id);
  else if (isSealed && batch.canary !== null && !batch.canary.passed) await queueRest(trx, batch);
  await set(trx, batch.id, {
    state: 'cancelled',
    pause_reason: null,
    ...(!isSealed && { ended_at: now }),
  });
}

const set = (trx: AnyTransaction, id: string, values: Record<string, unknown>): Promise<unknown> =>
  trx.updateTable('batch').set(values).where('id', '=', id).execute();

async function queueAll(trx: AnyTransaction, batchId: string): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    select id from messaging.chunk where batch_id = ${batchId} order by id`.execute(trx);
  await queueChunks(
    trx,
    rows.map(({ id }) => id),
  );
}

async function queueRest(trx: AnyTransaction, batch: BatchRow): Promise<void> {
  const first = batch.canary?.chunkIds ?? [];
  const { rows } = await sql<{ id: number }>`
    select id from messaging.chunk where batch_id = ${batch.id} and id <> all (${[...first]}::bigint[])
      and retry_of is null order by id`.execute(trx);
  await queueChunks(
    trx,
    rows.map(({ id }) => id),
  );
}

/** Queues what waited for the canary. */
export async function releaseRest(trx: AnyTransaction, batch: BatchRow): Promise<void> {
  if (batch.canary === null || batch.canary.passed) return;
  await queueRest(trx, batch);
  await set(trx, batch.id, { canary: JSON.stringify({ ...batch.canary, passed: true }) });
}
