/** Brings cycles of the links of a process into one commit: what arrives while one is under way goes together next. */
import type { PoolClient } from 'pg';
import type { Database } from '#platform/database';
import { commitCycles, type Cycle } from './cycle-sql.ts';

/** Milliseconds for which a commit waits for links that were in the last ones; they send back to back then. */
const GATHER_MS = 3;
/** Milliseconds after which a link that was silent is not waited for. */
const RECENT_MS = 20;

/** A row that is about to end has ended before, by the reconciler or a second receipt. */
export const UNIQUE_VIOLATION = '23505';

export interface Entry extends Cycle {
  /** Takes outcomes one by one: some of their rows have ended before. */
  readonly again: boolean;
  /** Shares its commit with nobody: one that failed must not make others fail. */
  readonly alone: boolean;
}

interface Waiting {
  readonly entry: Entry;
  readonly since: number;
  readonly resolve: (held: boolean) => void;
  readonly reject: (error: unknown) => void;
}

export class CommitGroup {
  readonly #database: Database;
  readonly #waiting: Waiting[] = [];
  /** When each link was in a commit last. */
  readonly #seen = new Map<string, number>();
  #client: PoolClient | null = null;
  #busy = false;
  #onFree: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Settles when no commit is under way. Collect facts after it: what arrives during a commit then goes into the next one
   * as a whole.
   */
  async free(): Promise<void> {
    while (this.#busy) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onFree.push(resolve);
      await promise;
    }
  }

  /** True when the facts are durable, false where the lease is lost; throws what the database says. */
  commit(entry: Entry): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.#waiting.push({ entry, since: performance.now(), resolve, reject });
    this.#next();
    return promise;
  }

  /** Gives the connection back; nothing may be under way. */
  close(): void {
    this.#client?.release();
    this.#client = null;
  }

  #next(): void {
    const [first] = this.#waiting;
    if (this.#busy || first === undefined) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const left = first.since + GATHER_MS - performance.now();
    if (left > 0 && !first.entry.alone && this.#isMissingOne()) {
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#next();
      }, Math.ceil(left));
      return;
    }
    this.#busy = true;
    void this.#run(this.#takeGroup()).finally(() => {
      this.#busy = false;
      const freed = this.#onFree;
      this.#onFree = [];
      for (const resolve of freed) resolve();
      // Those who waited are heard first.
      setImmediate(() => this.#next());
    });
  }

  #isMissingOne(): boolean {
    const limit = performance.now() - RECENT_MS;
    for (const [linkId, at] of this.#seen) {
      if (at < limit) this.#seen.delete(linkId);
      else if (!this.#waiting.some(({ entry }) => entry.fence.linkId === linkId)) return true;
    }
    return false;
  }

  #takeGroup(): Waiting[] {
    const [first] = this.#waiting as [Waiting];
    const isOfGroup = ({ entry }: Waiting): boolean =>
      !first.entry.alone && !entry.alone && entry.again === first.entry.again;
    const group = this.#waiting.filter((one) => one === first || isOfGroup(one));
    const rest = this.#waiting.filter((one) => !group.includes(one));
    this.#waiting.splice(0, this.#waiting.length, ...rest);
    return group;
  }

  async #run(group: readonly Waiting[]): Promise<void> {
    try {
      this.#client ??= await this.#database.pool.connect();
      const held = await commitCycles(
        this.#client,
        group.map(({ entry }) => entry),
        group[0]?.entry.again === true,
      );
      const now = performance.now();
      for (const { entry, resolve } of group) {
        const { linkId } = entry.fence;
        this.#seen.set(linkId, now);
        resolve(held.has(linkId));
      }
    } catch (error) {
      if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) {
        this.#client?.release(true);
        this.#client = null;
      }
      for (const { reject } of group) reject(error);
    }
  }
}
