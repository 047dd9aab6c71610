/** Looks, four times a second, whether what a link holds may still be sent. */
import { sql } from 'kysely';
import type { Database } from '#platform/database';
import type { MessagingTables } from '../tables.ts';
import type { ChunkRun } from './chunk-run.ts';
import type { Lease } from './lease.ts';

interface Held {
  readonly runs: ReadonlyMap<number, ChunkRun>;
  stopRun(run: ChunkRun, how: 'give-back' | 'cancelled'): void;
}

/** Stops chunks whose batch was paused or cancelled, or whose service was paused. */
export async function stopHeld(database: Database, held: Held): Promise<void> {
  if (held.runs.size === 0) return;
  const runs = [...held.runs.values()];
  const batches = [...new Set(runs.map(({ batchId }) => batchId).filter((id) => id !== null))];
  const services = [...new Set(runs.map(({ serviceId }) => serviceId))];
  const { rows } = await sql<{ id: string; state: string }>`
    select id, state from messaging.batch
    where id = any (${batches}::text[]) and state not in ('approved', 'sending')
    union all
    select id, state from messaging.service where id = any (${services}::text[]) and state = 'paused'`.execute(
    database.of<MessagingTables>('messaging'),
  );
  if (rows.length === 0) return;
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  for (const run of runs) {
    const state = states.get(run.batchId ?? '') ?? states.get(run.serviceId);
    if (state !== undefined) held.stopRun(run, state === 'cancelled' ? 'cancelled' : 'give-back');
  }
}

/**
 * Gives back chunks that the lease claims and no memory holds: their claim was committed, and its answer lost. A chunk is
 * suspect at the first look and given back at the second, for a claim may just be under way. Answers the suspects.
 */
export async function sweepClaims(
  database: Database,
  { linkId, token }: Lease,
  runs: ReadonlyMap<number, ChunkRun>,
  suspects: ReadonlySet<number>,
): Promise<Set<number>> {
  const { rows } = await sql<{ chunk_id: number }>`
    select chunk_id from messaging.chunk_queue where link_id = ${linkId} and token <= ${token}`.execute(
    database.of<MessagingTables>('messaging'),
  );
  const loose = rows.map(({ chunk_id }) => chunk_id).filter((id) => !runs.has(id));
  const orphans = loose.filter((id) => suspects.has(id));
  if (orphans.length > 0) {
    await sql`update messaging.chunk_queue set link_id = null, token = null, started = true
      where chunk_id = any (${orphans}::bigint[]) and link_id = ${linkId} and token <= ${token}`.execute(
      database.of<MessagingTables>('messaging'),
    );
  }
  return new Set(loose.filter((id) => !suspects.has(id)));
}
