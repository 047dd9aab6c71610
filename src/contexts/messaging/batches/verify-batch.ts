/** Before a batch starts, everything it would send is read and hashed again; what differs is never sent. */
import { sql } from 'kysely';
import { systemCaller } from '#platform/access';
import type { JobContext, JobDefinition } from '#platform/jobs/jobs';
import { returnParts } from '../catalogue/quota.ts';
import legalBasis from '../legal-basis.json' with { type: 'json' };
import type { MessagingTables } from '../tables.ts';
import type { BatchDeps } from './batch-deps.ts';
import { batchErrors } from './batch-errors.ts';
import type { BatchRow } from './batch-row.ts';
import { ContentHash } from './content-hash.ts';

interface Input {
  readonly [key: string]: string;
  readonly batchId: string;
}

const PAGE = 50;

export function verifyJob(deps: BatchDeps): JobDefinition<Input> {
  return {
    title: { zh: '核對封存內容', en: 'Verifying sealed content' },
    keepDone: false,
    run: (context) => run(deps, context),
  };
}

async function run(deps: BatchDeps, context: JobContext<Input>): Promise<undefined> {
  const db = deps.database.of<MessagingTables>('messaging');
  const batch = await db
    .selectFrom('batch')
    .selectAll()
    .where('id', '=', context.input.batchId)
    .executeTakeFirst();
  if (batch?.state !== 'approved') return;
  const found = await hashOf(deps, batch, context);
  if (batch.content_hash !== null && found?.equals(batch.content_hash) === true) {
    await db
      .updateTable('batch')
      .set({ verified_at: deps.clock.now().toString() })
      .where('id', '=', batch.id)
      .where('state', '=', 'approved')
      .execute();
    return;
  }
  const error = batchErrors.batch_tampered();
  await failBatch(deps, batch, { zh: error.text('zh-TW'), en: error.text('en') }, 'messaging.batch_tampered');
}

/** The hash over what is stored; null where something is gone. */
async function hashOf(deps: BatchDeps, batch: BatchRow, context: JobContext<Input>): Promise<Buffer | null> {
  const db = deps.database.of<MessagingTables>('messaging');
  const version = await db
    .selectFrom('template_version')
    .select('content_hash')
    .where('id', '=', batch.template_version_id)
    .executeTakeFirstOrThrow();
  const hash = new ContentHash(version.content_hash);
  const reading = { caller: systemCaller('messaging.verify'), legalBasis: legalBasis.sealed };
  let after = 0;
  let rows = 0;
  for (;;) {
    context.signal.throwIfAborted();
    const chunks = await db
      .selectFrom('chunk')
      .select(['id', 'telecom', 'vault_id', 'row_count'])
      .where('batch_id', '=', batch.id)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    if (chunks.length === 0) break;
    const ids = chunks.map((chunk) => chunk.vault_id);
    let values: Map<string, string>;
    try {
      values = await db.transaction().execute((trx) => deps.vault.readMany(trx, ids, reading));
    } catch (error) {
      const { code } = error as { code?: string };
      if (code?.startsWith('vault.') === true && code !== 'vault.busy') return null;
      throw error;
    }
    for (const chunk of chunks) {
      hash.chunk(chunk.telecom, values.get(chunk.vault_id) as string);
      rows += chunk.row_count;
      after = chunk.id;
    }
    await context.progress(rows, batch.row_count);
  }
  return rows === batch.row_count ? hash.digest() : null;
}

/** Ends a batch before it began, for a reason that people are told; its quota goes back. */
export async function failBatch(
  deps: BatchDeps,
  batch: BatchRow,
  problem: { readonly zh: string; readonly en: string },
  action: string,
): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  await db.transaction().execute(async (trx) => {
    const failed = await trx
      .updateTable('batch')
      .set({ state: 'failed', problem: JSON.stringify(problem), ended_at: deps.clock.now().toString() })
      .where('id', '=', batch.id)
      .where('state', '=', 'approved')
      .returning('id')
      .executeTakeFirst();
    if (failed === undefined) return;
    // Nothing of it was queued: its rows are no longer accepted.
    await sql`delete from messaging.tally where subject_id = ${batch.id}`.execute(trx);
    await returnParts(deps, trx, {
      organisationId: batch.organisation_id,
      space: batch.space,
      parts: batch.part_count,
      ...(batch.reserved_on !== null && { reservedOn: Temporal.PlainDate.from(batch.reserved_on) }),
    });
    await deps.audit.record(trx, {
      caller: systemCaller('messaging.clerk'),
      action,
      subject: { kind: 'batch', id: batch.id },
    });
    await deps.notifications.notify(trx, {
      organisationId: batch.organisation_id,
      space: batch.space,
      kind: action,
      text: problem,
      link: `/console/messaging/batches/${batch.id}`,
    });
  });
}
