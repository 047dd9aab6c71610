/** A batch as it is stored, and as its agency sees it. */
import { sql, type Kysely, type Selectable } from 'kysely';
import type { Caller } from '#platform/access';
import type { AnyTransaction } from '#platform/database';
import type { Reading } from '../recipients/reading.ts';
import type { BatchState, MessagingTables } from '../tables.ts';
import { batchErrors } from './batch-errors.ts';

export type BatchRow = Selectable<MessagingTables['batch']>;
export type BatchFileRow = Omit<Selectable<MessagingTables['batch_file']>, 'reading'> & {
  readonly reading: Reading | null;
};

type Whose = Pick<Caller, 'organisation' | 'space'>;

/** The caller's batch; throws `messaging.batch_not_found`, for those of others as well. `lock` holds it until the commit. */
export async function requireBatch(
  db: Kysely<MessagingTables> | AnyTransaction,
  caller: Whose,
  id: string,
  lock = false,
): Promise<BatchRow> {
  const query = (db as Kysely<MessagingTables>)
    .selectFrom('batch')
    .selectAll()
    .where('id', '=', id)
    .where('organisation_id', '=', caller.organisation.id)
    .where('space', '=', caller.space);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  if (row === undefined) throw batchErrors.batch_not_found({ id });
  return row;
}

const stateNames: Readonly<Record<BatchState, string>> = {
  draft: '草稿',
  reading: '讀取中',
  checked: '已檢核',
  sealing: '封存中',
  sealed: '已封存',
  approved: '已核准',
  sending: '發送中',
  paused: '暫停',
  cancelled: '已取消',
  done: '完成',
  failed: '失敗',
};

/** Throws `messaging.batch_state` unless the batch is in one of the states. `act`: what was asked for. */
export function requireState(batch: BatchRow, act: string, ...allowed: readonly BatchState[]): void {
  if (allowed.includes(batch.state)) return;
  throw batchErrors.batch_state({
    state: `${stateNames[batch.state]}/${batch.state}`,
    act,
    allowed: allowed.map((state) => `${stateNames[state]}/${state}`).join('、'),
  });
}

export async function filesOf(
  db: Kysely<MessagingTables> | AnyTransaction,
  batchId: string,
): Promise<BatchFileRow[]> {
  const rows = await (db as Kysely<MessagingTables>)
    .selectFrom('batch_file')
    .selectAll()
    .where('batch_id', '=', batchId)
    .orderBy('number')
    .execute();
  return rows as BatchFileRow[];
}

/** Adds up the files that were read; written into the batch in the transaction of the caller. */
export async function sumFiles(trx: AnyTransaction, batchId: string): Promise<void> {
  await sql`
    update messaging.batch set
      row_count = coalesce(sum.good, 0), bad_count = coalesce(sum.bad, 0),
      duplicate_count = coalesce(sum.duplicates, 0), part_count = coalesce(sum.parts, 0)
    from (select sum((reading->>'good')::bigint)::integer as good, sum((reading->>'bad')::bigint)::integer as bad,
        sum((reading->>'duplicates')::bigint)::integer as duplicates, sum((reading->>'partCount')::bigint) as parts
      from messaging.batch_file where batch_id = ${batchId} and state = 'read') as sum
    where id = ${batchId}`.execute(trx);
}

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

/** What the API shows: figures and states, never a number or a text. */
export function toBatch(row: BatchRow, files: readonly BatchFileRow[]) {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    serviceId: row.service_id,
    templateVersionId: row.template_version_id,
    rows: row.row_count,
    badRows: row.bad_count,
    duplicates: row.duplicate_count,
    parts: row.part_count,
    sendAt: instant(row.send_at),
    validHours: row.valid_hours,
    validUntil: instant(row.valid_until),
    canary:
      row.canary === null
        ? null
        : {
            rows: row.canary.rows,
            stopAbovePercent: row.canary.stopAbovePercent,
            passed: row.canary.passed,
          },
    contentHash: row.content_hash?.toString('hex') ?? null,
    jobId: row.job_id,
    problem: row.problem,
    pauseReason: row.pause_reason,
    filesUntil: row.files_until,
    files: files.map((file) => ({
      number: file.number,
      name: file.name,
      bytes: file.bytes,
      sha256: file.sha256.toString('hex'),
      state: file.state,
      encoding: file.encoding,
      encodingBy: file.encoding_by,
      problem: file.problem,
      reading: file.reading,
    })),
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    sealedBy: row.sealed_by,
    sealedAt: instant(row.sealed_at),
    approvedBy: row.approved_by,
    approvedAt: instant(row.approved_at),
    startedAt: instant(row.started_at),
    endedAt: instant(row.ended_at),
  };
}
