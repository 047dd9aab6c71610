/** The job that reads a staged file. Killed in the middle it leaves the batch `reading` and starts over. */
import type { JobContext, JobDefinition } from '#platform/jobs/jobs';
import { loadSendable } from '../catalogue/versions.ts';
import { ours } from '../chunk.ts';
import legalBasis from '../legal-basis.json' with { type: 'json' };
import { FileRefusal, recipientLimits, type Reading } from '../recipients/reading.ts';
import { readRecipients } from '../recipients/read-recipients.ts';
import { SealedFileError } from '../recipients/sealed-file.ts';
import type { TextEncoding } from '../recipients/text-encoding.ts';
import type { MessagingTables } from '../tables.ts';
import type { BatchDeps } from './batch-deps.ts';
import { batchErrors } from './batch-errors.ts';
import { filesOf, requireBatch, sumFiles, type BatchFileRow } from './batch-row.ts';
import { choiceOf } from './upload.ts';

interface Input {
  readonly [key: string]: string | number;
  readonly batchId: string;
  readonly file: number;
}

export function readJob(deps: BatchDeps): JobDefinition<Input> {
  return {
    title: { zh: '讀取收件名單', en: 'Reading recipients' },
    concurrency: 2,
    run: (context) => run(deps, context),
    async ended(trx, { input, state, error }) {
      const problem = error ?? { zh: '讀取已取消。', en: 'the reading was cancelled.' };
      await settle(deps, input, null, { zh: problem.zh, en: problem.en }, trx);
      deps.log.warn({ batch: input.batchId, state }, 'a reading ended without a result');
    },
  };
}

async function run(
  deps: BatchDeps,
  context: JobContext<Input>,
): Promise<{ good: number; bad: number } | undefined> {
  const { input, caller, signal } = context;
  const { batchId } = input;
  const db = deps.database.of<MessagingTables>('messaging');
  const batch = await requireBatch(db, caller, batchId);
  const files = await filesOf(db, batchId);
  const file = files.find(({ number }) => number === input.file);
  if (batch.state !== 'reading' || file === undefined || batch.staged_key_id === null) return undefined;
  const { service, version } = await loadSendable(db, {
    organisationId: caller.organisation.id,
    space: caller.space,
    templateVersionId: batch.template_version_id,
    for: 'live',
  });
  const keyId = batch.staged_key_id;
  const key = await db
    .transaction()
    .execute((trx) => deps.staging.readKey(trx, keyId, { caller, legalBasis: legalBasis.staged }));
  const choice = choiceOf(file);
  const place = (number: number, part: 'upload' | 'good' | 'listed' | 'preview') =>
    deps.staging.place(batchId, number, part);
  try {
    const reading = await readRecipients(
      {
        key,
        upload: place(file.number, 'upload'),
        good: place(file.number, 'good'),
        listed: place(file.number, 'listed'),
        preview: place(file.number, 'preview'),
        earlier: files
          .filter(({ state, number }) => state === 'read' && number < file.number)
          .map(({ number }) => place(number, 'good')),
        kind: file.kind,
        encoding: choice.encoding ?? (file.encoding as TextEncoding),
        delimiter: choice.delimiter ?? null,
        columns: choice.columns ?? {},
        allowDuplicates: choice.allowDuplicates ?? false,
        rules: {
          service: {
            name: service.name,
            contactNumbers: service.contactNumbers,
            linkHosts: service.linkHosts,
          },
          version: {
            body: version.body,
            contactNumber: version.contactNumber,
            fields: version.fields,
            formatPackId: version.formatPack.id,
          },
          day: deps.clock.today().toString(),
        },
        limits: recipientLimits,
      },
      {
        signal,
        onProgress: (bytes) => void context.progress(bytes, file.bytes).catch(() => {}),
      },
    );
    await settle(deps, input, reading, null);
    return { good: reading.good, bad: reading.bad };
  } catch (error) {
    // What is wrong with the file is the agency's to mend, not the job's to try again.
    if (error instanceof SealedFileError) throw batchErrors.batch_file_damaged({}, { cause: error });
    if (!(error instanceof FileRefusal)) throw error;
    await settle(deps, input, null, error.text);
    return undefined;
  }
}

async function settle(
  deps: BatchDeps,
  { batchId, file }: Input,
  reading: Reading | null,
  problem: BatchFileRow['problem'],
  inside?: Parameters<typeof sumFiles>[0],
): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  const write = async (any: Parameters<typeof sumFiles>[0]): Promise<void> => {
    const trx = ours(any);
    await trx
      .updateTable('batch_file')
      .set({
        state: reading === null ? 'failed' : 'read',
        reading: reading === null ? null : JSON.stringify(reading),
        problem: problem === null ? null : JSON.stringify(problem),
      })
      .where('batch_id', '=', batchId)
      .where('number', '=', file)
      .execute();
    await sumFiles(any, batchId);
    const isRead = (await filesOf(trx, batchId)).some(({ state }) => state === 'read');
    await trx
      .updateTable('batch')
      .set({
        state: isRead ? 'checked' : 'draft',
        problem: problem === null ? null : JSON.stringify(problem),
      })
      .where('id', '=', batchId)
      .where('state', '=', 'reading')
      .execute();
  };
  if (inside !== undefined) await write(inside);
  else await db.transaction().execute(write);
}
