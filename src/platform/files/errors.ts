import { defineErrors } from '../errors.ts';

/** What the file store refuses. */
export const filesErrors = defineErrors('files', {
  not_found: { status: 404, zh: '沒有 {id} 這個檔案。', en: 'there is no file {id}.' },
  missing: {
    status: 422,
    zh: '請求中沒有檔案。請以 multipart/form-data 的 file 欄位上傳。',
    en: 'the request holds no file. Send one as the field `file` of multipart/form-data.',
  },
  empty: { status: 422, zh: '檔案是空的。', en: 'the file is empty.' },
  too_large: {
    status: 413,
    zh: '檔案超過上限 {limit} MiB。',
    en: 'the file is larger than the limit of {limit} MiB.',
  },
  interrupted: {
    status: 400,
    retryable: true,
    zh: '上傳中斷，檔案未收下。請重新上傳。',
    en: 'the upload was interrupted and the file was not taken. Send it again.',
  },
  unknown_type: {
    status: 415,
    zh: '不接受 {type} 這種檔案。可接受：{accept}。',
    en: 'files of the type {type} are not accepted. Accepted: {accept}.',
  },
  type_mismatch: {
    status: 415,
    zh: '檔案內容不是所稱的 {declared}。請確認檔案未損壞，副檔名正確。',
    en: 'the content is not the declared {declared}. Check that the file is whole and its extension right.',
  },
  infected: {
    status: 422,
    zh: '惡意程式掃描判定此檔案有害，已隔離。請聯絡資安人員，並提供編號 {id}。',
    en: 'the malware scan found this file harmful; it is quarantined. Tell your security officer the number {id}.',
  },
  scan_failed: {
    status: 503,
    retryable: true,
    zh: '惡意程式掃描無法完成（{problem}），檔案未收下。請稍後重試。',
    en: 'the malware scan could not finish ({problem}); the file was not taken. Try again later.',
  },
  disk_full: {
    status: 507,
    retryable: true,
    zh: '儲存空間不足，檔案未收下。請通知管理者。',
    en: 'there is not enough disk space; the file was not taken. Tell the administrator.',
  },
  corrupt: {
    status: 500,
    zh: '檔案 {id} 的內容與收件時的雜湊不符。請由備份還原。',
    en: 'the content of file {id} no longer has the hash it was received with. Restore it from a backup.',
  },
});
