/**
 * What the registers say of the candidates. DuckDB keeps the registers and joins; only the rows of candidates (firms
 * with the business item, and firms that a source names) come into memory.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { EvidenceRow, ItemState, RegisterClass } from '../run-result.ts';
import type { RulePack } from '../rules/rule-pack.ts';
import { decidingRow, type RegisterRow, statusClassifier } from './register-class.ts';
import { select } from './source-rows.ts';

/** A firm as the registers know it. */
export interface RegisterFirm {
  readonly ubn: string;
  readonly name: string;
  /** Every name the registers give the number, the deciding one first. */
  readonly names: readonly string[];
  readonly class: RegisterClass;
  readonly status: string | null;
  readonly gone: boolean;
  readonly address: string | null;
  readonly isBusiness: boolean;
  readonly inTaxRegister: boolean;
  readonly headOfficeUbn: string | null;
  readonly item: ItemState;
  readonly rows: readonly RegisterRow[];
}

/** Which registers are loaded, and how many rows of each. */
export interface RegistersLoaded {
  readonly rows: Readonly<
    Record<'company_by_item' | 'company' | 'business_by_item' | 'tax_register', number>
  >;
  /** A register of all firms (general company list, tax register) is loaded, so that a missing number means something. */
  readonly broad: boolean;
}

const registerKinds = ['company_by_item', 'company', 'business_by_item', 'tax_register'] as const;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Columns of the large registers that no run reads. */
export const unusedColumns = {
  tax_register: ['capital', 'set_up_on', 'uses_invoice', 'industry_codes', 'industry_names'],
  company: ['capital_total', 'capital_paid', 'working_capital'],
} as const;

/** Creates views `reg_<kind>` over the files in use, and counts their rows. */
export async function openRegisters(connection: DuckDBConnection): Promise<RegistersLoaded> {
  const rows = { company_by_item: 0, company: 0, business_by_item: 0, tax_register: 0 };
  for (const kind of registerKinds) {
    await connection.run(
      `create or replace temp view reg_${kind} as
       select s.*, f.name as file from src_${kind} s join run_file f on f.file_id = s.file_id`,
    );
    const [counted] = await select<{ n: number }>(
      connection,
      `select count(*)::double as n from reg_${kind}`,
    );
    rows[kind] = counted?.n ?? 0;
  }
  return { rows, broad: rows.company > 0 || rows.tax_register > 0 };
}

/** The numbers of all firms with the business item, whatever their status, in order. */
export async function firmsWithItem(connection: DuckDBConnection, pack: RulePack): Promise<string[]> {
  const rows = await select<{ ubn: string }>(
    connection,
    `select ubn from reg_company_by_item union select ubn from reg_business_by_item
     union select ubn from reg_company where list_contains(items, ${literal(pack.businessItem.code)}) order by ubn`,
  );
  return rows.map((row) => row.ubn);
}

/**
 * What the registers say of the given numbers; a number that none of them knows is missing from the map. `onAnswered` is
 * called once the database has answered, before the firms are put together.
 */
export async function readFirms(
  connection: DuckDBConnection,
  ubns: Iterable<string>,
  pack: RulePack,
  loaded: RegistersLoaded,
  onAnswered?: () => void,
): Promise<Map<string, RegisterFirm>> {
  await fillUbnTable(connection, ubns);
  const found = await select<RegisterRow & { ubn: string }>(connection, registerRowsSql(pack), onAnswered);
  const byUbn = Map.groupBy(found, (row) => row.ubn);
  const classify = statusClassifier(pack);
  const firms = new Map<string, RegisterFirm>();
  for (const [ubn, rows] of byUbn) firms.set(ubn, toFirm(ubn, rows, classify, loaded));
  return firms;
}

/** Every name that the registers give the numbers. */
export async function readNames(
  connection: DuckDBConnection,
  ubns: Iterable<string>,
): Promise<Map<string, Set<string>>> {
  await fillUbnTable(connection, ubns);
  const found = registerKinds.map(
    (kind) => `select ubn, name from reg_${kind} semi join run_ubn using (ubn)`,
  );
  const names = new Map<string, Set<string>>();
  for (const { ubn, name } of await select<{ ubn: string; name: string }>(connection, found.join(' union ')))
    names.set(ubn, (names.get(ubn) ?? new Set()).add(name));
  return names;
}

