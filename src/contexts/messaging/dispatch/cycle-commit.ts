/** Commits cycles until they hold: a connection may break in the middle, and then the lease tells what came through. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { Database } from '#platform/database';
import type { Log } from '#platform/log';
import type { MessagingTables } from '../tables.ts';
import type { CycleFacts } from './facts.ts';
import { committedCycle, type Lease } from './lease.ts';

/** A row that is about to end has ended before, by the reconciler or a second receipt. */
const UNIQUE_VIOLATION = '23505';

export interface CommitterDeps {
  readonly database: Database;
  readonly log: Log;
  readonly lease: Lease;
  readonly holdMs: number;
}

export class Committer {
  readonly #deps: CommitterDeps;
  #client: PoolClient | null = null;
  #cycle: number;
  /** Commits so far, and milliseconds of `performance.now()` at the last one. */
  commits = 0;
  committedAt = performance.now();

  constructor(deps: CommitterDeps) {
    this.#deps = deps;
    this.#cycle = deps.lease.cycle;
  }

  /** True when the facts are durable; false where the lease is lost, and nothing was written. */
  async commit(facts: CycleFacts, openFrom: number, stopped: () => boolean): Promise<boolean> {
    const { lease, holdMs, log } = this.#deps;
    const cycle = this.#cycle + 1;
    let again = false;
    for (let attempt = 0; ; attempt++) {
      try {
        this.#client ??= await this.#deps.database.pool.connect();
        const fence = { linkId: lease.linkId, token: lease.token, cycle, openFrom, holdMs };
        // A commit whose answer was lost is not made twice: it would find its own cycle number.
        const held =
          attempt === 0 || (await this.#reached()) < cycle
            ? await facts.commit(this.#client, fence, again)
            : true;
        if (!held) return false;
        this.#cycle = cycle;
        this.commits++;
        this.committedAt = performance.now();
        return true;
      } catch (error) {
        if (!again && (error as { code?: unknown }).code === UNIQUE_VIOLATION) {
          again = true;
          continue;
        }
        log.error({ err: error, linkId: lease.linkId, attempt }, 'a cycle of a link could not be committed');
        this.#client?.release(true);
        this.#client = null;
        if (stopped()) return false;
        await sleep(Math.min(2000, 20 * 2 ** attempt));
      }
    }
  }

  close(): void {
    this.#client?.release();
    this.#client = null;
  }

  async #reached(): Promise<number> {
    const { database, lease } = this.#deps;
    return (await committedCycle(database.of<MessagingTables>('messaging'), lease)) ?? -1;
  }
}
