/**
 * Every reason for which a file, a row or a cell is not taken as it stands: a stable code and what a person reads.
 * The texts say what is wrong and what to do; file, row and column stand beside them in every list.
 */
const texts = {
  // ── the file as a whole ────────────────────────────────────────────────
  unreadable: [
    '檔案無法讀取（{detail}）。請確認檔案存在且有讀取權限後重試。',
    'The file cannot be read ({detail}). Check that it exists and may be read, then try again.',
  ],
  not_a_file: [
    '這不是一般檔案（{detail}）。請放入檔案本身。',
    'This is not an ordinary file ({detail}). Put the file itself here.',
  ],
  empty_file: [
    '檔案是空的（0 位元組或只有空白）。請重新下載或重新匯出。',
    'The file is empty (no bytes, or blanks only). Download or export it again.',
  ],
  no_rows: [
    '檔案只有標題列，沒有資料列。請確認匯出時選了資料。',
    'The file has a header and no rows. Check that rows were chosen when it was exported.',
  ],
  file_too_large: [
    '檔案有 {found} 位元組，超過上限 {limit}。請分成較小的檔案。',
    'The file has {found} bytes, more than the limit of {limit}. Split it into smaller files.',
  ],
  too_many_files: [
    '資料夾中有超過 {limit} 個檔案；其餘未讀。請分批匯入。',
    'The folder has more than {limit} files; the others were not read. Import them in parts.',
  ],
  binary_file: [
    '內容不是文字也不是試算表，無法讀取。請提供 CSV、XLSX 或 ODS。',
    'The content is neither text nor a spreadsheet. Provide CSV, XLSX or ODS.',
  ],
  image_file: [
    '這是圖片（{detail}），不是資料檔。請提供 CSV、XLSX 或 ODS。',
    'This is an image ({detail}), not data. Provide CSV, XLSX or ODS.',
  ],
  pdf_file: [
    '這是 PDF。請向提供者索取 CSV、XLSX 或 ODS 的原始檔。',
    'This is a PDF. Ask its publisher for the CSV, XLSX or ODS it was made from.',
  ],
  executable_file: [
    '這是執行檔（{detail}），已拒絕讀取。',
    'This is an executable ({detail}); it was refused.',
  ],
  legacy_office_file: [
    '這是舊版 Office 格式（.xls／.doc）。請在試算表軟體中另存為 .xlsx、.ods 或 CSV（UTF-8）。',
    'This is an old Office format (.xls, .doc). Save it as .xlsx, .ods or CSV (UTF-8) in a spreadsheet program.',
  ],
  wrong_office_file: [
    '這是{detail}，不是可讀的試算表。請另存為 .xlsx、.ods 或 CSV（UTF-8）。',
    'This is {detail}, not a spreadsheet that can be read. Save it as .xlsx, .ods or CSV (UTF-8).',
  ],
  password_protected: [
    '檔案有密碼保護。請移除密碼後再匯入。',
    'The file is protected by a password. Remove the password and import it again.',
  ],
  archive_not_supported: [
    '不支援此壓縮格式（{detail}）。請改用 zip 或 gzip，或直接提供未壓縮的檔案。',
    'This archive format ({detail}) is not supported. Use zip or gzip, or the file unpacked.',
  ],
  archive_broken: [
    '壓縮檔或試算表損毀或不完整（{detail}）。請重新下載。',
    'The archive or spreadsheet is damaged or cut off ({detail}). Download it again.',
  ],
  archive_empty: ['壓縮檔內沒有檔案。', 'The archive holds no file.'],
  archive_nested: [
    '壓縮檔內還有壓縮檔，已拒絕讀取。請先解開內層再匯入。',
    'The archive holds another archive; it was refused. Unpack the inner one first.',
  ],
  archive_too_many_entries: [
    '壓縮檔內有 {found} 個項目，超過上限 {limit}。',
    'The archive has {found} entries, more than the limit of {limit}.',
  ],
  archive_bomb: [
    '解壓縮後大小異常（{found} 位元組，上限 {limit}），疑似壓縮炸彈，已拒絕讀取。',
    'Unpacked, it would have {found} bytes (limit {limit}), as a zip bomb does; it was refused.',
  ],
  sheet_too_large: [
    '試算表太大（{detail}）。請另存為 CSV（UTF-8）後匯入。',
    'The spreadsheet is too large ({detail}). Save it as CSV (UTF-8) and import that.',
  ],
  sheet_too_many: [
    '試算表有 {found} 個工作表，超過上限 {limit}。請只保留資料工作表。',
    'The workbook has {found} sheets, more than the limit of {limit}. Keep the sheets with data only.',
  ],
  json_instead_of_table: [
    '內容是 JSON（開頭為 {detail}），通常是下載失敗的錯誤訊息。請重新下載。',
    'The content is JSON (it begins with {detail}), often the error of a failed download. Download it again.',
  ],
  html_instead_of_table: [
    '內容是網頁（HTML），通常是下載失敗或需要登入。請重新下載原始檔。',
    'The content is a web page (HTML), often a failed download or a sign-in page. Download the file again.',
  ],
  unknown_headers: [
    '認不得標題列。看到的欄位：{seen}。可辨識的資料：{wanted}',
    'The header row is not known. Seen: {seen}. Known are: {wanted}',
  ],
  missing_headers: [
    '看似「{kind}」，但缺少欄位：{missing}。看到的欄位：{seen}。請補上欄位，或在匯入頁指定對應。',
    'It looks like “{kind}” but lacks the columns {missing}. Seen: {seen}. Add them, or map them on the import page.',
  ],
  duplicate_headers: [
    '「{kind}」的欄位 {duplicates} 出現不只一次，無法判斷用哪一欄。請只保留一欄。',
    'The columns {duplicates} of “{kind}” occur more than once. Keep one of each.',
  ],
  too_many_columns: [
    '標題列有 {found} 欄，超過上限 {limit}。請只保留需要的欄位。',
    'The header row has {found} columns, more than the limit of {limit}. Keep the columns needed.',
  ],
  too_many_rows: [
    '超過 {limit} 列，整個檔案未匯入。請分成較小的檔案。',
    'More than {limit} rows; the file was not taken. Split it into smaller files.',
  ],
  ignored: ['依 sources.json 略過。', 'Left out, as sources.json says.'],
  duplicate_content: [
    '內容與「{detail}」完全相同，只匯入一次。',
    'Its content equals “{detail}”, which was taken once.',
  ],
  // ── a row ──────────────────────────────────────────────────────────────
  column_count: [
    '這一列有 {found} 欄，標題有 {wanted} 欄。請檢查引號與分隔符號。',
    'The row has {found} columns, the header {wanted}. Check its quotes and separators.',
  ],
  truncated_last_line: [
    '最後一列不完整（{found} 欄，應有 {wanted} 欄，且沒有換行），檔案可能下載中斷。請重新下載。',
    'The last row is cut off ({found} of {wanted} columns, no line end); the download may have broken off. Download again.',
  ],
  unclosed_quote: [
    '引號沒有結束，只略過這一行，下一行起繼續讀取。請補上引號。',
    'A quote is never closed; this line was left out and reading went on at the next. Close the quote.',
  ],
  text_after_quote: [
    '引號結束後還有文字。儲存格內的引號要寫成兩個引號。',
    'Text follows a closing quote. A quote inside a cell is written twice.',
  ],
  row_too_long: [
    '這一列超過 {limit} 位元組，已略過。請檢查換行或引號。',
    'The row is longer than {limit} bytes and was left out. Check its line ends and quotes.',
  ],
  control_character: [
    '含有控制字元（如 NUL），可能是檔案損毀。請重新匯出此列。',
    'It holds a control character such as NUL; the file may be damaged. Export the row again.',
  ],
  bad_encoding: [
    '文字編碼與檔案其餘部分（{encoding}）不符。請把整個檔案存成 UTF-8。',
    'Its bytes are not {encoding} as the rest of the file. Save the whole file as UTF-8.',
  ],
  replaced_character: [
    '有 {found} 個字無法以 {encoding} 解讀，已用替代字元；此列仍採用。請改存 UTF-8 以保留原字。',
    '{found} characters could not be read as {encoding} and were replaced; the row is kept. Save as UTF-8 to keep them.',
  ],
  rejects_not_listed: [
    '另有 {found} 列有問題，不逐列列出。請先修正格式再匯入。',
    '{found} more rows have problems and are not listed. Repair the format first.',
  ],
  // ── a cell ─────────────────────────────────────────────────────────────
  missing_value: ['此欄不可空白。請補上內容。', 'This cell may not be blank. Fill it in.'],
  missing_name_and_ubn: [
    '名稱與統一編號都空白，無法認出是誰。請至少填一項。',
    'Both name and UBN are blank; nobody can be identified. Fill in one of them.',
  ],
  ubn_leading_zero_lost: [
    '統一編號只有 7 碼，可能是試算表吃掉開頭的 0。請把欄位設為文字並補回 0。',
    'The UBN has 7 digits; a spreadsheet may have dropped a leading 0. Format the column as text and restore it.',
  ],
  ubn_malformed: ['統一編號須為 8 個數字。請更正。', 'A UBN has eight digits. Correct it.'],
  ubn_zero: [
    '00000000 不是有效的統一編號。請填真正的編號或留白。',
    '00000000 is no UBN. Enter the true number, or leave it blank.',
  ],
  ubn_check_digit: [
    '統一編號不符檢查碼（112 年 4 月起的新制）。請核對是否打錯。',
    'The UBN fails the check of April 2023. Compare it with the original.',
  ],
  amount_malformed: [
    '金額須為以元計的整數（可有千分位逗號）。請移除文字、單位或符號。',
    'An amount is a whole number of NT$ (thousands commas allowed). Remove words, units or signs.',
  ],
  amount_negative: ['金額不可為負數。請核對。', 'An amount may not be negative. Check it.'],
  amount_fraction: ['金額須為整數元，不可有小數。', 'An amount is in whole NT$, without decimals.'],
  amount_too_large: [
    '金額超過可處理的範圍（9,007,199,254,740,991）。請核對位數與單位。',
    'The amount is beyond 9,007,199,254,740,991. Check its digits and unit.',
  ],
  date_malformed: [
    '不是日期。可用 1121130、112/11/30、112年11月30日 或 2023-11-30。',
    'It is no date. Write 1121130, 112/11/30, 112年11月30日 or 2023-11-30.',
  ],
  future_date: [
    '日期在今天之後。請核對年份（民國或西元）。',
    'The date lies after today. Check the year (ROC or Gregorian).',
  ],
  year_malformed: ['不是年度。可用 112 或 2023。', 'It is no year. Write 112 or 2023.'],
  quarter_malformed: [
    '不是季別。可用 112Q3、2023Q3 或 112年第3季。',
    'It is no quarter. Write 112Q3, 2023Q3 or 112年第3季.',
  ],
  rank_malformed: ['名次須為正整數。', 'A rank is a whole number above 0.'],
  domain_malformed: [
    '不是網域。請填如 shop.example.com.tw。',
    'It is no domain. Write it like shop.example.com.tw.',
  ],
  item_malformed: [
    '有無法辨識的營業項目代碼；其餘代碼已採用。代碼如 I301040，以分號分隔。',
    'Some business item codes cannot be read; the others are taken. Codes look like I301040, parted by semicolons.',
  ],
  flag_malformed: ['須為 Y 或 N。', 'It is Y or N.'],
  formula_cell: [
    '儲存格是公式而非資料。請「貼上值」後再匯入。',
    'The cell is a formula, not data. Paste it as a value and import again.',
  ],
  formula_value_taken: [
    '採用公式上次儲存的結果。請確認數值正確，或「貼上值」。',
    'The last stored result of a formula was taken. Check it, or paste it as a value.',
  ],
  cell_error: [
    '試算表的錯誤值（如 #N/A）。請更正公式或資料。',
    'It is an error value of a spreadsheet (such as #N/A). Correct the formula or the data.',
  ],
} as const satisfies Record<string, readonly [zh: string, en: string]>;

/** The stable name of a problem. */
export type ProblemCode = keyof typeof texts;

/** One problem in both languages, filled in. */
export interface Problem {
  code: ProblemCode;
  zh: string;
  en: string;
}

/** All codes, for the list in the docs and for tests. */
export const problemCodes = Object.keys(texts) as ProblemCode[];

const fill = (text: string, values: Record<string, string | number>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? value.toLocaleString('en-US') : value;
  });

/** The problem of that code with its places filled in; `en` and `zh` may differ where a value has a name in each. */
export function problem(
  code: ProblemCode,
  values: Record<string, string | number> = {},
  english: Record<string, string | number> = values,
): Problem {
  const [zh, en] = texts[code];
  return { code, zh: fill(zh, values), en: fill(en, { ...values, ...english }) };
}

/** Thrown inside the reader where a whole file cannot be taken; ends as the `problem_code` of that file. */
export class FileProblem extends Error {
  readonly problem: Problem;
  constructor(found: Problem) {
    super(found.en);
    this.name = 'FileProblem';
    this.problem = found;
  }
}

/** A FileProblem of that code. */
export const refuse = (code: ProblemCode, values?: Record<string, string | number>): FileProblem =>
  new FileProblem(problem(code, values));
