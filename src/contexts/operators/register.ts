import type pg from 'pg';
import { foldText, parseCompanyName } from '#shared/company-name';
import brandAliases from './rules/brand-aliases.json' with { type: 'json' };
import { statusClassifier } from './matching/register-class.ts';
import { packInForce } from './rules/rule-pack.ts';

const registers = ['company_by_item', 'company', 'business_by_item', 'tax_register'];
/** The row that speaks for a firm: company lists before business list before tax register; living before gone. */
const classRank = [
  'in-being',
  'foreign-branch',
  'suspended',
  'closing',
  'ordered-dissolved',
  'unknown',
  'moved',
  'gone',
];

/**
 * Rebuilds the operators named in the temp table `touched`, with their names for search, from the open facts. An
 * operator that no register knows any more leaves the table; its facts stay.
 */
export async function refreshOperators(client: pg.PoolClient, today: Temporal.PlainDate): Promise<void> {
  const pack = packInForce(today);
  await client.query('analyze touched');
  await fillStatusClasses(client, statusClassifier(pack));
  await client.query(
    `create temp table fresh on commit drop as
     select distinct on (f.ubn) f.ubn, f.name, f.folded, f.payload ->> 'address' as address,
       case when f.kind = 'tax_register' then 'tax-only' else coalesce(s.class, 'unknown') end as register_class,
       f.payload ->> 'status' as register_status,
       coalesce(nullif((f.payload ->> 'capital_paid')::bigint, 0), (f.payload ->> 'capital_total')::bigint, (f.payload ->> 'capital')::bigint) as capital,
       exists (select 1 from operators.fact i where i.ubn = f.ubn and i.known_to is null
         and (i.kind in ('company_by_item', 'business_by_item') or (i.kind = 'company' and i.payload -> 'items' ? $2))) as has_item,
       f.kind as source
     from touched t join operators.fact f on f.ubn = t.ubn and f.known_to is null and f.kind = any($1)
     left join status_class s on s.status = f.payload ->> 'status'
     order by f.ubn, array_position($1, f.kind), coalesce(s.rank, 0), f.row_number`,
    [registers, pack.businessItem.code],
  );
  await client.query(`
    insert into operators.operator select * from fresh
      on conflict (ubn) do update set name = excluded.name, folded = excluded.folded, address = excluded.address,
        register_class = excluded.register_class, register_status = excluded.register_status, capital = excluded.capital,
        has_item = excluded.has_item, source = excluded.source;
    delete from operators.operator o using touched t where o.ubn = t.ubn and not exists (select 1 from fresh f where f.ubn = o.ubn);
    delete from operators.operator_name n using touched t where n.ubn = t.ubn and n.kind = 'legal';`);
  await beforeIndex(client, 'operator_name', 'operator_name_part', () =>
    client.query(
      `insert into operators.operator_name (ubn, name, folded, kind, grams)
       select ubn, name, folded, 'legal', ${grams('folded')} from (
         select distinct on (f.ubn, f.folded) f.ubn, f.name, f.folded
         from touched t join operators.fact f on f.ubn = t.ubn and f.known_to is null and f.kind = any($1)
         where f.folded <> '' order by f.ubn, f.folded, array_position($1, f.kind)) names`,
      [registers],
    ),
  );
}

/** `operators.grams` written out, which a bulk needs: 32,000 names take 0.1 s, through the function 0.8 s. */
const grams = (folded: string): string =>
  `array(select substr(${folded}, i, 2) from generate_series(1, greatest(length(${folded}) - 1, 1)) as i)`;

/** Fills an empty table before its index is built: 0.1 s instead of 1 s for 32,000 names. Another is filled as it is. */
async function beforeIndex(
  client: pg.PoolClient,
  table: string,
  index: string,
  fill: () => Promise<unknown>,
): Promise<void> {
  const { rows } = await client.query<{ definition: string }>(
    `select pg_get_indexdef('operators.${index}'::regclass) as definition where not exists (select from operators.${table})`,
  );
  if (rows[0] !== undefined) await client.query(`drop index operators.${index}`);
  await fill();
  if (rows[0] !== undefined) await client.query(rows[0].definition);
}

/** Names every brand of the alias uploads and of the shipped list for search. Small; rebuilt whole. */
export async function refreshBrands(client: pg.PoolClient): Promise<void> {
  const shipped = brandAliases.aliases.map((alias) => ({
    brand: alias.brand,
    folded: foldText(alias.brand),
    ubn: alias.ubn,
    core: alias.company === null ? null : parseCompanyName(alias.company).core,
  }));
  await client.query(`delete from operators.operator_name where kind = 'brand'`);
  await client.query(
    `insert into operators.operator_name (ubn, name, folded, kind, grams)
     select distinct on (o.ubn, a.folded) o.ubn, a.brand, a.folded, 'brand', operators.grams(a.folded) from (
       select ubn, name as brand, folded, null as core from operators.fact where kind = 'brand_alias' and known_to is null and ubn is not null
       union all
       select ubn, brand, folded, core from jsonb_to_recordset($1::jsonb) as s (brand text, folded text, ubn text, core text)
     ) a join operators.operator o on o.ubn = a.ubn or (a.ubn is null and a.core is not null
       and o.ubn in (select ubn from operators.operator_name where folded = a.core and kind = 'legal'))
     where a.folded <> '' and o.register_class <> 'gone'`,
    [JSON.stringify(shipped)],
  );
}

async function fillStatusClasses(client: pg.PoolClient, classify: (status: string) => string): Promise<void> {
  const { rows } = await client.query<{ status: string }>(
    `select distinct payload ->> 'status' as status from operators.fact
     where kind = any($1) and known_to is null and payload ->> 'status' is not null and ubn in (select ubn from touched)`,
    [registers],
  );
  const classes = rows.map(({ status }) => {
    const found = classify(status);
    return { status, class: found, rank: classRank.indexOf(found) };
  });
  await client.query(
    'create temp table status_class (status text primary key, class text not null, rank integer not null) on commit drop',
  );
  await client.query(
    `insert into status_class select * from jsonb_to_recordset($1::jsonb) as s (status text, class text, rank integer)`,
    [JSON.stringify(classes)],
  );
}
