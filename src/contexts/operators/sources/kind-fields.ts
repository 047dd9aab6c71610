import {
  amountCell,
  bareAmount,
  bareDate,
  type CellSql,
  dateCell,
  domainCell,
  flagCell,
  itemsCell,
  narrow,
  quarterCell,
  rankCell,
  textCell,
  ubnCell,
  yearCell,
} from './cell-sql.ts';
import type { CleanForm } from './clean-form.ts';
import type { SourceKind } from './source-tables.ts';

/** One column of a typed table: where it comes from, how it is read, and what a bad cell costs. */
export interface Field {
  target: string;
  /** Key of the wanted column. */
  source: string;
  read: (cell: string, today: string, bare: string) => CellSql;
  /** The bare form of the cell, where `read` looks at one. */
  bare?: (cell: string) => string;
  /** `row`: a bad cell rejects the row; `cell`: the value is left out, the row stands and the cell is listed. */
  costs: 'row' | 'cell';
  /** Blank is a bad cell. */
  required?: boolean;
  /** The form in which clean registers hold it. */
  clean: CleanForm;
}

/** How the rows of a kind are tied to a firm. */
export interface KindFields {
  fields: readonly Field[];
  /**
   * `register`: a row without a valid UBN is rejected. `closed`: a row needs a name or a valid UBN, a bad UBN beside a
   * name is listed and the row kept. `kept`: a bad UBN is listed, the row always kept.
   */
  ubn?: 'register' | 'closed' | 'kept';
  /** Column of the name that stands in for a UBN. */
  nameSource?: string;
  /** The table has `ubn_rejected`. */
  keepsRejectedUbn?: boolean;
  /** One of these must have a value. */
  anyOf?: readonly string[];
}

const text = (target: string, required: boolean, source = target): Field => ({
  target,
  source,
  read: (cell) => textCell(cell, required),
  costs: 'row',
  clean: required ? 'text' : 'textOrBlank',
});
const amount = (target: string, costs: Field['costs'], required = false): Field => ({
  target,
  source: target,
  read: (cell, _, bare) => amountCell(cell, bare),
  bare: bareAmount,
  costs,
  required,
  clean: 'amountOrBlank',
});
const date = (target: string, costs: Field['costs'], past: boolean): Field => ({
  target,
  source: target,
  read: (cell, today, bare) => dateCell(cell, past ? today : undefined, bare),
  bare: bareDate,
  costs,
  clean: past ? 'pastOrBlank' : 'dateOrBlank',
});
const domain: Field = { target: 'domain', source: 'domain', read: domainCell, costs: 'cell', clean: 'any' };

const companyFields: readonly Field[] = [
  text('name', true),
  text('address', false),
  amount('capital_total', 'row'),
  amount('capital_paid', 'row'),
  amount('working_capital', 'row'),
  text('status', true),
  date('produced_on', 'row', true),
];

/** How each kind is read. Industry lists and the blocks of the capability list are built beside these fields. */
export const kindFields: Record<SourceKind, KindFields> = {
  company: {
    ubn: 'register',
    fields: [
      ...companyFields,
      { target: 'items', source: 'items', read: itemsCell, costs: 'cell', clean: 'itemsOrBlank' },
    ],
  },
  company_by_item: { ubn: 'register', fields: companyFields },
  business_by_item: {
    ubn: 'register',
    fields: [text('name', true), text('address', false), text('status', true)],
  },
  tax_register: {
    ubn: 'register',
    fields: [
      {
        target: 'head_office_ubn',
        source: 'head_office_ubn',
        read: (cell, _, bare) => ubnCell(cell, bare),
        bare: narrow,
        costs: 'cell',
        clean: 'ubnOrBlank',
      },
      text('name', true),
      text('address', false),
      amount('capital', 'row'),
      date('set_up_on', 'cell', false),
      text('organisation_kind', false),
      { target: 'uses_invoice', source: 'uses_invoice', read: flagCell, costs: 'cell', clean: 'flagOrBlank' },
    ],
  },
  capability_registration: {
    ubn: 'kept',
    nameSource: 'name',
    fields: [
      text('name', true),
      text('certificate_no', false),
      date('registered_on', 'row', true),
      date('valid_until', 'row', false),
    ],
  },
  capability_application: {
    ubn: 'closed',
    nameSource: 'name',
    fields: [text('name', false), date('applied_on', 'row', true), text('status', false)],
  },
  fsc_reply: {
    ubn: 'closed',
    nameSource: 'name',
    keepsRejectedUbn: true,
    fields: [
      text('name', false),
      { target: 'year', source: 'year', read: yearCell, bare: narrow, costs: 'row', clean: 'any' },
      amount('balance', 'row', true),
    ],
  },
  tax_sales: {
    ubn: 'closed',
    nameSource: 'name',
    keepsRejectedUbn: true,
    fields: [
      text('name', false),
      { target: 'year', source: 'year', read: yearCell, bare: narrow, costs: 'row', clean: 'any' },
      amount('sales', 'row', true),
    ],
  },
  high_risk_shop: {
    ubn: 'kept',
    nameSource: 'name',
    fields: [
      { target: 'quarter', source: 'quarter', read: quarterCell, bare: narrow, costs: 'row', clean: 'any' },
      { target: 'rank', source: 'rank', read: rankCell, costs: 'cell', clean: 'any' },
      text('name', true),
      domain,
    ],
  },
  hardening_measure: {
    ubn: 'closed',
    nameSource: 'name',
    keepsRejectedUbn: true,
    fields: [text('measure', true), text('name', false), date('joined_on', 'row', true)],
  },
  traffic: {
    anyOf: ['name', 'domain'],
    fields: [text('name', false), domain, amount('monthly_visits', 'row', true)],
  },
  brand_alias: {
    ubn: 'kept',
    fields: [text('brand', true), text('company_name', false), domain],
  },
};
