import type { DuckDBConnection } from '@duckdb/node-api';
import { type CleanForm, cleanForms } from './clean-form.ts';
import { narrow, ubnCell } from './cell-sql.ts';
import { kindFields } from './kind-fields.ts';
import { LINE_COLUMN } from './parquet-rows.ts';
import { problem, type ProblemCode, problemCodes } from './problems.ts';
import { sourceKind } from './source-kinds.ts';
import { type SourceKind, tableOf } from './source-tables.ts';

/** Canonical rows on disk, ready to be loaded. */
export interface CanonicalRows {
  kind: SourceKind;
  fileId: number;
  fileName: string;
  /** Canonical files; their cells are `columns` in this order, behind the row number. */
  paths: { clean: string; checked: string };
  /** Keys of wanted columns, and for the capability list the two columns `block` and `extended`. */
  columns: readonly string[];
  /** Header as it stands in the file, by key. */
  headers: Readonly<Record<string, string>>;
  rowBytes: number;
  /** ISO day after which a date lies in the future. */
  today: string;
}

/** How many rows went where. */
export interface Loaded {
  good: number;
  rejected: number;
}

/** Text as an SQL literal. */
export const quoteSql = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The canonical file as a relation of text columns. */
export function canonicalRelation(
  path: string,
  columns: readonly string[],
  rowBytes: number,
  typeOf: (key: string) => string = () => 'VARCHAR',
): string {
  const types = [`'r': 'BIGINT'`, ...columns.map((key) => `'c_${key}': '${typeOf(key)}'`)].join(', ');
  return (
    `read_csv(${quoteSql(path)}, auto_detect = false, header = false, delim = chr(31), quote = '', escape = '', ` +
    `new_line = '\\n', columns = {${types}}, max_line_size = ${rowBytes * 3 + 4096}, strict_mode = true)`
  );
}

/** A named expression of the row, computed once and used by both statements. */
interface Check {
  /** Wanted key that the list of rejected cells names. */
  source: string;
  problem: string;
  /** SQL truth: the row stands in spite of it. */
  kept: string;
}

interface Plan {
  /** Bare forms of cells, which values and problems are made from. */
  bare: [name: string, sql: string][];
  values: [target: string, sql: string][];
  checks: Check[];
}

function plan(rows: CanonicalRows): Plan {
  const rules = kindFields[rows.kind];
  const cell = (key: string): string => (rows.columns.includes(key) ? `c_${key}` : 'NULL::VARCHAR');
  const bare: Plan['bare'] = [];
  const values: Plan['values'] = [];
  const checks: Check[] = [];
  for (const field of rules.fields) {
    const sql = field.read(cell(field.source), rows.today, `"b_${field.target}"`);
    if (field.bare !== undefined) bare.push([field.target, field.bare(cell(field.source))]);
    values.push([field.target, sql.value]);
    const found = sql.problem(`"v_${field.target}"`);
    const blank = `CASE WHEN ${cell(field.source)} IS NULL THEN 'missing_value' END`;
    const code = field.required ? `coalesce(${found}, ${blank})` : found;
    checks.push({ source: field.source, problem: code, kept: field.costs === 'cell' ? 'true' : 'false' });
  }
  const name = rules.nameSource === undefined ? 'NULL' : cell(rules.nameSource);
  if (rules.ubn !== undefined) {
    const raw = cell('ubn');
    const sql = ubnCell(raw, '"b_ubn"');
    bare.push(['ubn', narrow(raw)]);
    values.push(['ubn', sql.value]);
    const blank =
      rules.ubn === 'register'
        ? `'missing_value'`
        : rules.ubn === 'closed'
          ? `CASE WHEN ${name} IS NULL THEN 'missing_name_and_ubn' END`
          : 'NULL';
    const kept = rules.ubn === 'register' ? 'false' : rules.ubn === 'kept' ? 'true' : `${name} IS NOT NULL`;
    const found = sql.problem('"v_ubn"');
    checks.push({ source: 'ubn', problem: `CASE WHEN ${raw} IS NULL THEN ${blank} ELSE ${found} END`, kept });
  }
  if (rules.anyOf !== undefined) {
    const all = rules.anyOf.map((key) => `"v_${key}"`).join(', ');
    checks.push({
      source: rules.anyOf[0]!,
      problem: `CASE WHEN coalesce(${all}) IS NULL THEN 'missing_value' END`,
      kept: 'false',
    });
  }
  values.push(...industries(rows.kind, cell));
  if (rows.kind === 'capability_registration') {
    values.push(['block', cell('block')], ['extended', `${cell('extended')} = 'y'`]);
  }
  return { bare, values, checks };
}

/** The four industries of a taxpayer as two lists. */
function industries(kind: SourceKind, cell: (key: string) => string): [string, string][] {
  if (kind !== 'tax_register') return [];
  return ['code', 'name'].map((part) => {
    const cells = [0, 1, 2, 3].map((index) => cell(`industry_${part}_${index}`));
    return [`industry_${part}s`, filled(cells)];
  });
}

