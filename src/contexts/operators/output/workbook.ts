/** The result of a run as a workbook for officers: summary, funnel, operators, findings, sources, rejected rows. */
import { writeXlsx } from 'hucre/xlsx';
import type { EvidenceRow, EvidenceValue, Finding, Operator, RunResult } from '../run-result.ts';
import { OdsWriter } from './ods-writer.ts';
import { safeCell } from './safe-cell.ts';

/** A cell or row that was not read as it stood, as `rejected_cell` keeps it. */
export interface RejectedCell {
  readonly file: string;
  readonly row: number | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly rowKept: boolean;
}

type Cell = string | number | null;
interface SheetOf {
  readonly name: string;
  readonly headers: readonly string[];
  readonly widths: readonly number[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Rejected rows beyond this number stand in rejected.csv only. */
const mostRejected = 50_000;

const statusWords = { operating: '實際經營', 'not-operating': '未實際經營', unclear: '待釐清' } as const;
const itemWords = { item: '有', 'catch-all-only': '僅 ZZ99999', 'no-item': '無', unknown: '不明' } as const;
const registrationWords = {
  'in-force': '有效',
  lapsed: '屆期失效',
  revoked: '已廢止',
  applied: '申請中',
  none: '無',
} as const;
const severityWords = { critical: '緊急', high: '高', medium: '中', low: '低' } as const;

/**
 * The workbook as XLSX and as ODS. The same result gives the same bytes. `odsWriter` is one that was started ahead; it is
 * closed in any case.
 */
export async function writeWorkbooks(
  result: RunResult,
  rejected: readonly RejectedCell[],
  odsWriter = new OdsWriter(),
): Promise<{ xlsx: Uint8Array; ods: Uint8Array }> {
  try {
    const book = bookOf(result, rejected);
    const [ods, xlsx] = await Promise.all([odsWriter.write(book), writeXlsx(book)]);
    return { xlsx, ods };
  } finally {
    await odsWriter.close();
  }
}

function bookOf(result: RunResult, rejected: readonly RejectedCell[]): Parameters<typeof writeXlsx>[0] {
  const sheets = sheetsOf(result, rejected).map((sheet) => ({
    name: sheet.name,
    columns: sheet.headers.map((_, index) => ({ width: sheet.widths[index] ?? 16 })),
    rows: [[...sheet.headers], ...sheet.rows.map((row) => row.map(toCell))],
    freezePane: { rows: 1 },
  }));
  const day = new Date(`${result.asOf}T00:00:00Z`);
  const properties = {
    title: `第三方支付業者查核 ${result.asOf}`,
    creator: 'Xinlai',
    created: day,
    modified: day,
  };
  return { sheets, properties };
}

const toCell = (cell: Cell): Cell => (typeof cell === 'string' ? safeCell(cell) : cell);

function sheetsOf(result: RunResult, rejected: readonly RejectedCell[]): SheetOf[] {
  return [
    summary(result, rejected),
    funnel(result),
    findings(result),
    operators(result),
    sources(result),
    rejects(rejected),
  ];
}

function summary(result: RunResult, rejected: readonly RejectedCell[]): SheetOf {
  const count = (status: Operator['status']): number =>
    result.operators.filter((one) => one.status === status).length;
  return {
    name: '摘要',
    headers: ['項目', '內容'],
    widths: [30, 60],
    rows: [
      ['基準日', result.asOf],
      ['查核規則', `${result.pack.id}（${result.pack.validFrom} 起）`],
      ['實際經營（家）', count('operating')],
      ['待釐清（家）', count('unclear')],
      ['查核發現（件）', result.findings.length],
      ['資料檔（個）', result.sources.length],
      ['未能辨識之檔案（個）', result.sources.filter((source) => source.kind === null).length],
      ['退件（格或列）', rejected.length],
    ],
  };
}

function funnel(result: RunResult): SheetOf {
  const rows = result.funnel.map((step) => [
    step.zh,
    step.count,
    step.parts.map((part) => `${part.part} ${part.count}`).join('；'),
    step.of ?? '',
    step.step,
    step.en,
  ]);
  return {
    name: '漏斗',
    headers: ['步驟', '數量', '組成', '屬於', '代碼', 'Step'],
    widths: [40, 12, 50, 22, 30, 50],
    rows,
  };
}

function findings(result: RunResult): SheetOf {
  const titles = new Map(result.funnel.map((step) => [step.step, step.zh]));
  const rows = result.findings.map((finding, index) => [
    index + 1,
    titles.get(`finding:${finding.rule}`) ?? finding.rule,
    finding.ubn ?? '',
    finding.name,
    severityWords[finding.severity],
    finding.score,
    finding.zh,
    finding.scoreParts.map((part) => `${part.zh}：${part.points}/${part.weight}`).join('；'),
    finding.evidence.map(evidenceText).join('\n'),
    lawText(finding),
    finding.rule,
  ]);
  return {
    name: '查核發現',
    headers: [
      '順位',
      '發現',
      '統一編號',
      '名稱',
      '嚴重程度',
      '分數',
      '說明',
      '分數說明',
      '佐證',
      '法據',
      '代碼',
    ],
    widths: [8, 26, 12, 32, 10, 8, 60, 40, 60, 40, 30],
    rows,
  };
}

const lawText = (finding: Finding): string =>
  finding.law.map((basis) => `${basis.law}${basis.article}：${basis.text}`).join('\n');

function evidenceText(row: EvidenceRow): string {
  const cells = Object.entries(row.values).map(
    ([key, value]: [string, EvidenceValue]) => `${key}=${String(value)}`,
  );
  return `${row.file} 第 ${row.row} 列（${cells.join('，')}）`;
}

function operators(result: RunResult): SheetOf {
  const order: readonly Operator['status'][] = ['operating', 'unclear', 'not-operating'];
  const sorted = result.operators.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const rows = sorted.map((one) => [
    one.ubn ?? '',
    one.name,
    statusWords[one.status],
    one.reasons.map((reason) => reason.zh).join('；'),
    one.registerStatus ?? '',
    itemWords[one.item],
    registrationWords[one.registration],
    one.balance,
    one.sales,
    one.address ?? '',
  ]);
  return {
    name: '名單',
    headers: [
      '統一編號',
      '名稱',
      '認定',
      '理由',
      '登記狀態',
      '第三方支付項目',
      '能量登錄',
      '代理收付日均餘額（元）',
      '全年銷售額（元）',
      '地址',
    ],
    widths: [12, 36, 12, 60, 20, 16, 12, 24, 20, 50],
    rows,
  };
}

function sources(result: RunResult): SheetOf {
  const rows = result.sources.map((source) => [
    source.file,
    source.kind ?? '未能辨識',
    source.dataDate ?? '',
    source.goodRows,
    source.rejectedRows,
    source.superseded ? '有較新或較合適之版本，未採用' : '',
    source.problem?.zh ?? '',
    source.sha256,
  ]);
  return {
    name: '來源',
    headers: ['檔案', '種類', '資料日期', '採用列數', '退件列數', '備註', '問題', 'SHA-256'],
    widths: [40, 26, 14, 12, 12, 30, 50, 68],
    rows,
  };
}

function rejects(rejected: readonly RejectedCell[]): SheetOf {
  const rows: Cell[][] = rejected
    .slice(0, mostRejected)
    .map((cell) => [
      cell.file,
      cell.row,
      cell.column,
      cell.value,
      cell.zh,
      cell.rowKept ? '列保留' : '列未採用',
      cell.code,
    ]);
  if (rejected.length > mostRejected)
    rows.push([`另有 ${rejected.length - mostRejected} 筆，見 rejected.csv`]);
  return {
    name: '退件',
    headers: ['檔案', '列', '欄', '值', '原因', '處理', '代碼'],
    widths: [36, 8, 20, 30, 60, 12, 26],
    rows,
  };
}
