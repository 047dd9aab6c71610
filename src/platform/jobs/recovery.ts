import { sql } from 'kysely';
import type { Database } from '../database.ts';
import type { JsonValue } from '../json.ts';
import type { Log } from '../log.ts';
import type { JobRow } from './job.ts';
import { jobErrors } from './jobs-errors.ts';
import type { JobDefinition } from './jobs.ts';
import { tellEnded } from './run-job.ts';

/**
 * Puts back the jobs of processes that are gone: whose advisory lock can be taken. A job that took its process with it
 * at every attempt fails. `thorough` also frees what a process had taken from the queue without ever becoming known;
 * it reads the whole queue.
 */
export async function recoverAbandoned(
  database: Database,
  definitions: ReadonlyMap<string, JobDefinition<JsonValue>>,
  log: Log,
  thorough: boolean,
): Promise<void> {
  const dead = await database
    .of('jobs')
    .transaction()
    .execute(async (transaction) => {
      const { rows } = await sql<{ id: string }>`
        select id from jobs.worker where pg_try_advisory_xact_lock(hashtextextended('jobs.worker:' || id, 0))`.execute(
        transaction,
      );
      // Left to graphile-worker, a lock whose holder never registered would last four hours.
      const unknown = !thorough
        ? []
        : (
            await sql<{ locked_by: string }>`
        select distinct locked_by from graphile_worker.jobs
        where locked_at < now() - interval '1 minute' and not exists (select from jobs.worker where id = locked_by)`.execute(
              transaction,
            )
          ).rows;
      const ids = [...rows.map(({ id }) => id), ...unknown.map(({ locked_by }) => locked_by)];
      if (ids.length === 0) return ids;
      const failure = jobErrors.worker_died({ attempts: '{attempts}' });
      const ended = await sql<JobRow>`
        update jobs.job set worker = null, revision = revision + 1,
          state = case when cancel_requested_at is not null then 'cancelled' when attempts >= max_attempts then 'failed' else 'waiting' end,
          finished_at = case when cancel_requested_at is not null or attempts >= max_attempts then now() end,
          error_code = ${failure.code}, error_zh = replace(${failure.text('zh-TW')}, '{attempts}', attempts::text),
          error_en = replace(${failure.text('en')}, '{attempts}', attempts::text)
        where worker = any(${ids}::text[]) and state = 'running' returning *`.execute(transaction);
      await sql`select graphile_worker.force_unlock_workers(${ids}::text[])`.execute(transaction);
      for (const row of ended.rows) {
        if (row.state === 'waiting') continue;
        await sql`select graphile_worker.remove_job(${row.id})`.execute(transaction);
        await tellEnded(definitions, transaction, row);
      }
      await sql`delete from jobs.worker where id = any(${ids}::text[])`.execute(transaction);
      return ids;
    });
  if (dead.length > 0) log.warn({ workers: dead }, 'jobs of processes that are gone were put back');
}
