/** Numbers of intents, and which of them still lack an answer. */
import { sql, type Kysely } from 'kysely';
import type { MessagingTables } from '../tables.ts';

const BLOCK = 1000;

export class OpenIntents {
  readonly #db: Kysely<MessagingTables>;
  /** Rows without an answer by intent, in the order of the numbers. */
  readonly #open = new Map<number, number>();
  #next = 0;
  #end = 0;
  #spare: number | null = null;
  #fetching = false;

  constructor(db: Kysely<MessagingTables>) {
    this.#db = db;
  }

  /** Call it once before the first intent. */
  async prepare(): Promise<void> {
    this.#next = await this.#block();
    this.#end = this.#next + BLOCK;
    this.#spare = await this.#block();
  }

  /** Intents that may be numbered now. */
  get available(): number {
    return this.#end - this.#next + (this.#spare === null ? 0 : BLOCK);
  }

  /** Opens an intent for so many rows. */
  open(rows: number): number {
    if (this.#next === this.#end) {
      if (this.#spare === null) throw new Error('no number is left for an intent');
      this.#next = this.#spare;
      this.#end = this.#next + BLOCK;
      this.#spare = null;
    }
    const id = this.#next++;
    this.#open.set(id, rows);
    return id;
  }

  /** A row of an intent has its answer. */
  close(id: number): void {
    const rows = this.#open.get(id);
    if (rows === undefined) return;
    if (rows === 1) this.#open.delete(id);
    else this.#open.set(id, rows - 1);
  }

  /** The lowest intent without an answer; the next one where none is open. */
  get lowest(): number {
    for (const id of this.#open.keys()) return id;
    return this.#next;
  }

  /** Fetches the block after the next one, beside the cycles. */
  refill(onError: (error: unknown) => void): void {
    if (this.#spare !== null || this.#fetching) return;
    this.#fetching = true;
    this.#block()
      .then((start) => (this.#spare = start))
      .catch(onError)
      .finally(() => (this.#fetching = false));
  }

  async #block(): Promise<number> {
    const { rows } = await sql<{ start: number }>`select nextval('messaging.intent_id_seq') as start`.execute(
      this.#db,
    );
    return rows[0]!.start;
  }
}
