/** What a file of recipients turned out to be, in figures: without a number, a name or a text. */
import type { Bilingual } from '#platform/errors';
import type { Repair } from './mobile-number.ts';
import type { TextEncoding } from './text-encoding.ts';

export type FileKind = 'text' | 'xlsx' | 'ods';

/** What one read may cost at most. */
export interface RecipientLimits {
  /** Rows of one file; Taiwan has 23 million people. */
  readonly rows: number;
  readonly columns: number;
  /** Longest row of a text file, in UTF-16 units. */
  readonly rowLength: number;
  readonly seconds: number;
  /** Bytes of a workbook as uploaded, and of all its parts unpacked. */
  readonly workbookBytes: number;
  readonly workbookUnpackedBytes: number;
  readonly workbookRatio: number;
  readonly workbookEntries: number;
}

const MiB = 1024 * 1024;

export const recipientLimits: RecipientLimits = {
  rows: 23_000_000,
  columns: 200,
  rowLength: 64 * 1024,
  seconds: 1800,
  workbookBytes: 128 * MiB,
  workbookUnpackedBytes: 1024 * MiB,
  workbookRatio: 200,
  workbookEntries: 1000,
};

/** A finding on rows: how many, and the first one. */
export interface Counted extends Bilingual {
  readonly code: string;
  count: number;
  readonly firstRow: number;
}

export interface Reading {
  readonly kind: FileKind;
  readonly encoding: TextEncoding | null;
  readonly delimiter: string | null;
  readonly sheet: string | null;
  readonly hasHeader: boolean;
  /** Names of the columns. They are the agency's own; a file without a header has letters. */
  readonly columns: string[];
  readonly phoneColumn: string;
  readonly phoneBy: 'choice' | 'name' | 'content';
  /** Column by field. */
  readonly fieldColumns: Readonly<Record<string, string>>;
  /** Rows with anything in them, the header left out. good + bad + duplicates = rows. */
  readonly rows: number;
  readonly good: number;
  readonly bad: number;
  readonly duplicates: number;
  /** Good rows on which something should be looked at. */
  readonly flagged: number;
  readonly repairs: Readonly<Partial<Record<Repair, number>>>;
  readonly problems: Counted[];
  readonly warnings: Counted[];
  /** Good rows by the parts of their text: `{"1": 990, "2": 10}`. */
  readonly parts: Readonly<Record<string, number>>;
  readonly partCount: number;
  /** UTF-16 units of the longest text. */
  readonly longest: number;
  /** Parts by the telecom of the number's range; portability is asked when the batch is sealed. */
  readonly telecoms: Readonly<Record<string, number>>;
  /** Milliseconds that the reading took. */
  readonly took: number;
}

/** Why a file could not be told into rows at all; nothing of it is kept. */
export type FileFault =
  | 'empty_file'
  | 'binary_file'
  | 'row_too_long'
  | 'too_many_columns'
  | 'quote_open'
  | 'too_many_rows'
  | 'too_slow'
  | 'workbook_too_large'
  | 'workbook_broken'
  | 'workbook_protected'
  | 'old_office_file'
  | 'wrong_office_file'
  | 'phone_column_missing'
  | 'field_columns_missing'
  | 'column_unknown';

const letters = '欄位對應';
export const fileFaults: Readonly<Record<FileFault, Bilingual>> = {
  empty_file: { zh: '檔案沒有任何收件人。', en: 'the file has no recipient in it.' },
  binary_file: {
    zh: '這不是文字檔或試算表；請上傳 CSV、TSV、XLSX 或 ODS。',
    en: 'this is neither text nor a spreadsheet; upload CSV, TSV, XLSX or ODS.',
  },
  row_too_long: {
    zh: '第 {row} 列太長，讀不下去；請檢查分隔符號與換行。',
    en: 'row {row} is too long to be read; look at delimiters and line breaks.',
  },
  too_many_columns: {
    zh: '第 {row} 列的欄位太多；請只留需要的欄位。',
    en: 'row {row} has too many columns; keep those that are needed.',
  },
  quote_open: {
    zh: '第 {row} 列的引號沒有結束；請補上引號或刪除它。',
    en: 'a quote in row {row} is never closed; close or delete it.',
  },
  too_many_rows: {
    zh: '檔案超過 {limit} 列；請分成幾個批次。',
    en: 'the file has more than {limit} rows; split it into several batches.',
  },
  too_slow: {
    zh: '檔案在 {limit} 秒內讀不完；請改用 CSV 或分成幾個檔案。',
    en: 'the file could not be read within {limit} s; use CSV or split it.',
  },
  workbook_too_large: {
    zh: '試算表太大（解開後超過上限）；請另存成 CSV UTF-8 再上傳。',
    en: 'the workbook is too large when unpacked; save it as CSV UTF-8 and upload that.',
  },
  workbook_broken: {
    zh: '試算表已損壞，打不開；請重新存檔後再上傳。',
    en: 'the workbook is damaged; save it again and upload that.',
  },
  workbook_protected: {
    zh: '試算表有密碼保護；請移除密碼後再上傳。',
    en: 'the workbook is protected by a password; remove it and upload again.',
  },
  old_office_file: {
    zh: '這是舊式 Excel（.xls）或有密碼的檔案；請另存成 .xlsx 或 CSV UTF-8。',
    en: 'this is an old Excel file (.xls) or a protected one; save it as .xlsx or CSV UTF-8.',
  },
  wrong_office_file: {
    zh: '這個壓縮檔不是試算表；請上傳 XLSX、ODS 或 CSV。',
    en: 'this archive is no spreadsheet; upload XLSX, ODS or CSV.',
  },
  phone_column_missing: {
    zh: `找不到手機號碼的欄位；請在${letters}指定。檔案的欄位：{names}`,
    en: 'no column with mobile numbers was found; name it. Columns of the file: {names}',
  },
  field_columns_missing: {
    zh: `範本欄位 {missing} 在檔案裡找不到；請在${letters}指定。檔案的欄位：{names}`,
    en: 'the template fields {missing} have no column; name them. Columns of the file: {names}',
  },
  column_unknown: {
    zh: '檔案沒有欄位 {missing}；檔案的欄位：{names}',
    en: 'the file has no column {missing}; its columns are: {names}',
  },
};

/** A refusal of a whole file. `detail` fills the text of the fault. */
export class FileRefusal extends Error {
  override readonly name = 'FileRefusal';
  readonly fault: FileFault;
  readonly detail: Readonly<Record<string, string | number>>;
  readonly columns: readonly string[];
  constructor(
    fault: FileFault,
    detail: Readonly<Record<string, string | number>> = {},
    columns: readonly string[] = [],
  ) {
    super(fault);
    this.fault = fault;
    this.detail = detail;
    this.columns = columns;
  }

  /** What is wrong and what to do. */
  get text(): Bilingual {
    const fill = (text: string): string =>
      text.replaceAll(/\{(\w+)\}/gu, (whole, key: string) => String(this.detail[key] ?? whole));
    const { zh, en } = fileFaults[this.fault];
    return { zh: fill(zh), en: fill(en) };
  }
}
