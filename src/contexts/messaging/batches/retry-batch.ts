/**
 * Sends failed rows once more: new chunks that name the rows they repeat, so that facts of the first try stay. In the
 * tallies a repeated row goes from its outcome back to waiting. Repeated rows are known by their chunk, so a job that
 * starts over repeats none twice.
 */
import { sql } from 'kysely';
import type { Caller } from '#platform/access';
import { TAIPEI } from '#platform/clock';
import type { AnyTransaction } from '#platform/database';
import type { JobContext, JobDefinition } from '#platform/jobs/jobs';
import { reserveParts } from '../catalogue/quota.ts';
import { loadSendable, type SendableService } from '../catalogue/versions.ts';
import { decodeChunk, queueChunks, writeChunks, type ChunkContent } from '../chunk.ts';
import legalBasis from '../legal-basis.json' with { type: 'json' };
import type { MessagingTables, OutcomeState } from '../tables.ts';
import { raiseTallies, type TallyRise } from '../tally.ts';
import { RETRY_JOB, type BatchDeps } from './batch-deps.ts';
import { batchErrors } from './batch-errors.ts';
import { filesOf, requireBatch, requireState, toBatch, type BatchRow } from './batch-row.ts';
import { nextWithin } from './quiet-hours.ts';

interface Input {
  readonly [key: string]: string | boolean;
  readonly batchId: string;
  readonly unknown: boolean;
}

const PAGE = 50;

/** `unknown`: those of unknown outcome too, where the template allows a second time. */
export async function retryBatch(
  deps: BatchDeps,
  caller: Caller,
  id: string,
  { unknown }: { readonly unknown: boolean },
  requestId: string,
) {
  const db = deps.database.of<MessagingTables>('messaging');
  const sendable = await db.transaction().execute(async (trx) => {
    const batch = await requireBatch(trx, caller, id);
    return loadSendable(trx, {
      organisationId: batch.organisation_id,
      space: batch.space,
      templateVersionId: batch.template_version_id,
      for: 'live',
    });
  });
  const withUnknown = unknown && sendable.version.outcomePolicy === 'at-least-once';
  return db.transaction().execute(async (trx) => {
    const batch = await requireBatch(trx, caller, id, true);
    requireState(batch, '重送/retry', 'sending', 'done');
    if ((await failedRows(trx, id, withUnknown, 0)).length === 0) throw batchErrors.batch_nothing_to_retry();
    await deps.jobs.enqueue(trx, {
      kind: RETRY_JOB,
      input: { batchId: id, unknown: withUnknown },
      caller,
      key: id,
    });
    await deps.audit.record(trx, {
      caller,
      action: 'messaging.batch_retried',
      subject: { kind: 'batch', id },
      details: { unknown: withUnknown },
      requestId,
    });
    return toBatch(batch, await filesOf(trx, id));
  });
}

export function retryJob(deps: BatchDeps): JobDefinition<Input> {
  return {
    title: { zh: '重送失敗的簡訊', en: 'Retrying failed texts' },
    concurrency: 1,
    run: (context) => run(deps, context),
  };
}

async function run(deps: BatchDeps, context: JobContext<Input>): Promise<{ rows: number }> {
  const { caller, input, signal } = context;
  const db = deps.database.of<MessagingTables>('messaging');
  const batch = await requireBatch(db, caller, input.batchId);
  const { service } = await loadSendable(db, {
    organisationId: batch.organisation_id,
    space: batch.space,
    templateVersionId: batch.template_version_id,
    for: 'live',
  });
  // Only what had failed when the job began: a row that fails again at once is not repeated for ever.
  const { rows: newest } = await sql<{ id: number }>`
    select coalesce(max(id), 0)::bigint as id from messaging.chunk where batch_id = ${batch.id}`.execute(db);
  let after = 0;
  let rows = 0;
  for (;;) {
    signal.throwIfAborted();
    const page = await db
      .transaction()
      .execute((trx) => retryPage(deps, trx, context, batch, service, after, newest[0]!.id));
    if (page === null) return { rows };
    after = page.last;
    rows += page.rows;
    deps.wake();
    await context.progress(rows, null);
  }
}

interface FailedRow {
  readonly chunk_id: number;
  readonly vault_id: string;
  readonly rows: number[];
  readonly states: OutcomeState[];
  readonly causes: (string | null)[];
  readonly links: (string | null)[];
}