async function fillUbnTable(connection: DuckDBConnection, ubns: Iterable<string>): Promise<void> {
  await connection.run('create or replace temp table run_ubn (ubn varchar not null)');
  const appender = await connection.createAppender('run_ubn');
  for (const ubn of new Set(ubns)) {
    appender.appendVarchar(ubn);
    appender.endRow();
  }
  appender.closeSync();
}

const has = (code: string): string => `coalesce(list_contains(items, ${literal(code)}), false)`;

function registerRowsSql(pack: RulePack): string {
  const shared = `file, row_number::double as row, ubn, name, address`;
  return `
    select * from (
      select 'company_by_item' as source, ${shared}, status, produced_on::varchar as "producedOn", true as "hasItem",
        false as "hasCatchAll", null::varchar as "headOfficeUbn", null::varchar as "organisationKind", 1 as place
      from reg_company_by_item semi join run_ubn using (ubn)
      union all
      select 'company', ${shared}, status, produced_on::varchar, ${has(pack.businessItem.code)}, ${has(pack.businessItem.catchAll)},
        null, null, 2 from reg_company semi join run_ubn using (ubn)
      union all
      select 'business_by_item', ${shared}, status, null, true, false, null, null, 3
      from reg_business_by_item semi join run_ubn using (ubn)
      union all
      select 'tax_register', ${shared}, null, null, false, false, head_office_ubn, organisation_kind, 4
      from reg_tax_register semi join run_ubn using (ubn)
    ) order by ubn, place, file, row`;
}

const businessKinds = /獨資|合夥/u;

function toFirm(
  ubn: string,
  rows: readonly RegisterRow[],
  classify: (status: string) => RegisterClass,
  loaded: RegistersLoaded,
): RegisterFirm {
  const deciding = decidingRow(rows, classify)!;
  const names = [...new Set([deciding.row.name, ...rows.map((row) => row.name)])];
  const tax = rows.find((row) => row.source === 'tax_register');
  const isBusiness =
    rows.some((row) => row.source === 'business_by_item') ||
    (rows.every((row) => row.source === 'tax_register') &&
      (businessKinds.test(tax?.organisationKind ?? '') || isBusinessName(deciding.row.name)));
  const headOffice = rows.find((row) => row.headOfficeUbn !== null && row.headOfficeUbn !== ubn);
  return {
    ubn,
    name: deciding.row.name,
    names,
    class: deciding.class,
    status: deciding.row.status,
    gone: deciding.class === 'gone',
    address: deciding.row.address ?? tax?.address ?? null,
    isBusiness,
    inTaxRegister: tax !== undefined,
    headOfficeUbn: headOffice?.headOfficeUbn ?? null,
    item: itemState(rows, isBusiness, loaded),
    rows,
  };
}

const isBusinessName = (name: string): boolean => /(?:商行|企業社|商號|工作室|企業行)$/u.test(name.trim());

/**
 * A firm lacks the item only where a list that would show it is loaded: the list of businesses for a 商號, one of the
 * company lists for a company.
 */
function itemState(rows: readonly RegisterRow[], isBusiness: boolean, loaded: RegistersLoaded): ItemState {
  if (rows.some((row) => row.hasItem)) return 'item';
  if (rows.some((row) => row.hasCatchAll)) return 'catch-all-only';
  return missingItem(isBusiness, loaded);
}

/** What is known of the item of a firm that no list with the item names. */
export function missingItem(isBusiness: boolean, loaded: RegistersLoaded): ItemState {
  const { company, company_by_item: byItem, business_by_item: businesses } = loaded.rows;
  const shown = isBusiness ? businesses > 0 : company > 0 || byItem > 0;
  return shown ? 'no-item' : 'unknown';
}

/** The register rows as evidence. */
export function registerEvidence(firm: RegisterFirm): EvidenceRow[] {
  return firm.rows.map((row) => ({
    file: row.file,
    row: row.row,
    source: row.source,
    values: {
      ubn: firm.ubn,
      name: row.name,
      ...(row.status === null ? {} : { status: row.status }),
      ...(row.producedOn === null ? {} : { producedOn: row.producedOn }),
      ...(row.address === null ? {} : { address: row.address }),
      ...(row.source === 'company' ? { item: row.hasItem, catchAll: row.hasCatchAll } : {}),
    },
  }));
}
