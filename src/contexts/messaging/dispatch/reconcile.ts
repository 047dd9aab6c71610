/** Ties receipts that were stored to their messages, in a few statements whatever their number. */
import { sql, type Kysely } from 'kysely';
import type { AnyTransaction, Database } from '#platform/database';
import type { Vault } from '#platform/vault/vault';
import { decodeChunk } from '../chunk.ts';
import type { MessagingTables } from '../tables.ts';
import { endRows, type EndedRow } from './end-rows.ts';
import { readingChunks } from './reading.ts';
import { destinationDigest } from './receipt-desk.ts';
import { endingOf } from './receipt-state.ts';
import { PARTS } from './submission-sql.ts';
import { userReference } from './submit-fields.ts';

export interface ReconcileDeps {
  readonly database: Database;
  readonly vault: Pick<Vault, 'readMany'>;
  readonly receiptSecret: string;
}

/** Receipts that one round looks at. */
const MOST = 5000;
/** Receipts that one look through the submissions ties. */
const MOST_TIED = 50_000;
/** Days of submissions that are looked through: 72 hours of validity and as many for the receipt. */
const TIE_DAYS = 6;
/** Of a process's time this share goes into such looks: they read every id of some days, for ids have no index. */
const TIE_SHARE = 0.05;
/** Milliseconds for which the submission of a receipt that was not found may still be on its way. */
const ON_ITS_WAY_MS = 600_000;

/**
 * Rounds for a link: each ties receipts by id, ends messages whose parts all have theirs, resolves unknown ones, and answers
 * how many ended.
 */
export function createReconciler(deps: ReconcileDeps, linkId: string): () => Promise<number> {
  const db = deps.database.of<MessagingTables>('messaging');
  let nextTieAt = 0;
  /** Loose receipts before it were looked for; the first look takes all. */
  let from = new Date(0);
  return async () => {
    const { rows } = await sql<{ open: boolean }>`select exists (
      select from messaging.receipt where link_id = ${linkId} and settled_at is null) as open`.execute(db);
    if (rows[0]?.open !== true) return 0;
    if (performance.now() >= nextTieAt) {
      const began = performance.now();
      from = await tieById(db, linkId, from);
      nextTieAt = performance.now() + (performance.now() - began) / TIE_SHARE;
    }
    return db.transaction().execute(async (trx) => {
      const ended = await endTied(trx, linkId);
      return ended + (await resolveUnknown(trx, deps, linkId));
    });
  };
}

/**
 * Ties loose receipts that came since `from`, and answers from when on the next look takes them. The newest submission with
 * the id counts: telecoms give ids again after a while.
 */
async function tieById(db: Kysely<MessagingTables>, linkId: string, from: Date): Promise<Date> {
  const { rows } = await sql<{ loose: number; newest: Date | null; now: Date }>`
    select count(*)::int as loose, max(at) + interval '1 millisecond' as newest, now() as now from (
      select at from messaging.receipt
      where link_id = ${linkId} and settled_at is null and chunk_id is null and at >= ${from}
      order by at limit ${MOST_TIED}
    ) as receipt`.execute(db);
  const { loose, newest, now } = rows[0]!;
  if (newest === null) return from;
  await sql`
    with loose as materialized (
      select ctid as place, message_id from messaging.receipt
      where link_id = ${linkId} and settled_at is null and chunk_id is null and at between ${from} and ${newest}
      for update skip locked
    ), tied as (
      select distinct on (loose.place) loose.place, part.chunk_id, part.row, part.part
      from loose join ${sql.raw(PARTS)} as part using (message_id)
      where part.link_id = ${linkId} and part.status = 0 and part.at > now() - interval '${sql.raw(String(TIE_DAYS))} days'
      order by loose.place, part.at desc
    )
    update messaging.receipt set chunk_id = tied.chunk_id, row = tied.row, part = tied.part
    from tied where receipt.ctid = tied.place`.execute(db);
  if (loose === MOST_TIED) return newest;
  return new Date(Math.max(from.getTime(), now.getTime() - ON_ITS_WAY_MS));
}

interface TiedRow {
  readonly chunk_id: number;
  readonly row: number;
  readonly parts: number;
  readonly told: readonly { readonly part: number; readonly state: string; readonly error: string | null }[];
}