/** Failed rows by chunk whose newest try they are. */
async function failedRows(
  trx: AnyTransaction,
  batchId: string,
  unknown: boolean,
  after: number,
  until = Number.MAX_SAFE_INTEGER,
): Promise<FailedRow[]> {
  const states = ['undelivered', 'expired', 'rejected', ...(unknown ? ['unknown'] : [])];
  const { rows } = await sql<FailedRow>`
    select chunk.id as chunk_id, chunk.vault_id, array_agg(o.row::integer order by o.row) as rows,
      array_agg(o.state order by o.row) as states, array_agg(o.cause order by o.row) as causes,
      array_agg(o.link_id order by o.row) as links
    from messaging.chunk join messaging.outcome o on o.chunk_id = chunk.id
    where chunk.batch_id = ${batchId} and chunk.id > ${after} and chunk.id <= ${until} and o.state = any (${states}::text[])
      and not exists (select from messaging.chunk again
        where again.retry_of = chunk.id and o.row = any (again.retry_rows))
    group by chunk.id, chunk.vault_id order by chunk.id limit ${PAGE}`.execute(trx);
  return rows;
}

async function retryPage(
  deps: BatchDeps,
  trx: AnyTransaction,
  { caller, input }: JobContext<Input>,
  batch: BatchRow,
  service: SendableService,
  after: number,
  until: number,
): Promise<{ last: number; rows: number } | null> {
  const failed = await failedRows(trx, batch.id, input.unknown, after, until);
  if (failed.length === 0) return null;
  const values = await deps.vault.readMany(
    trx,
    failed.map((chunk) => chunk.vault_id),
    { caller, legalBasis: legalBasis.sealed },
  );
  const now = deps.clock.now();
  const notBefore = nextWithin({ from: service.sendFrom, until: service.sendUntil }, now);
  const validUntil = notBefore.add({ hours: batch.valid_hours });
  const deleteBy = validUntil.toZonedDateTimeISO(TAIPEI).toPlainDate().add({ days: service.retentionDays });
  const rises: TallyRise[] = [];
  const chunks = [];
  let parts = 0;
  for (const chunk of failed) {
    const content = decodeChunk(values.get(chunk.vault_id) as string);
    const telecoms = await deps.router.telecomOf(
      chunk.rows.map((row) => content.numbers[row] as string),
      batch.space,
    );
    for (const [telecom, places] of Map.groupBy(chunk.rows.keys(), (place) => telecoms[place] as string)) {
      const rows = places.map((place) => chunk.rows[place] as number);
      chunks.push({
        organisationId: batch.organisation_id,
        space: batch.space,
        serviceId: batch.service_id,
        templateVersionId: batch.template_version_id,
        batchId: batch.id,
        class: 'batch' as const,
        telecom,
        content: pick(content, rows),
        notBefore,
        validUntil,
        deleteBy,
        retry: { of: chunk.chunk_id, rows, possibleDuplicate: input.unknown },
      });
    }
    chunk.rows.forEach((row, place) => {
      const count = content.parts[row] as number;
      parts += count;
      const linkId = chunk.links[place] ?? undefined;
      rises.push({
        subjectId: batch.id,
        kind: chunk.states[place] as OutcomeState,
        cause: chunk.causes[place] ?? '',
        ...(linkId !== undefined && { linkId }),
        messages: -1,
        parts: -count,
      });
    });
  }
  const ids = await writeChunks(trx, deps.vault, chunks, caller);
  await queueChunks(trx, ids);
  await raiseTallies(trx, rises);
  await trx
    .updateTable('batch')
    .set({ state: 'sending', ended_at: null, valid_until: validUntil.toString() })
    .where('id', '=', batch.id)
    .where('state', 'in', ['done', 'sending'])
    .execute();
  await reserveParts(deps, trx, { organisationId: batch.organisation_id, space: batch.space, parts });
  return { last: failed.at(-1)!.chunk_id, rows: rises.length };
}

const pick = (content: ChunkContent, rows: readonly number[]): ChunkContent => ({
  numbers: rows.map((row) => content.numbers[row] as string),
  fields: Object.fromEntries(
    Object.entries(content.fields).map(([name, values]) => [name, rows.map((row) => values[row] ?? '')]),
  ),
  parts: rows.map((row) => content.parts[row] as number),
});
