/**
 * The small sources as typed rows in memory: closed uploads, registrations, shops, measures, traffic, aliases. They
 * hold thousands of rows; the registers of millions stay in DuckDB (`registers.ts`).
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { EvidenceRow, EvidenceValue } from '../run-result.ts';
import type { SourceKind } from '../sources/source-tables.ts';

interface Row {
  readonly source: SourceKind;
  readonly file: string;
  readonly row: number;
  readonly ubn: string | null;
  readonly name: string | null;
}

export interface AmountRow extends Row {
  readonly source: 'fsc_reply' | 'tax_sales';
  readonly ubnRejected: string | null;
  readonly year: number;
  /** NT$: daily average balance (fsc_reply) or sales of the year (tax_sales). */
  readonly amount: number;
}
export interface RegistrationRow extends Row {
  readonly source: 'capability_registration';
  readonly certificateNo: string | null;
  readonly registeredOn: string | null;
  readonly validUntil: string | null;
  readonly block: string;
  readonly extended: boolean;
}
export interface ApplicationRow extends Row {
  readonly source: 'capability_application';
  readonly appliedOn: string | null;
  readonly status: string | null;
}
export interface ShopRow extends Row {
  readonly source: 'high_risk_shop';
  readonly name: string;
  readonly quarter: string;
  readonly rank: number | null;
  readonly domain: string | null;
}
export interface MeasureRow extends Row {
  readonly source: 'hardening_measure';
  readonly ubnRejected: string | null;
  readonly measure: string;
  readonly joinedOn: string | null;
}
export interface TrafficRow extends Row {
  readonly source: 'traffic';
  readonly domain: string | null;
  readonly monthlyVisits: number;
}
export interface AliasRow {
  readonly source: 'brand_alias' | 'brand-alias-list';
  readonly file: string;
  readonly row: number;
  readonly brand: string;
  readonly companyName: string | null;
  readonly ubn: string | null;
  readonly domain: string | null;
}

/** A row that says something about a firm, and so is to be tied to one. */
export type FirmRow = AmountRow | RegistrationRow | ApplicationRow | MeasureRow;

export const isAmount = (row: FirmRow): row is AmountRow =>
  row.source === 'fsc_reply' || row.source === 'tax_sales';

export interface SourceRows {
  readonly amounts: readonly AmountRow[];
  readonly registrations: readonly RegistrationRow[];
  readonly applications: readonly ApplicationRow[];
  readonly shops: readonly ShopRow[];
  readonly measures: readonly MeasureRow[];
  readonly traffic: readonly TrafficRow[];
  readonly aliases: readonly AliasRow[];
}

/**
 * All rows of a query as plain objects; whole numbers must be cast to `double` and dates to `varchar` in the SQL.
 * `onAnswered` is called once the database has done its part, before the rows are made.
 */
export async function select<T>(
  connection: DuckDBConnection,
  sql: string,
  onAnswered?: () => void,
): Promise<T[]> {
  const reader = await connection.runAndReadAll(sql);
  onAnswered?.();
  const names = reader.deduplicatedColumnNames();
  const columns = reader.getColumnsJS();
  // By columns: half the time of the reader's own rows.
  return Array.from({ length: reader.currentRowCount }, (_, row) => {
    const object: Record<string, unknown> = {};
    for (let column = 0; column < names.length; column += 1) object[names[column]!] = columns[column]![row];
    return object as T;
  });
}

const columns: Record<string, string> = {
  fsc_reply: `s.ubn, s.name, s.ubn_rejected as "ubnRejected", s.year::double as year, s.balance::double as amount`,
  tax_sales: `s.ubn, s.name, s.ubn_rejected as "ubnRejected", s.year::double as year, s.sales::double as amount`,
  capability_registration: `s.ubn, s.name, s.certificate_no as "certificateNo", s.registered_on::varchar as "registeredOn",
    s.valid_until::varchar as "validUntil", s.block, s.extended`,
  capability_application: `s.ubn, s.name, s.applied_on::varchar as "appliedOn", s.status`,
  high_risk_shop: `s.ubn, s.name, s.quarter, s.rank::double as rank, s.domain`,
  hardening_measure: `s.ubn, s.name, s.ubn_rejected as "ubnRejected", s.measure, s.joined_on::varchar as "joinedOn"`,
  traffic: `null::varchar as ubn, s.name, s.domain, s.monthly_visits::double as "monthlyVisits"`,
  brand_alias: `s.ubn, s.brand, s.company_name as "companyName", s.domain`,
};

async function rowsOf<T>(connection: DuckDBConnection, kind: SourceKind): Promise<T[]> {
  return select<T>(
    connection,
    `select '${kind}' as source, f.name as file, s.row_number::double as row, ${columns[kind]}
     from src_${kind} s join run_file f using (file_id) order by f.name, f.file_id, s.row_number`,
  );
}

/** Reads the small sources from the files in use (`run_file`), in the order of file and row. */
export async function readSourceRows(connection: DuckDBConnection): Promise<SourceRows> {
  return {
    amounts: [
      ...(await rowsOf<AmountRow>(connection, 'fsc_reply')),
      ...(await rowsOf<AmountRow>(connection, 'tax_sales')),
    ],
    registrations: await rowsOf<RegistrationRow>(connection, 'capability_registration'),
    applications: await rowsOf<ApplicationRow>(connection, 'capability_application'),
    shops: await rowsOf<ShopRow>(connection, 'high_risk_shop'),
    measures: await rowsOf<MeasureRow>(connection, 'hardening_measure'),
    traffic: await rowsOf<TrafficRow>(connection, 'traffic'),
    aliases: await rowsOf<AliasRow>(connection, 'brand_alias'),
  };
}

/** The row as evidence: where it stands and every cell that says something. */
export function evidenceOf(row: FirmRow | ShopRow | TrafficRow | AliasRow): EvidenceRow {
  const values: Record<string, EvidenceValue> = {};
  for (const [key, value] of Object.entries(row) as [string, EvidenceValue][]) {
    if (key !== 'source' && key !== 'file' && key !== 'row' && value !== null) values[key] = value;
  }
  return { file: row.file, row: row.row, source: row.source, values };
}
