import { sql, type Kysely } from 'kysely';
import { sourceKinds } from '../sources/source-kinds.ts';
import type { OperatorsTables } from '../tables.ts';

/** What anybody may know of an operator: open data only. No balance, sales, finding or score is here. */
export interface PublicEntry {
  readonly ubn: string;
  readonly name: string;
  readonly address: string | null;
  readonly registerClass: string;
  readonly registerStatus: string | null;
  readonly hasItem: boolean;
  readonly brands: readonly string[];
  readonly certificate: { readonly number: string; readonly until: string | null } | null;
  readonly sources: readonly { readonly title: string; readonly dataDate: string | null }[];
}

const open = sourceKinds.filter((kind) => kind.access === 'open');

/** The public entry of a UBN, or null where no open register knows it. */
export async function publicEntry(db: Kysely<OperatorsTables>, ubn: string): Promise<PublicEntry | null> {
  const operator = await db.selectFrom('operator').selectAll().where('ubn', '=', ubn).executeTakeFirst();
  if (operator === undefined) return null;
  const brands = await db
    .selectFrom('operator_name')
    .select('name')
    .where('ubn', '=', ubn)
    .where('kind', '=', 'brand')
    .limit(20)
    .execute();
  const { rows: certificates } = await sql<{ number: string; until: string | null }>`
    select payload ->> 'certificate_no' as number, valid_to as until from operators.fact
    where ubn = ${ubn} and kind = 'capability_registration' and known_to is null and payload ->> 'block' <> 'revoked'
      and valid_from <= current_date and (valid_to is null or valid_to >= current_date)
    order by valid_to desc nulls first limit 1`.execute(db);
  const { rows: sources } = await sql<{ kind: string; date: string | null }>`
    select f.kind, max(s.data_date) as date from operators.fact f join operators.snapshot s on s.number = f.known_from_snapshot
    where f.ubn = ${ubn} and f.known_to is null and f.kind = any(${open.map((kind) => kind.kind)}) group by f.kind order by f.kind`.execute(
    db,
  );
  return {
    ubn,
    name: operator.name,
    address: operator.address,
    registerClass: operator.register_class,
    registerStatus: operator.register_status,
    hasItem: operator.has_item,
    brands: brands.map((brand) => brand.name),
    certificate: certificates[0] ?? null,
    sources: sources.map((source) => {
      const info = open.find((kind) => kind.kind === source.kind);
      return { title: `${info?.publisher ?? ''} ${info?.zh ?? source.kind}`, dataDate: source.date };
    }),
  };
}
