/** A file of recipients arrives, is staged under the key of its batch, and its reading is asked for. */
import type { Readable } from 'node:stream';
import type { Kysely, Transaction } from 'kysely';
import type { Caller } from '#platform/access';
import type { AnyTransaction } from '#platform/database';
import { findPhoneNumbers } from '../catalogue/phone-numbers.ts';
import { ours } from '../chunk.ts';
import legalBasis from '../legal-basis.json' with { type: 'json' };
import type { TextEncoding } from '../recipients/text-encoding.ts';
import type { ColumnChoice } from '../recipients/columns.ts';
import type { MessagingTables } from '../tables.ts';
import { READ_JOB, type BatchDeps } from './batch-deps.ts';
import { batchErrors } from './batch-errors.ts';
import { filesOf, requireBatch, requireState, toBatch, type BatchFileRow } from './batch-row.ts';
import { STAGED_DAYS } from './staging.ts';

/** How a file is to be read, where the agency says it itself. */
export interface ReadChoice {
  readonly encoding?: TextEncoding;
  readonly delimiter?: string;
  readonly columns?: ColumnChoice;
  readonly allowDuplicates?: boolean;
}

export interface Upload {
  readonly stream: Readable;
  readonly name: string;
  /** `first` takes the place of what was uploaded before; `corrections` is added. */
  readonly as: 'first' | 'corrections';
  /** Takes a file that another batch of the agency was made of. */
  readonly again: boolean;
  readonly choice: ReadChoice;
}

export async function uploadFile(
  deps: BatchDeps,
  caller: Caller,
  id: string,
  upload: Upload,
  requestId: string,
): Promise<ReturnType<typeof toBatch>> {
  const db = deps.database.of<MessagingTables>('messaging');
  const allowed = upload.as === 'first' ? (['draft', 'checked'] as const) : (['checked'] as const);
  const { number, key } = await db.transaction().execute(async (trx) => {
    const batch = await requireBatch(trx, caller, id, true);
    requireState(batch, '上傳/upload', ...allowed);
    const files = await filesOf(trx, id);
    const until = deps.clock.today().add({ days: STAGED_DAYS });
    const keyId = batch.staged_key_id ?? (await deps.staging.newKey(trx, until));
    if (batch.staged_key_id === null) {
      await trx
        .updateTable('batch')
        .set({ staged_key_id: keyId, files_until: until.toString() })
        .where('id', '=', id)
        .execute();
    }
    const reading = { caller, legalBasis: legalBasis.staged, requestId };
    return {
      number: (files.at(-1)?.number ?? 0) + 1,
      key: await deps.staging.readKey(trx, keyId, reading),
    };
  });
  const staged = await deps.staging.receive(
    deps.staging.place(id, number, 'upload'),
    key,
    upload.stream,
    deps.uploadLimitBytes,
  );
  const record = async (trx: Transaction<MessagingTables>) => {
    const batch = await requireBatch(trx, caller, id, true);
    requireState(batch, '上傳/upload', ...allowed);
    const files = await filesOf(trx, id);
    const newest = files.at(-1)?.number ?? 0;
    if (newest >= number) throw batchErrors.batch_upload_overtaken();
    if (!upload.again) await refuseUsed(trx, caller, id, staged.sha256);
    if (upload.as === 'first') await trx.deleteFrom('batch_file').where('batch_id', '=', id).execute();
    await trx
      .insertInto('batch_file')
      .values({
        batch_id: id,
        number,
        name: withoutNumbers(upload.name),
        bytes: staged.bytes,
        sha256: staged.sha256,
        kind: staged.kind,
        encoding: staged.encoding.encoding,
        encoding_by: staged.encoding.by,
        choice: JSON.stringify({ ...columnsOf(files, upload), ...upload.choice }),
        state: 'staged',
        uploaded_by: caller.actorId,
        created_at: deps.clock.now().toString(),
      })
      .execute();
    await staged.keep();
    await deps.audit.record(trx, {
      caller,
      action: 'messaging.batch_file_uploaded',
      subject: { kind: 'batch', id },
      details: { file: number, bytes: staged.bytes, sha256: staged.sha256.toString('hex') },
      requestId,
    });
    return askForReading(deps, trx, caller, id, number);
  };
  try {
    return await db.transaction().execute(record);
  } finally {
    await staged.discard();
  }
}

/** Reads the newest file again, in another way. */
export async function readAgain(
  deps: BatchDeps,
  caller: Caller,
  id: string,
  choice: ReadChoice,
): Promise<ReturnType<typeof toBatch>> {
  const db = deps.database.of<MessagingTables>('messaging');
  return db.transaction().execute(async (trx) => {
    const batch = await requireBatch(trx, caller, id, true);
    requireState(batch, '重新讀取/read again', 'draft', 'checked');
    const file = (await filesOf(trx, id)).at(-1);
    if (file === undefined) throw batchErrors.batch_file_missing();
    await trx
      .updateTable('batch_file')
      .set({ choice: JSON.stringify(choice), state: 'staged', reading: null, problem: null })
      .where('batch_id', '=', id)
      .where('number', '=', file.number)
      .execute();
    return askForReading(deps, trx, caller, id, file.number);
  });
}

async function askForReading(
  deps: BatchDeps,
  trx: AnyTransaction,
  caller: Caller,
  id: string,
  file: number,
): Promise<ReturnType<typeof toBatch>> {
  const jobId = await deps.jobs.enqueue(trx, {
    kind: READ_JOB,
    input: { batchId: id, file },
    caller,
    key: id,
  });
  const row = await ours(trx)
    .updateTable('batch')
    .set({ state: 'reading', job_id: jobId, problem: null })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toBatch(row, await filesOf(trx, id));
}

/** The same list twice is more often a mistake than meant. */
async function refuseUsed(
  trx: Kysely<MessagingTables>,
  caller: Caller,
  id: string,
  sha256: Buffer,
): Promise<void> {
  const used = await trx
    .selectFrom('batch_file')
    .innerJoin('batch', 'batch.id', 'batch_file.batch_id')
    .select('batch.id')
    .where('batch.organisation_id', '=', caller.organisation.id)
    .where('batch.space', '=', caller.space)
    .where('batch_file.sha256', '=', sha256)
    .where('batch.id', '<>', id)
    .where('batch.state', 'in', ['sealing', 'sealed', 'approved', 'sending', 'paused', 'done'])
    .executeTakeFirst();
  if (used !== undefined) throw batchErrors.batch_file_again({ id: used.id });
}

/** Corrected rows have the columns of the file that they are from, so what the agency said of those holds for them. */
function columnsOf(files: readonly BatchFileRow[], { as }: Upload): ReadChoice {
  const read = files.findLast(({ state }) => state === 'read');
  const { phone, fields } = (as === 'corrections' && read && choiceOf(read).columns) || {};
  return { columns: { ...(phone !== undefined && { phone }), ...(fields && { fields }) } };
}

/** A file is often named for whom it reaches; names of files are kept beside the vault. */
export function withoutNumbers(name: string): string {
  return findPhoneNumbers(name).reduce(
    (text, { start, end }) => text.slice(0, start) + '*'.repeat(end - start) + text.slice(end),
    name,
  );
}

/** The choice kept with a file. */
export const choiceOf = (file: BatchFileRow): ReadChoice => file.choice as ReadChoice;
