import { coreSql, foldSql } from '#shared/company-name';
import type { SourceKind } from './sources/source-tables.ts';

/** How rows of a kind become facts. The SQL is DuckDB's, over the columns of the kind's table. */
export interface FactShape {
  /** What makes two rows speak of the same thing. */
  readonly key: string;
  /** True where a newer file replaces the whole list, so that a missing row has vanished. */
  readonly wholeList: boolean;
  readonly ubn: string;
  readonly name: string;
  readonly folded: string;
  /** Days between which the fact is true; null: since the data date of the file. */
  readonly validFrom: string;
  readonly validTo: string;
  /** The cells kept. The day of production is left out: it would make every row of every month a change. */
  readonly payload: readonly string[];
}

const none = 'null::date';
const keyOf = (...parts: string[]): string =>
  `concat_ws('|', ${parts.map((part) => `coalesce(${part}::varchar, '')`).join(', ')})`;
const company = ['name', 'address', 'status', 'capital_total', 'capital_paid', 'working_capital'];

const register = (payload: readonly string[]): FactShape => ({
  key: 'ubn',
  wholeList: true,
  ubn: 'ubn',
  name: 'name',
  folded: coreSql('name'),
  validFrom: none,
  validTo: none,
  payload,
});
const upload = (shape: Partial<FactShape> & Pick<FactShape, 'key' | 'payload'>): FactShape => ({
  wholeList: false,
  ubn: 'ubn',
  name: 'name',
  folded: coreSql('name'),
  validFrom: none,
  validTo: none,
  ...shape,
});

const ofYear = { validFrom: 'make_date(year, 1, 1)', validTo: 'make_date(year, 12, 31)' };
const ofQuarter = {
  validFrom: 'make_date(quarter[1:4]::int, quarter[6:6]::int * 3 - 2, 1)',
  validTo: 'last_day(make_date(quarter[1:4]::int, quarter[6:6]::int * 3, 1))',
};

export const factShapes: Readonly<Record<SourceKind, FactShape>> = {
  company_by_item: register(company),
  company: register([...company, 'items']),
  business_by_item: register(['name', 'address', 'status']),
  tax_register: register([
    'name',
    'address',
    'capital',
    'head_office_ubn',
    'set_up_on',
    'organisation_kind',
    'uses_invoice',
    'industry_codes',
    'industry_names',
  ]),
  capability_registration: upload({
    wholeList: true,
    key: keyOf('ubn', 'name', 'certificate_no'),
    validFrom: 'registered_on',
    validTo: 'valid_until',
    payload: ['name', 'certificate_no', 'registered_on', 'valid_until', 'block', 'extended'],
  }),
  capability_application: upload({
    key: keyOf('ubn', 'name', 'applied_on'),
    validFrom: 'applied_on',
    payload: ['name', 'applied_on', 'status'],
  }),
  fsc_reply: upload({
    key: keyOf('ubn', 'name', 'year'),
    ...ofYear,
    payload: ['name', 'year', 'balance', 'ubn_rejected'],
  }),
  tax_sales: upload({
    key: keyOf('ubn', 'name', 'year'),
    ...ofYear,
    payload: ['name', 'year', 'sales', 'ubn_rejected'],
  }),
  high_risk_shop: upload({
    key: keyOf('quarter', 'rank', 'name'),
    folded: foldSql('name'),
    ...ofQuarter,
    payload: ['name', 'quarter', 'rank', 'domain'],
  }),
  hardening_measure: upload({
    key: keyOf('measure', 'ubn', 'name'),
    folded: foldSql('name'),
    validFrom: 'joined_on',
    payload: ['name', 'measure', 'joined_on', 'ubn_rejected'],
  }),
  traffic: upload({
    key: keyOf('domain', 'name'),
    ubn: 'null',
    folded: foldSql('name'),
    payload: ['name', 'domain', 'monthly_visits'],
  }),
  brand_alias: upload({
    key: keyOf('brand', 'domain', 'ubn'),
    name: 'brand',
    folded: foldSql('brand'),
    payload: ['brand', 'company_name', 'domain'],
  }),
};

/** Selects the rows of a DuckDB table of a kind as facts of a snapshot, in the column order of `factColumns`. */
export function factSelect(kind: SourceKind, table: string, snapshot: number): string {
  const shape = factShapes[kind];
  const payload = `to_json(struct_pack(${shape.payload.map((name) => `${name} := ${name}`).join(', ')}))::varchar`;
  return `select ${snapshot} as snapshot, natural_key, md5(payload) as digest, ubn, name, folded, payload, row_number, valid_from, valid_to from (
    select ${shape.key} as natural_key, ${shape.ubn} as ubn, ${shape.name} as name, ${shape.folded} as folded,
      ${payload} as payload, row_number, ${shape.validFrom} as valid_from, ${shape.validTo} as valid_to
    from ${table})`;
}

/** Columns of the incoming table, in order. */
export const factColumns = [
  'snapshot',
  'natural_key',
  'digest',
  'ubn',
  'name',
  'folded',
  'payload',
  'row_number',
  'valid_from',
  'valid_to',
] as const;
