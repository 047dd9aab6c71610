/** Batches begin as drafts: what is to be sent, and when. */
import { sql, type Kysely } from 'kysely';
import { personBehind, type Caller } from '#platform/access';
import { parseCursor, toPage } from '#platform/http/cursor';
import { newId } from '#platform/id';
import { loadSendable } from '../catalogue/versions.ts';
import type { Canary, BatchState, MessagingTables } from '../tables.ts';
import type { BatchDeps } from './batch-deps.ts';
import { batchErrors } from './batch-errors.ts';
import { filesOf, requireBatch, requireState, toBatch, type BatchRow } from './batch-row.ts';
import { isWithin, nextWithin, type SendingHours } from './quiet-hours.ts';

export interface BatchPlan {
  readonly name?: string;
  /** RFC 3339; null: as soon as it is approved. */
  readonly sendAt?: string | null;
  /** Moves a time in the night to the next morning instead of refusing it. */
  readonly moveToHours?: boolean;
  readonly validHours?: number;
  readonly canary?: { readonly rows: number; readonly stopAbovePercent: number } | null;
}

const DAYS_AHEAD = 35;

/** Throws the refusals of the catalogue, `batch_class`, `batch_send_at`, `batch_quiet_hours`. */
export async function createBatch(
  deps: BatchDeps,
  caller: Caller,
  input: BatchPlan & { readonly name: string; readonly templateVersionId: string },
  requestId: string,
): Promise<ReturnType<typeof toBatch>> {
  const db = deps.database.of<MessagingTables>('messaging');
  const { service, version } = await loadSendable(db, {
    organisationId: caller.organisation.id,
    space: caller.space,
    templateVersionId: input.templateVersionId,
    for: 'live',
  });
  if (version.class !== 'batch') {
    throw batchErrors.batch_class({ id: version.id, class: version.class });
  }
  const sendAt = readSendAt(deps, input, { from: service.sendFrom, until: service.sendUntil });
  const id = newId('bat');
  const row = await db.transaction().execute(async (trx) => {
    const made = await trx
      .insertInto('batch')
      .values({
        id,
        organisation_id: caller.organisation.id,
        space: caller.space,
        service_id: service.id,
        template_version_id: version.id,
        name: input.name,
        state: 'draft',
        send_at: sendAt?.toString() ?? null,
        valid_hours: input.validHours ?? 24,
        canary: canaryOf(input.canary),
        created_by: caller.actorId,
        creator_id: personBehind(caller),
        created_at: deps.clock.now().toString(),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await deps.audit.record(trx, {
      caller,
      action: 'messaging.batch_created',
      subject: { kind: 'batch', id },
      requestId,
    });
    return made;
  });
  return toBatch(row, []);
}

/** Changes name, time, validity or canary of a batch that is not sealed yet. */
export async function planBatch(
  deps: BatchDeps,
  caller: Caller,
  id: string,
  input: BatchPlan,
): Promise<ReturnType<typeof toBatch>> {
  const db = deps.database.of<MessagingTables>('messaging');
  return db.transaction().execute(async (trx) => {
    const batch = await requireBatch(trx, caller, id, true);
    requireState(batch, '變更/change', 'draft', 'checked');
    const hours = await hoursOf(trx, batch);
    const row = await trx
      .updateTable('batch')
      .set({
        ...(input.name !== undefined && { name: input.name }),
        ...(input.sendAt !== undefined && { send_at: readSendAt(deps, input, hours)?.toString() ?? null }),
        ...(input.validHours !== undefined && { valid_hours: input.validHours }),
        ...(input.canary !== undefined && { canary: canaryOf(input.canary) }),
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await deps.audit.record(trx, {
      caller,
      action: 'messaging.batch_planned',
      subject: { kind: 'batch', id },
      details: { changed: Object.keys(input) },
    });
    return toBatch(row, await filesOf(trx, id));
  });
}

export async function getBatch(
  db: Kysely<MessagingTables>,
  caller: Caller,
  id: string,
): Promise<ReturnType<typeof toBatch>> {
  return toBatch(await requireBatch(db, caller, id), await filesOf(db, id));
}

/** The caller's batches, newest first, without the readings of their files. */
export async function listBatches(
  db: Kysely<MessagingTables>,
  caller: Caller,
  query: {
    readonly limit?: number;
    readonly cursor?: string;
    readonly state?: BatchState;
    readonly serviceId?: string;
  },
): Promise<{ items: ReturnType<typeof toBatch>[]; nextCursor: string | null }> {
  const { limit = 50, cursor, state, serviceId } = query;
  const [before] = parseCursor(cursor, 'text') ?? [];
  const rows = await db
    .selectFrom('batch')
    .selectAll()
    .where('organisation_id', '=', caller.organisation.id)
    .where('space', '=', caller.space)
    .$if(state !== undefined, (q) => q.where('state', '=', state as BatchState))
    .$if(serviceId !== undefined, (q) => q.where('service_id', '=', serviceId as string))
    .$if(before !== undefined, (q) => q.where('id', '<', before as string))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(
    rows,
    limit,
    (row) => [row.id],
    (row) => toBatch(row, []),
  );
}

/** The hours of a batch's service. */
export async function hoursOf(db: Kysely<MessagingTables>, batch: BatchRow): Promise<SendingHours> {
  const { rows } = await sql<SendingHours>`
    select send_from::text as "from", send_until::text as "until" from messaging.service
    where id = ${batch.service_id}`.execute(db);
  return rows[0] as SendingHours;
}

const canaryOf = (canary: BatchPlan['canary']): string | null =>
  canary === undefined || canary === null
    ? null
    : JSON.stringify({ ...canary, chunkIds: [], passed: false } satisfies Canary);

function readSendAt(
  { clock }: Pick<BatchDeps, 'clock'>,
  { sendAt, moveToHours = false }: BatchPlan,
  hours: SendingHours,
): Temporal.Instant | null {
  if (sendAt === undefined || sendAt === null) return null;
  const at = Temporal.Instant.from(sendAt);
  const now = clock.now();
  const isPast = Temporal.Instant.compare(at, now.subtract({ minutes: 1 })) < 0;
  if (isPast || Temporal.Instant.compare(at, now.add({ hours: DAYS_AHEAD * 24 })) > 0) {
    throw batchErrors.batch_send_at({ sendAt });
  }
  if (isWithin(hours, at)) return at;
  const next = nextWithin(hours, at);
  if (moveToHours) return next;
  const short = (time: string): string => time.slice(0, 5);
  throw batchErrors.batch_quiet_hours({
    at: sendAt,
    from: short(hours.from),
    until: short(hours.until),
    next: next.toString(),
  });
}
