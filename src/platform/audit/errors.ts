import { defineErrors } from '../errors.ts';

/** What the audit trail refuses. */
export const auditErrors = defineErrors('audit', {
  signing_key_missing: {
    status: 500,
    zh: '找不到稽核軌跡的簽章金鑰 {file}。請以 xinlai keys create 建立，或還原原有的金鑰資料夾。',
    en: 'the signing key of the audit trail {file} is missing. Make one with `xinlai keys create`, or bring back the key folder.',
  },
  signing_key_invalid: {
    status: 500,
    zh: '稽核簽章金鑰 {file} 無法使用：{problem}',
    en: 'the audit signing key {file} cannot be used: {problem}',
  },
  export_unreadable: {
    status: 422,
    zh: '稽核匯出檔 {file} 第 {line} 行無法讀取：{problem}',
    en: 'line {line} of the audit export {file} cannot be read: {problem}',
  },
  checkpoint_invalid: {
    status: 422,
    zh: '檢查點格式不正確：{problem}',
    en: 'the checkpoint is not well-formed: {problem}',
  },
});