/** Messages of which every part has a receipt now; duplicates and receipts of messages that ended are settled with them. */
async function endTied(trx: AnyTransaction, linkId: string): Promise<number> {
  const { rows } = await sql<TiedRow>`
    with due as (
      select distinct chunk_id, row from messaging.receipt
      where link_id = ${linkId} and settled_at is null and chunk_id is not null limit ${MOST}
    )
    select due.chunk_id, due.row, taken.parts, told.told
    from due cross join lateral (
      select count(distinct answer.part)::int as parts from ${sql.raw(PARTS)} as answer
      where answer.chunk_id = due.chunk_id and answer.row = due.row and answer.status = 0
    ) as taken cross join lateral (
      select jsonb_agg(jsonb_build_object('part', part, 'state', state, 'error', network_error) order by at) as told,
        count(distinct part)::int as count
      from messaging.receipt where receipt.chunk_id = due.chunk_id and receipt.row = due.row
    ) as told where told.count >= taken.parts and taken.parts > 0`.execute(trx);
  const ended = await endRows(
    trx,
    rows.map((row) => endingOfParts(row, linkId)),
  );
  await sql`update messaging.receipt set settled_at = now()
    from unnest(${rows.map(({ chunk_id }) => chunk_id)}::bigint[], ${rows.map(({ row }) => row)}::smallint[]) as done (chunk_id, row)
    where receipt.chunk_id = done.chunk_id and receipt.row = done.row and receipt.settled_at is null`.execute(
    trx,
  );
  return ended;
}

/** A text arrives whole or not: the first part that failed says why. */
function endingOfParts({ chunk_id, row, parts, told }: TiedRow, linkId: string): EndedRow {
  const byPart = new Map<number, (typeof told)[number]>();
  for (const one of told) if (!byPart.has(one.part)) byPart.set(one.part, one);
  const endings = [...byPart.values()].map(({ state, error }) => endingOf(state, error)!);
  const failed = endings.find(({ state }) => state !== 'delivered');
  const isPartial = failed !== undefined && endings.some(({ state }) => state === 'delivered');
  return {
    chunkId: chunk_id,
    row,
    parts,
    state: failed?.state ?? 'delivered',
    cause: isPartial ? 'partly_delivered' : (failed?.cause ?? null),
    linkId,
  };
}

interface UnknownRow {
  readonly chunk_id: number;
  readonly row: number;
  readonly parts: number;
  readonly vault_id: string;
}

/**
 * Receipts with an id that no response told, against messages whose response was lost: number, reference and time must
 * fit exactly one of each.
 */
async function resolveUnknown(
  trx: AnyTransaction,
  { vault, receiptSecret }: ReconcileDeps,
  linkId: string,
): Promise<number> {
  const { rows: loose } = await sql<{
    place: string;
    digest: Buffer;
    reference: number | null;
    state: string;
    error: string | null;
  }>`
    select ctid::text as place, destination_digest as digest, reference, state, network_error as error
    from messaging.receipt
    where link_id = ${linkId} and settled_at is null and chunk_id is null and destination_digest is not null
    order by at limit ${MOST}`.execute(trx);
  if (loose.length === 0) return 0;
  const { rows: unknown } = await sql<UnknownRow>`
    select outcome.chunk_id, outcome.row, outcome.parts, chunk.vault_id
    from messaging.outcome join messaging.chunk on chunk.id = outcome.chunk_id
    where outcome.link_id = ${linkId} and outcome.state = 'unknown' and outcome.cause = 'answer_lost'
      and outcome.at > now() - interval '72 hours' and outcome.parts = 1
    order by outcome.at desc limit ${MOST}`.execute(trx);
  if (unknown.length === 0) return 0;
  const values = await vault.readMany(
    trx,
    [...new Set(unknown.map(({ vault_id }) => vault_id))],
    readingChunks,
  );
  const contents = new Map([...values].map(([id, value]) => [id, decodeChunk(value)]));
  const byDigest = Map.groupBy(unknown, (row) =>
    destinationDigest(receiptSecret, contents.get(row.vault_id)!.numbers[row.row] ?? '').toString('hex'),
  );
  const resolved: EndedRow[] = [];
  const places: string[] = [];
  const receiptsOf = Map.groupBy(loose, ({ digest }) => digest.toString('hex'));
  for (const [digest, receipts] of receiptsOf) {
    for (const receipt of receipts) {
      const rows = (byDigest.get(digest) ?? []).filter(
        (row) => receipt.reference === null || receipt.reference === userReference(row.chunk_id, row.row),
      );
      const [row] = rows;
      const rivals = receipts.filter(({ reference }) => reference === receipt.reference);
      const ending = endingOf(receipt.state, receipt.error);
      if (row === undefined || rows.length > 1 || rivals.length > 1 || ending === null) continue;
      resolved.push({ chunkId: row.chunk_id, row: row.row, parts: row.parts, ...ending, linkId });
      places.push(receipt.place);
    }
  }
  const ended = await endRows(trx, resolved);
  if (places.length > 0) {
    await sql`update messaging.receipt set settled_at = now(), chunk_id = done.chunk_id, row = done.row, part = 1
      from unnest(${places}::text[], ${resolved.map(({ chunkId }) => chunkId)}::bigint[],
        ${resolved.map(({ row }) => row)}::smallint[]) as done (place, chunk_id, row)
      where receipt.ctid = done.place::tid and receipt.settled_at is null`.execute(trx);
  }
  return ended;
}
