/** Commits cycles until they hold: a connection may break in the middle, and then the lease tells what came through. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#platform/database';
import type { Log } from '#platform/log';
import type { MessagingTables } from '../tables.ts';
import { UNIQUE_VIOLATION, type CommitGroup } from './commit-group.ts';
import type { CycleFacts } from './facts.ts';
import { committedCycle, type Lease } from './lease.ts';

export interface CommitterDeps {
  readonly database: Database;
  readonly log: Log;
  readonly lease: Lease;
  readonly holdMs: number;
  /** Shared by the links of the process. */
  readonly group: CommitGroup;
}

export class Committer {
  readonly #deps: CommitterDeps;
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
    const { lease, holdMs, log, group } = this.#deps;
    const cycle = this.#cycle + 1;
    const fence = { linkId: lease.linkId, token: lease.token, cycle, openFrom, holdMs };
    let again = false;
    for (let attempt = 0; ; attempt++) {
      try {
        // A commit whose answer was lost is not made twice: it would find its own cycle number.
        const held =
          attempt === 0 || (await this.#reached()) < cycle
            ? await group.commit({ facts, fence, again, alone: attempt > 0 })
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
        if (stopped()) return false;
        await sleep(Math.min(2000, 20 * 2 ** attempt));
      }
    }
  }

  async #reached(): Promise<number> {
    const { database, lease } = this.#deps;
    return (await committedCycle(database.of<MessagingTables>('messaging'), lease)) ?? -1;
  }
}
