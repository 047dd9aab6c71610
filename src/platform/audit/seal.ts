import { sql } from 'kysely';
import type { Database } from '../database.ts';
import { writeNote, type Signer } from './checkpoint.ts';
import { GENESIS, hashEntry } from './entry.ts';
import { extendFrontier, frontierRoot, leafHash } from './merkle.ts';
import { contentColumns, toContent, type ContentRow } from './read-chain.ts';
import type { AuditTables } from './tables.ts';

/** Whoever holds this advisory lock appends to the chain. */
const SEALER_LOCK = 7_261_602;
/** Records sealed in one transaction, and at most between two checkpoints. */
const BATCH = 1000;
/** Seconds after which sealed records get a checkpoint however few they are. */
const CHECKPOINT_SECONDS = 10;

/** What one round did: records sealed, and the note of a checkpoint if one was written. */
export interface SealRound {
  readonly sealed: number;
  readonly note: string | null;
}

/**
 * Seals at most 1,000 records in one transaction, ordered by id, and writes a checkpoint when one is due (`force`: in
 * any case). Two sealers never work at once: the second does nothing. A record is found by being unsealed, not by a
 * position, so that one whose transaction commits late is sealed by a later round and never passed over.
 */
export async function sealRound(database: Database, signer: Signer, force = false): Promise<SealRound> {
  return database
    .of<AuditTables>('audit')
    .transaction()
    .execute(async (trx) => {
      const lock = await sql<{
        taken: boolean;
      }>`select pg_try_advisory_xact_lock(${SEALER_LOCK}) as taken`.execute(trx);
      if (lock.rows[0]?.taken !== true) return { sealed: 0, note: null };
      const unsealed = await sql<ContentRow>`
        select ${sql.raw(contentColumns)} from audit.entry where seq is null order by id limit ${BATCH}`.execute(
        trx,
      );
      const head = await sql<{ seq: string; hash: Buffer }>`
        select seq, hash from audit.entry where seq is not null order by seq desc limit 1`.execute(trx);
      const base = Number(head.rows[0]?.seq ?? 0);
      let previous: Buffer = head.rows[0]?.hash ?? GENESIS;
      const hashes = unsealed.rows.map((row, index) => {
        previous = hashEntry(toContent(row), base + index + 1, previous);
        return previous;
      });
      if (hashes.length > 0) {
        const ids = unsealed.rows.map((row) => row.id);
        await sql`
          update audit.entry set seq = ${base}::bigint + sealed.place, hash = sealed.hash
          from unnest(${ids}::text[], ${hashes}::bytea[]) with ordinality as sealed (id, hash, place)
          where entry.id = sealed.id`.execute(trx);
      }
      const size = base + hashes.length;
      const last = await sql<{ tree_size: string; frontier: Buffer[]; old: boolean }>`
        select tree_size, frontier, at < clock_timestamp() - make_interval(secs => ${CHECKPOINT_SECONDS}) as old
        from audit.checkpoint order by tree_size desc limit 1`.execute(trx);
      const covered = Number(last.rows[0]?.tree_size ?? 0);
      const due = size > covered && (force || (last.rows[0]?.old ?? true) || size - covered >= BATCH);
      if (!due) return { sealed: hashes.length, note: null };
      const added = await sql<{ hash: Buffer }>`
        select hash from audit.entry where seq > ${covered} and seq <= ${size} order by seq`.execute(trx);
      const frontier = extendFrontier(
        { size: covered, hashes: last.rows[0]?.frontier ?? [] },
        added.rows.map((row) => leafHash(row.hash)),
      );
      const root = frontierRoot(frontier);
      const log = await sql<{ origin: string }>`select origin from audit.log`.execute(trx);
      const note = writeNote({ origin: log.rows[0]?.origin ?? 'xinlai.audit', size, root }, signer);
      await sql`insert into audit.signer (verifier_key) values (${signer.verifier.text}) on conflict do nothing`.execute(
        trx,
      );
      await sql`
        insert into audit.checkpoint (tree_size, root, frontier, note)
        values (${size}, ${root}, ${frontier.hashes}::bytea[], ${note})`.execute(trx);
      return { sealed: hashes.length, note };
    });
}
