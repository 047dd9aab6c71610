import type { Database } from '#platform/database';
import type { MigrationSet } from '#platform/migrate';

/** What a campaign works with in one process. */
export interface Surroundings {
  readonly database: Database;
  /** A folder that outlives the processes: keys, files. */
  readonly folder: string;
}

/**
 * A long trial of one promise: a process works, is killed at some moment without warning, and the promise is checked;
 * again and again.
 */
export interface Campaign {
  /** The promise, in one sentence. */
  readonly promise: string;
  readonly migrations: readonly MigrationSet[];
  /** Tables of the campaign's own, in the schema `public`. */
  readonly sql?: string;
  /** Opens, in the process that kills, what outlives the killed ones; answers how it is closed. */
  open?(surroundings: Surroundings): Promise<() => Promise<void>>;
  /** Works until it is killed. `done` is called with the id of each unit of work after its commit. */
  work(surroundings: Surroundings, done: (id: string) => void): Promise<never>;
  /** Checks the promise after a kill; `acknowledged` is every id told so far. Throws where it is broken. */
  check(surroundings: Surroundings, acknowledged: ReadonlySet<string>): Promise<void>;
}
