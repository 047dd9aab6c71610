/** Upkeep: staged files and their keys go when a batch has ended or on their day; contents on the day of retention. */
import { sql } from 'kysely';
import { systemCaller } from '#platform/access';
import type { JobDefinition } from '#platform/jobs/jobs';
import legalBasis from '../legal-basis.json' with { type: 'json' };
import type { MessagingTables } from '../tables.ts';
import type { BatchDeps } from './batch-deps.ts';

const SLICE = 500;

export function sweepJob(deps: BatchDeps): JobDefinition<Record<string, never>> {
  return {
    title: { zh: '清除到期的收件名單', en: 'Erasing recipients whose day has come' },
    keepDone: false,
    async run({ signal }) {
      await sweepFiles(deps);
      await sweepContents(deps, signal);
      return undefined;
    },
  };
}

async function sweepFiles(deps: BatchDeps): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  const today = deps.clock.today().toString();
  for (const id of await deps.staging.list()) {
    const batch = await db.selectFrom('batch').selectAll().where('id', '=', id).executeTakeFirst();
    const isOver = batch === undefined || batch.ended_at !== null || (batch.files_until ?? today) < today;
    if (!isOver) continue;
    await db.transaction().execute(async (trx) => {
      if (batch === undefined || batch.staged_key_id === null) return;
      // The key first: what is left of the files, here or in a copy, is noise from now on.
      await deps.vault.erase(trx, [batch.staged_key_id], {
        caller: systemCaller('messaging.sweep'),
        legalBasis: legalBasis.staged,
      });
      await trx
        .updateTable('batch')
        .set({ staged_key_id: null })
        .where('id', '=', id)
        .where('staged_key_id', '=', batch.staged_key_id)
        .execute();
    });
    await deps.staging.remove(id);
  }
}

async function sweepContents(deps: BatchDeps, signal: AbortSignal): Promise<void> {
  const db = deps.database.of<MessagingTables>('messaging');
  const today = deps.clock.today().toString();
  const { rows } = await sql<{ id: string }>`
    select batch.id from messaging.batch join messaging.service on service.id = batch.service_id
    where batch.ended_at is not null and batch.sealed_at is not null
      and (batch.ended_at at time zone 'Asia/Taipei')::date + service.retention_days between ${today}::date - 8 and ${today}::date - 1`.execute(
    db,
  );
  for (const { id } of rows) {
    for (let after = 0; ;) {
      signal.throwIfAborted();
      const chunks = await db
        .selectFrom('chunk')
        .select(['id', 'vault_id'])
        .where('batch_id', '=', id)
        .where('id', '>', after)
        .orderBy('id')
        .limit(SLICE)
        .execute();
      if (chunks.length === 0) break;
      await db.transaction().execute((trx) =>
        deps.vault.erase(
          trx,
          chunks.map((chunk) => chunk.vault_id),
          { caller: systemCaller('messaging.sweep'), legalBasis: legalBasis.sealed },
        ),
      );
      after = chunks.at(-1)!.id;
    }
  }
}
