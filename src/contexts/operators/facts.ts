import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { factColumns, factShapes } from './fact-shape.ts';
import type { SourceKind } from './sources/source-tables.ts';

/** How many keys a snapshot brought, altered and took away. */
export interface Changes {
  readonly appeared: number;
  readonly changed: number;
  readonly vanished: number;
}

/** One list, in one file or several: the snapshots of one kind and data date that an import brings. */
export interface IncomingList {
  readonly kind: SourceKind;
  readonly dataDate: string | null;
  readonly knownFrom: string;
  readonly snapshots: readonly number[];
  /** Files of `factSelect`, without header, one for each snapshot. */
  readonly csvs: readonly string[];
}

/** Temp tables of one import transaction: the rows of the list at hand, and every UBN whose facts changed. */
export async function prepareFacts(client: pg.PoolClient): Promise<void> {
  await client.query(`
    create temp table incoming (snapshot integer not null, natural_key text not null, digest uuid not null, ubn text, name text, folded text,
      payload jsonb not null, row_number bigint not null, valid_from date, valid_to date) on commit drop;
    create temp table touched (ubn text primary key) on commit drop;`);
}

/**
 * Merges a list into the bitemporal facts, set-wise: new rows are known from now; rows that the list no longer holds
 * are known until now (for a whole list), or replaced where the same key says something else (for an upload).
 */
export async function mergeFacts(client: pg.PoolClient, list: IncomingList): Promise<Changes> {
  await client.query('truncate incoming');
  for (const csv of list.csvs) {
    const sink = client.query(copyFrom(`copy incoming (${factColumns.join(', ')}) from stdin (format csv)`));
    await pipeline(createReadStream(csv), sink);
  }
  await client.query('create index if not exists incoming_key on incoming (natural_key, digest)');
  await client.query('analyze incoming');
  const { kind, snapshots, knownFrom, dataDate } = list;
  const first = snapshots[0] ?? 0;
  const added = `
    insert into operators.fact (kind, natural_key, digest, ubn, name, folded, payload, row_number, valid_from, valid_to, known_from, known_from_snapshot)
    select distinct on (i.natural_key, i.digest) $1::text, i.natural_key, i.digest, i.ubn, i.name, i.folded, i.payload, i.row_number,
      coalesce(i.valid_from, $3::date), i.valid_to, $2::timestamptz, i.snapshot
    from incoming i
    where not exists (select 1 from operators.fact f
      where f.kind = $1 and f.natural_key = i.natural_key and f.digest = i.digest and f.known_to is null)
    order by i.natural_key, i.digest, i.snapshot, i.row_number`;
  await client.query(added, [kind, knownFrom, dataDate]);
  const gone = factShapes[kind].wholeList
    ? ''
    : 'and exists (select 1 from incoming i where i.natural_key = f.natural_key)';
  await client.query(
    `update operators.fact f set known_to = $2, known_to_snapshot = $3, valid_to = coalesce(valid_to, $4::date)
     where kind = $1 and known_to is null and known_from_snapshot <> all($5)
       and not exists (select 1 from incoming i where i.natural_key = f.natural_key and i.digest = f.digest) ${gone}`,
    [kind, knownFrom, first, dataDate, snapshots],
  );
  await client.query(
    `insert into touched select distinct ubn from operators.fact
     where ubn is not null and kind = $1 and (known_from_snapshot = any($2) or known_to_snapshot = any($2)) on conflict do nothing`,
    [kind, snapshots],
  );
  const { rows } = await client.query<Changes>(
    `with new as (select distinct natural_key from operators.fact where kind = $1 and known_from_snapshot = any($2)),
       old as (select distinct natural_key from operators.fact where kind = $1 and known_to_snapshot = any($2))
     select count(*) filter (where old.natural_key is null) as appeared,
       count(*) filter (where old.natural_key is not null and new.natural_key is not null) as changed,
       count(*) filter (where new.natural_key is null) as vanished
     from new full join old using (natural_key)`,
    [kind, snapshots],
  );
  return rows[0] ?? { appeared: 0, changed: 0, vanished: 0 };
}
