import { sql, type Kysely } from 'kysely';
import { writeOds } from 'hucre/ods';
import { writeXlsx } from 'hucre/xlsx';
import { operatorErrors } from './errors.ts';
import { allFindings, type FindingFilter } from './findings.ts';
import { findingsJson } from './output/findings-json.ts';
import { safeCell } from './output/safe-cell.ts';
import { writeWorkbooks, type RejectedCell } from './output/workbook.ts';
import type { Finding, Match, Operator, RunResult } from './run-result.ts';
import { shippedPacks } from './rules/rule-pack.ts';
import type { OperatorsTables } from './tables.ts';

export interface Export {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer | string;
}

const types = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
} as const;

/** A finished run in the same shape and bytes as the command line writes it. */
export async function exportRun(
  db: Kysely<OperatorsTables>,
  id: string,
  format: 'json' | 'xlsx' | 'ods',
): Promise<Export> {
  const result = await storedResult(db, id);
  const name = `findings-${result.asOf}.${format}`;
  if (format === 'json') return { name, type: types.json, content: [...findingsJson(result)].join('') };
  const books = await writeWorkbooks(result, await rejectedOf(db, result));
  return { name, type: types[format], content: Buffer.from(books[format]) };
}

/** A run read back from the tables. Throws `operators.run_not_found`, `operators.run_not_done`. */
async function storedResult(db: Kysely<OperatorsTables>, id: string): Promise<RunResult> {
  const run = await db.selectFrom('run').selectAll().where('id', '=', id).executeTakeFirst();
  if (run === undefined) throw operatorErrors.run_not_found({ id });
  if (run.state !== 'done') throw operatorErrors.run_not_done({ id });
  const operators = await db
    .selectFrom('run_operator')
    .select('content')
    .where('run_id', '=', id)
    .orderBy('number')
    .execute();
  const matches = await db
    .selectFrom('run_match')
    .select('content')
    .where('run_id', '=', id)
    .orderBy('number')
    .execute();
  const findings = await db
    .selectFrom('run_finding')
    .select('content')
    .where('run_id', '=', id)
    .orderBy('score', 'desc')
    .orderBy('finding_id')
    .execute();
  const pack = shippedPacks.find((shipped) => shipped.id === run.pack);
  const summary = run.summary as Pick<RunResult, 'funnel' | 'shops' | 'sources'>;
  return {
    asOf: run.as_of,
    pack: { id: run.pack ?? '', validFrom: pack?.validFrom ?? '', validTo: pack?.validTo ?? null },
    ...summary,
    operators: operators.map((row) => row.content as Operator),
    matches: matches.map((row) => row.content as Match),
    findings: findings.map((row) => row.content as Finding),
  };
}

async function rejectedOf(db: Kysely<OperatorsTables>, result: RunResult): Promise<RejectedCell[]> {
  const { rows } = await sql<RejectedCell>`
    select r.file, r.row_number as row, r.column_name as "column", r.value, r.reason_code as code, r.reason_zh as zh, r.reason_en as en,
      r.row_kept as "rowKept"
    from operators.rejected_cell r where r.import_id in (select import_id from operators.snapshot where sha256 = any(${result.sources.map((source) => source.sha256)}))
    order by r.import_id, r.number limit 50000`.execute(db);
  return rows;
}

const findingHeaders = [
  '順位',
  '發現',
  '統一編號',
  '名稱',
  '嚴重程度',
  '分數',
  '狀態',
  '說明',
  '首見',
  '仍成立',
  '排除理由',
  '代碼',
];
const severityWords = { critical: '緊急', high: '高', medium: '中', low: '低' } as const;
const stateWords = { open: '待處理', resolved: '已消失', dismissed: '已排除' } as const;

/** Findings of a filter as a table; no cell can run as a formula. */
export async function exportFindings(
  db: Kysely<OperatorsTables>,
  filter: FindingFilter,
  format: 'csv' | 'xlsx' | 'ods',
): Promise<Export> {
  const findings = await allFindings(db, filter);
  const rows = findings.map((finding, index) =>
    [
      index + 1,
      finding.title.zh,
      finding.ubn ?? '',
      finding.name,
      severityWords[finding.severity],
      finding.score,
      stateWords[finding.state],
      finding.text.zh,
      finding.firstSeenOn,
      finding.stillTrueOn,
      finding.dismissedReason ?? '',
      finding.rule,
    ].map((cell) => (typeof cell === 'string' ? safeCell(cell) : cell)),
  );
  const table = [findingHeaders, ...rows];
  const name = `findings.${format}`;
  if (format === 'csv') return { name, type: types.csv, content: `\uFEFF${table.map(csvLine).join('')}` };
  const book = { sheets: [{ name: '查核發現', rows: table, freezePane: { rows: 1 } }] };
  return {
    name,
    type: types[format],
    content: Buffer.from(format === 'xlsx' ? await writeXlsx(book) : await writeOds(book)),
  };
}

function csvLine(cells: readonly (string | number)[]): string {
  const quoted = cells.map((cell) =>
    /[",\r\n]/u.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell),
  );
  return `${quoted.join(',')}\r\n`;
}