/** A list of the cells that are not blank; most rows have one or two, the first ones: no lambda for those. */
function filled(cells: readonly string[]): string {
  const [first, second, ...others] = cells;
  const noMore = others.map((cell) => `${cell} IS NULL`).join(' AND ');
  return (
    `CASE WHEN ${first} IS NOT NULL AND ${noMore} THEN CASE WHEN ${second} IS NULL THEN [${first}] ELSE [${first}, ${second}] END ` +
    `ELSE list_filter([${cells.join(', ')}], lambda item: item IS NOT NULL) END`
  );
}

const cleanTypes: Partial<Record<CleanForm, string>> = {
  amountOrBlank: 'BIGINT',
  dateOrBlank: 'DATE',
  pastOrBlank: 'DATE',
};
const cleanValues: Partial<Record<CleanForm, (cell: string) => string>> = {
  flagOrBlank: (cell) => `${cell} = 'Y'`,
  itemsOrBlank: (cell) => `CASE WHEN ${cell} IS NULL THEN [] ELSE string_split(${cell}, ';') END`,
};

/** Whether the rows of a kind may be clean, and the form of each column then. */
export function cleanFormsOf(kind: SourceKind, keys: readonly string[]): number[] | undefined {
  const rules = kindFields[kind];
  if (rules.ubn !== 'register') return undefined;
  const form = (key: string): CleanForm =>
    key === 'ubn' ? 'ubn' : (rules.fields.find((field) => field.source === key)?.clean ?? 'any');
  return keys.map((key) => cleanForms[form(key)]);
}

/** Values of clean rows by target, from cells that `read` has typed. */
function cleanRowValues(
  kind: SourceKind,
  cell: (key: string) => string,
  typed: (form: CleanForm, cell: string) => string,
): [target: string, sql: string][] {
  return [
    ['ubn', cell('ubn')],
    ...kindFields[kind].fields.map((field): [string, string] => {
      const value = typed(field.clean, cell(field.source));
      return [field.target, cleanValues[field.clean]?.(value) ?? value];
    }),
    ...industries(kind, cell),
  ];
}

/** Loads rows that fit their forms: one scan, by type. */
async function loadClean(connection: DuckDBConnection, rows: CanonicalRows): Promise<number> {
  const { fields } = kindFields[rows.kind];
  const cell = (key: string): string => (rows.columns.includes(key) ? `c_${key}` : 'NULL');
  const formOf = (key: string): CleanForm => fields.find((field) => field.source === key)?.clean ?? 'any';
  const values = cleanRowValues(rows.kind, cell, (_, value) => value);
  const relation = canonicalRelation(
    rows.paths.clean,
    rows.columns,
    rows.rowBytes,
    (key) => cleanTypes[formOf(key)] ?? 'VARCHAR',
  );
  const inserted = await connection.run(
    `INSERT INTO ${tableOf(rows.kind)} (file_id, row_number, ${values.map(([target]) => target).join(', ')}) ` +
      `SELECT ${rows.fileId}, r, ${values.map(([, sql]) => sql).join(', ')} FROM ${relation}`,
  );
  return inserted.rowsChanged;
}

/** A day of the clean forms: seven ROC digits or ISO. A cell that is neither gives NULL or another day, never an error. */
function directDay(cell: string): string {
  const number = `TRY_CAST(${cell} AS INTEGER)`;
  const roc = `make_date(1911 + ${number} // 10000, ${number} // 100 % 100, ${number} % 100)`;
  return `CASE WHEN strlen(${cell}) = 7 THEN TRY(${roc}) ELSE TRY_CAST(${cell} AS DATE) END`;
}

const directTypes: Partial<Record<CleanForm, (cell: string) => string>> = {
  amountOrBlank: (cell) => `TRY_CAST(${cell} AS BIGINT)`,
  dateOrBlank: directDay,
  pastOrBlank: directDay,
};

/** How clean rows are loaded from Parquet files (see parquet-rows.ts). */
export interface DirectLoad {
  /** Keys of the cells that the rows need, out of the wanted ones; blank cells are empty. */
  columns: readonly string[];
  /** The statement that loads one file. */
  sql(path: string): string;
}

