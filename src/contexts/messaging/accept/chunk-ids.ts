/** Ids of chunks taken from the sequence in blocks, so that a group need not ask before it is written. */
import { sql, type Kysely } from 'kysely';
import type { MessagingTables } from '../tables.ts';

const BLOCK = 500;

export interface ChunkIds {
  /** So many ids, rising; those of a block that is never used up are never given. */
  take(count: number): Promise<number[]>;
}

export function createChunkIds(db: Kysely<MessagingTables>): ChunkIds {
  let ready: number[] = [];
  let filling: Promise<void> | null = null;

  async function fill(): Promise<void> {
    try {
      const { rows } = await sql<{ id: number }>`
        select nextval('messaging.chunk_id_seq') as id from generate_series(1, ${BLOCK}::integer)`.execute(
        db,
      );
      ready = ready.concat(rows.map(({ id }) => id));
    } finally {
      filling = null;
    }
  }

  return {
    async take(count) {
      while (ready.length < count) await (filling ??= fill());
      const taken = ready.slice(0, count);
      ready = ready.slice(count);
      if (ready.length < BLOCK / 4 && filling === null) {
        filling = fill();
        // Whoever needs ids later asks again, and hears of it then.
        filling.catch(() => {});
      }
      return taken;
    },
  };
}
