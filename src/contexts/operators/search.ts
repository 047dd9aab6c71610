import { sql, type Kysely } from 'kysely';
import { foldText, parseCompanyName } from '#shared/company-name';
import type { SearchHit } from './contract.ts';
import type { OperatorsTables } from './tables.ts';

/** Names looked at for one search; beyond that the query is too wide for the order to matter. */
const CONTAINING = 300;
const STARTING = 100;

interface Row {
  readonly ubn: string;
  readonly name: string;
  readonly matched: string;
  readonly kind: string;
  readonly address: string | null;
  readonly register_class: string;
  readonly status: SearchHit['status'];
}

/**
 * Finds operators by the beginning of a UBN, part of a name, or a brand. Order: exact, beginning, containing; firms with
 * the item first, short names first. Among more than 300 containing names the answer is one sample of them.
 */
export async function searchOperators(
  db: Kysely<OperatorsTables>,
  query: string,
  limit: number,
): Promise<SearchHit[]> {
  const folded = foldText(query);
  if (folded === '') return [];
  const rows = /^[0-9]{2,8}$/.test(folded)
    ? await byUbn(db, folded, limit)
    : await byName(db, nameOf(query), limit);
  return rows.map((row) => ({
    ubn: row.ubn,
    name: row.name,
    matchedName: row.matched === row.name ? null : row.matched,
    address: row.address,
    registerClass: row.register_class,
    status: row.status,
  }));
}

/** What is looked for: a complete company name is reduced to its core, as names are stored. */
function nameOf(query: string): string {
  const parsed = parseCompanyName(query);
  return parsed.legalForm === null || parsed.core.length < 2 ? foldText(query) : parsed.core;
}

const statusOf = sql`(select ro.status from operators.run_operator ro
  where ro.run_id = (select id from operators.run where state = 'done' order by number desc limit 1) and ro.ubn = o.ubn limit 1)`;

async function byUbn(db: Kysely<OperatorsTables>, start: string, limit: number): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select o.ubn, o.name, o.name as matched, 'legal' as kind, o.address, o.register_class, ${statusOf} as status
    from operators.operator o where o.ubn >= ${start} and o.ubn < ${`${start}:`} order by o.ubn limit ${limit}`.execute(
    db,
  );
  return rows;
}

async function byName(db: Kysely<OperatorsTables>, folded: string, limit: number): Promise<readonly Row[]> {
  const pattern = folded.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
  const { rows } = await sql<Row>`
    with hit as materialized (
      (select ubn, name, folded, kind from operators.operator_name where folded = ${folded} limit ${STARTING})
      union
      (select ubn, name, folded, kind from operators.operator_name where folded like ${`${pattern}%`} limit ${STARTING})
      union
      (select ubn, name, folded, kind from operators.operator_name
        where ${folded.length > 1} and grams @> operators.grams(${folded}) and folded like ${`%${pattern}%`} limit ${CONTAINING})
    ), best as (
      select distinct on (h.ubn) h.ubn, o.name, h.name as matched, h.kind, o.address, o.register_class, o.has_item, h.folded,
        case when h.folded = ${folded} then 0 when starts_with(h.folded, ${folded}) then 1 else 2 end as closeness
      from hit h join operators.operator o using (ubn)
      order by h.ubn, closeness, h.kind, length(h.folded)
    ), top as (
      select * from best o order by closeness, (not has_item), length(folded), ubn limit ${limit}
    )
    select o.*, ${statusOf} as status from top o order by closeness, (not has_item), length(folded), ubn`.execute(
    db,
  );
  return rows;
}
