import { defineErrors } from '#platform/errors';

export const operatorErrors = defineErrors('operators', {
  operator_not_found: {
    status: 404,
    zh: '名冊與各來源都沒有統一編號 {ubn}。請確認號碼，或先匯入含有它的來源。',
    en: 'no register or source on file has the UBN {ubn}. Check the number, or import a source that has it.',
  },
  import_not_found: { status: 404, zh: '沒有匯入 {id}。', en: 'there is no import {id}.' },
  import_not_waiting: {
    status: 409,
    zh: '匯入 {id} 的狀態是 {state}，只有「已預覽」的匯入可以開始。',
    en: 'the import {id} is {state}; only a previewed one can be started.',
  },
  import_empty: {
    status: 422,
    zh: '沒有可以匯入的檔案：{names}。請看各檔的說明後更正。',
    en: 'none of the files can be imported: {names}. See what is said of each and correct them.',
  },
  list_shrunken: {
    status: 422,
    zh: '{kind} 由 {before} 筆降為 {after} 筆，少了一半以上，可能是下載不完整。若確實如此，請勾選「接受縮減」後再匯入。',
    en: 'the list {kind} fell from {before} rows to {after}, less than half: the download may be cut. If it is right, import again and accept the shrinking.',
  },
  original_unreadable: {
    status: 500,
    zh: '已存的原始檔 {name} 無法再次讀取，請從備份還原。',
    en: 'the stored original {name} cannot be read again; restore it from a backup.',
  },
  too_many_files: {
    status: 422,
    zh: '一次最多匯入 {limit} 個檔案，請分批。',
    en: 'an import takes at most {limit} files; split it.',
  },
  no_file: { status: 422, zh: '請至少選擇一個檔案。', en: 'choose at least one file.' },
  unknown_kind: { status: 404, zh: '沒有資料來源種類 {kind}。', en: 'there is no source kind {kind}.' },
  no_template: {
    status: 404,
    zh: '{kind} 是公開資料，沒有上傳範本。',
    en: '{kind} is open data and has no template.',
  },
  run_not_found: { status: 404, zh: '沒有勾稽 {id}。', en: 'there is no run {id}.' },
  run_not_done: { status: 409, zh: '勾稽 {id} 尚未完成。', en: 'the run {id} is not finished.' },
  no_run_yet: {
    status: 404,
    zh: '尚未執行過勾稽。請先匯入來源，再執行勾稽。',
    en: 'no reconciliation has been run yet. Import sources first, then run one.',
  },
  nothing_imported: {
    status: 409,
    zh: '尚無任何來源可供勾稽。請先匯入。',
    en: 'there is no source to reconcile yet. Import some first.',
  },
  finding_not_found: { status: 404, zh: '沒有查核發現 {id}。', en: 'there is no finding {id}.' },
  finding_state: {
    status: 409,
    zh: '查核發現 {id} 的狀態是 {state}，不能這樣變更。',
    en: 'the finding {id} is {state} and cannot be changed in this way.',
  },
  match_not_found: {
    status: 404,
    zh: '最近一次勾稽沒有這個比對。它可能已因新的匯入而改變，請重新整理。',
    en: 'the newest run has no such match. A newer import may have changed it; reload.',
  },
  judgement_needs_ubn: {
    status: 422,
    zh: '此列沒有候選業者，請填入要判定的統一編號。',
    en: 'this row has no candidate; give the UBN to judge.',
  },
  judgement_not_found: {
    status: 404,
    zh: '沒有判定 {id}，或已撤回。',
    en: 'there is no judgement {id}, or it was undone.',
  },
  unknown_weight: {
    status: 422,
    zh: '權重 {name} 不存在；可調整的有 {known}。',
    en: 'there is no weight {name}; known: {known}.',
  },
  bad_reconciliation: {
    status: 400,
    zh: '比對請求不正確：{problem}。格式見 W3C Reconciliation API 0.2。',
    en: 'the reconciliation request is wrong: {problem}. See the W3C Reconciliation API 0.2.',
  },
  saved_view_not_found: { status: 404, zh: '沒有這個已存篩選。', en: 'there is no such saved view.' },
});
