/**
 * The typed DuckDB tables that every reader fills and the whole engine reads: one per source kind.
 * Every row knows its file (`file_id`) and where it stood there (`row_number`, 1-based line or sheet row, header = 1).
 * `ubn` is null or eight digits that pass the check of 2023; amounts are whole NT$; dates are legal days.
 */
export const sourceTables = {
  /** GCIS company list of one business item (data.gov.tw 22184): every row carries I301040. */
  company_by_item: `
    ubn varchar not null, name varchar not null, address varchar, capital_total bigint, capital_paid bigint,
    working_capital bigint, status varchar not null, produced_on date`,
  /** General company list: the headers of 22184 plus 營業項目 (codes parted by `;`). */
  company: `
    ubn varchar not null, name varchar not null, address varchar, capital_total bigint, capital_paid bigint,
    working_capital bigint, status varchar not null, produced_on date, items varchar[]`,
  /** GCIS business (商業) list of one item (108381). A UBN repeats where a firm moved county. */
  business_by_item: `
    ubn varchar not null, name varchar not null, address varchar, status varchar not null`,
  /** MoF tax register BGMOPEN1 (data.gov.tw 9400): active taxpayers only, a row per trading location. */
  tax_register: `
    ubn varchar not null, head_office_ubn varchar, name varchar not null, address varchar, capital bigint,
    set_up_on date, organisation_kind varchar, uses_invoice boolean, industry_codes varchar[], industry_names varchar[]`,
  /** Passed list of the capability registration (165372 CSV, or the ODS of three blocks). */
  capability_registration: `
    ubn varchar, name varchar not null, certificate_no varchar, registered_on date, valid_until date,
    block varchar not null /* in-force | revoked | lapsed */, extended boolean not null`,
  /** Applications for the capability registration. */
  capability_application: `
    ubn varchar, name varchar, applied_on date, status varchar`,
  /** FSC reply: daily average balance of agency collections. `ubn_rejected` keeps a number that is no UBN. */
  fsc_reply: `
    ubn varchar, name varchar, year integer not null /* Gregorian */, balance bigint not null, ubn_rejected varchar`,
  /** Tax sales of third-party payment. */
  tax_sales: `
    ubn varchar, name varchar, year integer not null, sales bigint not null, ubn_rejected varchar`,
  /** Police list of high-risk shops, one row per quarter and shop. */
  high_risk_shop: `
    quarter varchar not null /* 2023Q3 */, rank integer, name varchar not null, domain varchar /* lower case host without www. */, ubn varchar`,
  /** Who took part in which hardening measure. */
  hardening_measure: `
    measure varchar not null, name varchar, ubn varchar, joined_on date, ubn_rejected varchar`,
  /** Monthly visits of sites. */
  traffic: `
    name varchar, domain varchar, monthly_visits bigint not null`,
  /** Brand ↔ company: which firm stands behind a brand or domain. */
  brand_alias: `
    brand varchar not null, company_name varchar, ubn varchar, domain varchar`,
} as const;

/** The name of a source kind, which is also the name of its DuckDB table without the prefix `src_`. */
export type SourceKind = keyof typeof sourceTables;

/** Bookkeeping tables beside the typed ones. */
export const bookkeepingTables = {
  source_file: `
    file_id integer primary key, name varchar not null, kind varchar /* null: not recognised */, sha256 varchar not null,
    bytes bigint not null, encoding varchar, container varchar, data_date date, good_rows bigint not null, rejected_rows bigint not null,
    headers varchar[], problem_code varchar, problem_zh varchar, problem_en varchar`,
  rejected_cell: `
    file_id integer not null, file varchar not null, row_number bigint, column_name varchar, value varchar,
    reason_code varchar not null, reason_zh varchar not null, reason_en varchar not null, row_kept boolean not null`,
} as const;

/** The name of the DuckDB table of a kind. */
export const tableOf = (kind: SourceKind): string => `src_${kind}`;

/** All `create table` statements, in order. */
export function createSourceTables(): string {
  const typed = Object.entries(sourceTables).map(
    ([kind, columns]) =>
      `create table if not exists src_${kind} (file_id integer not null, row_number bigint not null, ${columns});`,
  );
  const books = Object.entries(bookkeepingTables).map(
    ([name, columns]) => `create table if not exists ${name} (${columns});`,
  );
  return [...typed, ...books].join('\n');
}
