/** A person approves what was hashed, and nothing else. */
import { personBehind, type Caller } from '#platform/access';
import { loadSendable } from '../catalogue/versions.ts';
import type { MessagingTables } from '../tables.ts';
import type { BatchDeps } from './batch-deps.ts';
import { batchErrors } from './batch-errors.ts';
import { filesOf, requireBatch, requireState, toBatch } from './batch-row.ts';
import { nextWithin } from './quiet-hours.ts';
import { announce, APPROVAL_HOURS } from './seal-batch.ts';

/** Rows from which four eyes are needed where an agency set nothing. */
const FOUR_EYES_ROWS = 10_000;

/**
 * `contentHash` is the one that the approver was shown. Throws `batch_hash_differs`, `batch_four_eyes`,
 * `batch_approval_late`, `batch_quiet_hours`, and the refusals of the catalogue (withdrawn, paused).
 */
export async function approveBatch(
  deps: BatchDeps,
  caller: Caller,
  id: string,
  { contentHash, moveToHours = false }: { readonly contentHash: string; readonly moveToHours?: boolean },
  requestId: string,
) {
  const db = deps.database.of<MessagingTables>('messaging');
  return db.transaction().execute(async (trx) => {
    const batch = await requireBatch(trx, caller, id, true);
    requireState(batch, '核准/approve', 'sealed');
    if (batch.content_hash?.toString('hex') !== contentHash) throw batchErrors.batch_hash_differs();
    const policy = await trx
      .selectFrom('agency_policy')
      .select('four_eyes_rows')
      .where('organisation_id', '=', batch.organisation_id)
      .where('space', '=', batch.space)
      .executeTakeFirst();
    const threshold = policy?.four_eyes_rows ?? FOUR_EYES_ROWS;
    // Two keys of one person, or a person and their key, are not four eyes.
    const own = [batch.creator_id, batch.sealer_id, batch.created_by, batch.sealed_by];
    const isOwn = own.includes(personBehind(caller)) || own.includes(caller.actorId);
    if (batch.row_count >= threshold && isOwn) {
      throw batchErrors.batch_four_eyes({ rows: batch.row_count, threshold });
    }
    const { service } = await loadSendable(trx, {
      organisationId: batch.organisation_id,
      space: batch.space,
      templateVersionId: batch.template_version_id,
      for: 'live',
    });
    const now = deps.clock.now();
    const planned = Temporal.Instant.from((batch.send_at ?? batch.sealed_at ?? new Date()).toISOString());
    const latest = planned.add({ hours: APPROVAL_HOURS });
    if (Temporal.Instant.compare(now, latest) > 0) {
      throw batchErrors.batch_approval_late({ until: latest.toString() });
    }
    const start = Temporal.Instant.compare(planned, now) > 0 ? planned : now;
    const hours = { from: service.sendFrom, until: service.sendUntil };
    const within = nextWithin(hours, start);
    if (!within.equals(start) && !moveToHours) {
      throw batchErrors.batch_quiet_hours({
        at: start.toString(),
        from: hours.from.slice(0, 5),
        until: hours.until.slice(0, 5),
        next: within.toString(),
      });
    }
    const row = await trx
      .updateTable('batch')
      .set({
        state: 'approved',
        approved_by: caller.actorId,
        approved_at: now.toString(),
        ...(!within.equals(start) && { send_at: within.toString() }),
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const details = { rows: batch.row_count, hash: contentHash };
    await deps.audit.record(trx, {
      caller,
      action: 'messaging.batch_approved',
      subject: { kind: 'batch', id },
      details,
      requestId,
    });
    await announce(deps, trx, batch, 'messaging.batch_approved', details);
    return toBatch(row, await filesOf(trx, id));
  });
}
