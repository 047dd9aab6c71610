/** Fetches chunks ahead of a link's lanes, so that a bind never waits for the database to read. */
import { sql } from 'kysely';
import { createPoller, type Poller } from '#platform/poller';
import type { Clock } from '#platform/clock';
import type { Log } from '#platform/log';
import type { MessageClass, MessagingTables, Space } from '../tables.ts';
import { ChunkRun } from './chunk-run.ts';
import { claimChunks, type ClaimDeps } from './claim.ts';
import { classes, type Lanes } from './lanes.ts';
import type { Lease } from './lease.ts';

/** Chunks and rows that a lane holds at most; a batch has 1,000 rows a chunk, a single text mostly one. */
const AHEAD: Readonly<Record<MessageClass, { readonly chunks: number; readonly rows: number }>> = {
  otp: { chunks: 500, rows: 2000 },
  single: { chunks: 500, rows: 2000 },
  batch: { chunks: 12, rows: 6000 },
};
/** Chunks that one look takes at most. */
const AT_ONCE: Readonly<Record<MessageClass, number>> = { otp: 200, single: 200, batch: 4 };

export interface FeederDeps extends ClaimDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly space: Space;
  readonly lanes: Lanes;
  readonly lease: Lease;
  /** Telecoms whose chunks the link sends now; none where it may not send. */
  readonly telecoms: () => readonly string[];
  readonly add: (run: ChunkRun) => void;
}

/** Milliseconds for which a queue that had nothing due is not looked at because a lane runs low. */
const EMPTY_MS = 50;

export interface Feeder extends Poller {
  /** A lane runs low. */
  hungry(): void;
}

/** Looks for due chunks every 100 ms, when woken, and when a lane runs low. */
export function createFeeder(deps: FeederDeps): Feeder {
  const db = deps.database.of<MessagingTables>('messaging');
  const wanted = (): MessageClass[] =>
    classes.filter((kind) => {
      const { chunks, rows } = AHEAD[kind];
      return deps.lanes.runCount(kind) < chunks && deps.lanes.ahead(kind) < rows;
    });
  let emptyAt = Number.NEGATIVE_INFINITY;
  const poller = createPoller({
    everyMs: 100,
    onError: (error) =>
      deps.log.error({ err: error, linkId: deps.lease.linkId }, 'chunks could not be claimed'),
    async work() {
      const telecoms = deps.telecoms();
      const kinds = wanted();
      if (telecoms.length === 0 || kinds.length === 0) return false;
      const now = deps.clock.now();
      const { rows } = await sql<{ class: MessageClass }>`
        select lane.class from unnest(${kinds}::text[]) as lane (class)
        where exists (select from messaging.chunk_queue as queue
          where queue.space = ${deps.space} and queue.telecom = any (${[...telecoms]}::text[])
            and queue.class = lane.class and queue.link_id is null and queue.not_before <= ${now.toString()})`.execute(
        db,
      );
      const due = new Set(rows.map((row) => row.class));
      if (due.size === 0) emptyAt = performance.now();
      let claimed = 0;
      for (const kind of classes) {
        if (!due.has(kind)) continue;
        const chunks = await claimChunks(deps, {
          space: deps.space,
          telecoms,
          class: kind,
          lease: deps.lease,
          most: AT_ONCE[kind],
          now,
        });
        for (const chunk of chunks) deps.add(new ChunkRun(chunk));
        claimed += chunks.length;
      }
      return claimed > 0 && wanted().length > 0;
    },
  });
  return {
    ...poller,
    hungry() {
      if (performance.now() - emptyAt > EMPTY_MS) poller.poke();
    },
  };
}
