import { defineErrors } from '#platform/errors';

export const batchErrors = defineErrors('messaging', {
  batch_not_found: {
    status: 404,
    zh: '找不到批次 {id}。',
    en: 'there is no batch {id}.',
  },
  batch_state: {
    status: 409,
    zh: '批次目前為「{state}」，不能{act}；可以的狀態：{allowed}。',
    en: 'the batch is {state}; {act} is possible while it is {allowed}.',
  },
  batch_class: {
    status: 422,
    zh: '範本版本 {id} 的類別是 {class}；批次須使用類別為 batch 的範本版本。',
    en: 'template version {id} is of class {class}; a batch takes a version of class batch.',
  },
  batch_file_again: {
    status: 409,
    zh: '同一份檔案（SHA-256 相同）已用於批次 {id}。若確定要再發一次，請加上 again=true。',
    en: 'the same file (equal SHA-256) was used for batch {id}. Add again=true to send it once more.',
  },
  batch_send_at: {
    status: 422,
    zh: '發送時間 {sendAt} 不在可排程的範圍：須為現在起 35 天內。',
    en: 'the time {sendAt} is out of range: from now to 35 days ahead.',
  },
  batch_quiet_hours: {
    status: 422,
    zh: '{at} 在這項服務的發送時段（{from}–{until}，臺灣時間）之外；請改為 {next} 或之後，或加上 moveToHours=true 自動移到該時間。',
    en: '{at} lies outside the hours of this service ({from}–{until}, Taipei); choose {next} or later, or add moveToHours=true to move it there.',
  },
  batch_file_missing: {
    status: 422,
    zh: '請求中沒有檔案；請以 multipart/form-data 的 file 欄位上傳 CSV、TSV、XLSX 或 ODS。',
    en: 'the request holds no file; upload CSV, TSV, XLSX or ODS in the field `file` of multipart/form-data.',
  },
  batch_file_empty: { status: 422, zh: '檔案是空的。', en: 'the file is empty.' },
  batch_file_too_large: {
    status: 413,
    zh: '檔案超過 {limit} MiB；請分成幾個批次，或請管理者調高 uploadLimitMb。',
    en: 'the file is larger than {limit} MiB; split it, or have the setting uploadLimitMb raised.',
  },
  batch_file_unreadable: {
    status: 422,
    zh: '這個檔案無法讀取：{zh}',
    en: 'the file cannot be read: {en}',
  },
  batch_files_gone: {
    status: 410,
    zh: '批次的檔案已依保存期限刪除；請建立新批次並重新上傳。',
    en: 'the files of the batch were erased on their day; make a new batch and upload again.',
  },
  batch_file_damaged: {
    status: 409,
    zh: '批次暫存的檔案不完整或被更動；請重新讀取（read）或重新上傳。',
    en: 'a staged file of the batch is not whole or was changed; have it read again (read) or upload it again.',
  },
  batch_no_rows: {
    status: 422,
    zh: '沒有可發送的列；請先下載錯誤列、更正後上傳。',
    en: 'no row can be sent; download the bad rows, correct and upload them.',
  },
  batch_upload_overtaken: {
    status: 409,
    zh: '上傳期間另一個檔案已先完成；請檢視批次後，需要時再上傳一次。',
    en: 'another file was uploaded in the meantime; look at the batch, and upload again if needed.',
  },
  batch_hash_differs: {
    status: 409,
    zh: '核准的內容雜湊與封存的不同；請重新檢視批次後再核准。',
    en: 'the hash approved is not that of the sealed content; look at the batch again before approving.',
  },
  batch_four_eyes: {
    status: 403,
    zh: '批次有 {rows} 列，達到 {threshold} 列的門檻，須由封存者以外的人核准。',
    en: 'the batch has {rows} rows (threshold {threshold}): somebody other than who sealed it approves it.',
  },
  batch_approval_late: {
    status: 409,
    zh: '批次已超過可核准的期限（{until}）；請建立新批次。',
    en: 'the batch could be approved until {until}; make a new one.',
  },
  batch_tampered: {
    status: 409,
    zh: '封存後的內容與雜湊不符，批次不發送；請通知平臺管理者並建立新批次。',
    en: 'the sealed content does not have its hash any more; the batch is not sent. Tell the administrators and make a new batch.',
  },
  batch_nothing_to_retry: {
    status: 422,
    zh: '沒有可以重送的簡訊。結果不明的簡訊只有範本設為 at-least-once 時可以重送。',
    en: 'there is nothing to retry. Unknown outcomes are retried only where the template is at-least-once.',
  },
  batch_approver_lost: {
    status: 409,
    zh: '核准者已不具核准權限，批次不發送；請由有權限者重新建立並核准。',
    en: 'who approved the batch may not approve any more; it is not sent. Make and approve a new one.',
  },
  report_period: {
    status: 422,
    zh: '期間 {from}–{until} 不正確；起日不可晚於迄日，且不超過 366 天。',
    en: 'the period {from}–{until} is not valid; it begins before it ends and has 366 days at most.',
  },
});