/** Plans the load of clean rows with the cells `wanted`; targets that `keeps` leaves out stay NULL. */
export function directLoad(
  kind: SourceKind,
  fileId: number,
  wanted: readonly string[],
  keeps: (target: string) => boolean = () => true,
): DirectLoad {
  const { fields } = kindFields[kind];
  const filled = new Set(['ubn', ...fields.filter((one) => one.clean === 'text').map((one) => one.source)]);
  const cell = (key: string): string => {
    if (!wanted.includes(key)) return 'NULL';
    return filled.has(key) ? `"${key}"` : `nullif("${key}", '')`;
  };
  const values = cleanRowValues(kind, cell, (form, value) => directTypes[form]?.(value) ?? value).filter(
    ([target]) => keeps(target),
  );
  return {
    columns: wanted.filter((key) => values.some(([, sql]) => sql.includes(`"${key}"`))),
    sql: (path) =>
      `INSERT INTO ${tableOf(kind)} (file_id, row_number, ${values.map(([target]) => target).join(', ')}) ` +
      `SELECT ${fileId}, ${LINE_COLUMN}, ${values.map(([, sql]) => sql).join(', ')} FROM read_parquet(${quoteSql(path)})`,
  };
}

const reasonTable = (): string => {
  const plain = problemCodes.map((code: ProblemCode) => problem(code));
  const lines = plain.map(({ code, zh, en }) => `(${[code, zh, en].map(quoteSql).join(', ')})`);
  return `(VALUES ${lines.join(', ')}) AS reason(code, zh, en)`;
};

/** Fills the typed table and `rejected_cell` from canonical rows. Call it inside a transaction. */
export async function loadRows(
  connection: DuckDBConnection,
  rows: CanonicalRows,
  counts: { clean: number; checked: number },
): Promise<Loaded> {
  const good = counts.clean > 0 ? await loadClean(connection, rows) : 0;
  if (counts.checked === 0) return { good, rejected: 0 };
  const checked = await loadChecked(connection, rows);
  return { good: good + checked.good, rejected: checked.rejected };
}

/** Loads rows through the full validation: judged once, into a table of their own, from which the good and the bad are taken. */
async function loadChecked(connection: DuckDBConnection, rows: CanonicalRows): Promise<Loaded> {
  const { bare, values, checks } = plan(rows);
  const relation = canonicalRelation(rows.paths.checked, rows.columns, rows.rowBytes);
  const stripped = `SELECT *${bare.map(([target, sql]) => `, ${sql} AS "b_${target}"`).join('')} FROM ${relation}`;
  const cooked = `SELECT *, ${values.map(([target, sql]) => `${sql} AS "v_${target}"`).join(', ')} FROM (${stripped})`;
  const problems = checks.map((check, index) => `${check.problem} AS p${index}, ${check.kept} AS k${index}`);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE checked_row AS SELECT *, ${problems.join(', ')} FROM (${cooked})`,
  );
  const targets = values.map(([target]) => target);
  const selected = targets.map((target) => `"v_${target}"`);
  if (kindFields[rows.kind].keepsRejectedUbn) {
    targets.push('ubn_rejected');
    selected.push(`CASE WHEN "v_ubn" IS NULL THEN ${rows.columns.includes('ubn') ? 'c_ubn' : 'NULL'} END`);
  }
  const any = checks.map((_, index) => `p${index} IS NOT NULL`).join(' OR ');
  const lost = checks.map((_, index) => `(p${index} IS NOT NULL AND NOT k${index})`).join(' OR ');
  const inserted = await connection.run(
    `INSERT INTO ${tableOf(rows.kind)} (file_id, row_number, ${targets.join(', ')}) ` +
      `SELECT ${rows.fileId}, r, ${selected.join(', ')} FROM checked_row WHERE NOT (${lost})`,
  );
  const counted = await connection.runAndReadAll(
    `SELECT count(*) FILTER (${any}), count(*) FILTER (${lost}) FROM checked_row`,
  );
  const [listed, rejected] = counted.getRows()[0]!.map(Number);
  if (listed! > 0) await listCells(connection, rows, checks, any, lost);
  await connection.run('DROP TABLE checked_row');
  return { good: inserted.rowsChanged, rejected: rejected! };
}

/** Lists the bad cells of `checked_row`. */
async function listCells(
  connection: DuckDBConnection,
  rows: CanonicalRows,
  checks: readonly Check[],
  any: string,
  lost: string,
): Promise<void> {
  const headerOf = (key: string): string =>
    rows.headers[key] ?? sourceKind(rows.kind).columns.find((wanted) => wanted.key === key)?.header ?? key;
  const cells = checks.map((check, index) => {
    const raw = rows.columns.includes(check.source) ? `c_${check.source}` : 'NULL';
    return `{'c': ${quoteSql(headerOf(check.source))}, 'v': left(${raw}, 200), 'p': p${index}, 'k': k${index}}`;
  });
  await connection.run(
    `INSERT INTO rejected_cell ` +
      `SELECT ${rows.fileId}, ${quoteSql(rows.fileName)}, r, cell.c, cell.v, cell.p, reason.zh, reason.en, NOT lost ` +
      `FROM (SELECT r, (${lost}) AS lost, unnest(list_filter([${cells.join(', ')}], lambda found: found.p IS NOT NULL)) AS cell ` +
      `FROM checked_row WHERE ${any}) AS bad ` +
      `JOIN ${reasonTable()} ON reason.code = cell.p ORDER BY r`,
  );
}
