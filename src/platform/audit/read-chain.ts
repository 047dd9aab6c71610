import type pg from 'pg';
import type { JsonValue } from '../json.ts';
import type { ChainItem } from './chain.ts';
import type { EntryContent } from './entry.ts';

/** Records fetched at once while the whole chain streams by. */
const PAGE = 2000;

/** Columns of `audit.entry` as the chain hashes them; the instant as text, so that no microsecond is lost. */
export const contentColumns = `id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at_text, space,
  actor_kind, actor_id, organisation_id, action, subject_kind, subject_id, legal_basis, details, request_id`;

/** A row of `contentColumns`. */
export interface ContentRow {
  readonly id: string;
  readonly at_text: string;
  readonly space: string;
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly organisation_id: string;
  readonly action: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly legal_basis: string | null;
  readonly details: JsonValue;
  readonly request_id: string | null;
}

/** The record of a row. */
export function toContent(row: ContentRow): EntryContent {
  return {
    id: row.id,
    at: row.at_text,
    space: row.space,
    actor: { kind: row.actor_kind, id: row.actor_id },
    organisationId: row.organisation_id,
    action: row.action,
    subject: { kind: row.subject_kind, id: row.subject_id },
    legalBasis: row.legal_basis,
    details: row.details,
    requestId: row.request_id,
  };
}

interface CheckpointRow {
  readonly tree_size: string;
  readonly note: string;
  readonly frontier: readonly Buffer[];
}

/** Streams the sealed records with their checkpoints behind them, as one snapshot sees them (the caller's transaction). */
export async function* readChain(client: pg.ClientBase): AsyncGenerator<ChainItem> {
  let last = 0;
  for (;;) {
    const { rows } = await client.query<ContentRow & { seq: string; hash: Buffer }>(
      `select seq, hash, ${contentColumns} from audit.entry where seq > $1 order by seq limit $2`,
      [last, PAGE],
    );
    const until = rows.length < PAGE ? Number.MAX_SAFE_INTEGER : Number(rows.at(-1)?.seq);
    const checkpoints = await client.query<CheckpointRow>(
      'select tree_size, note, frontier from audit.checkpoint where tree_size > $1 and tree_size <= $2 order by tree_size',
      [last, until],
    );
    const waiting = checkpoints.rows.values();
    let next = waiting.next();
    for (const row of rows) {
      const seq = Number(row.seq);
      for (; !next.done && Number(next.value.tree_size) < seq; next = waiting.next())
        yield toCheckpoint(next.value);
      yield { kind: 'entry', entry: { seq, hash: row.hash, content: toContent(row) } };
    }
    for (; !next.done; next = waiting.next()) yield toCheckpoint(next.value);
    if (rows.length < PAGE) return;
    last = until;
  }
}

function toCheckpoint(row: CheckpointRow): ChainItem {
  return { kind: 'checkpoint', size: Number(row.tree_size), note: row.note, frontier: row.frontier };
}

/** Runs `work` in one read-only snapshot on a connection of its own. */
export async function inSnapshot<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}
