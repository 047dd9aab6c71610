import { defineErrors } from '../errors.ts';

/** What the vault refuses. No message holds a value. */
export const vaultErrors = defineErrors('vault', {
  not_found: {
    status: 404,
    zh: '找不到個人資料 {id}，或已過保存期限而刪除。',
    en: 'there is no personal value {id}, or it was deleted when its time was over.',
  },
  erased: {
    status: 410,
    zh: '用途 {purpose} 的金鑰已銷毀，{id} 無法再讀取。',
    en: 'the keys of the purpose {purpose} were destroyed; {id} can no longer be read.',
  },
  tampered: {
    status: 500,
    zh: '個人資料 {id} 的密文遭更動或與其紀錄不符，拒絕讀取。請以備份比對並通報。',
    en: 'the ciphertext of {id} was changed or does not belong to its row; reading it is refused. Compare with a backup and report it.',
  },
  key_tampered: {
    status: 500,
    zh: '用途 {purpose} 的資料金鑰（第 {version} 版）遭更動，無法以根金鑰解開。請以備份比對並通報。',
    en: 'data key version {version} of the purpose {purpose} was changed: the root key does not open it. Compare with a backup and report it.',
  },
  no_legal_basis: {
    status: 422,
    zh: '讀取個人資料必須載明法律依據。',
    en: 'reading personal data needs a stated legal basis.',
  },
  too_long: {
    status: 422,
    zh: '個人資料長度超過上限 {limit} 位元組。',
    en: 'the personal value is longer than the limit of {limit} bytes.',
  },
  busy: {
    status: 503,
    retryable: true,
    zh: '用途 {purpose} 的金鑰正在更換，請重試。',
    en: 'the keys of the purpose {purpose} are being changed; try again.',
  },
  key_file_required: {
    status: 500,
    zh: '正式模式必須以 XINLAI_VAULT_KEY_FILE 指定根金鑰檔案。以 xinlai keys create 可建立一把。',
    en: 'live mode needs XINLAI_VAULT_KEY_FILE to name the file of the root key. `xinlai keys create` makes one.',
  },
  key_in_data_folder: {
    status: 500,
    zh: '正式模式的根金鑰 {file} 不可放在資料夾 {folder} 之內：複製資料的人會一併取得金鑰。請移到他處。',
    en: 'in live mode the root key {file} must not lie inside the data folder {folder}: who copies the data would have the key. Move it.',
  },
  key_file_missing: {
    status: 500,
    zh: '找不到根金鑰檔案 {file}。若已有資料，請放回原有的金鑰；全新安裝請以 xinlai keys create 建立。',
    en: 'the root key file {file} is missing. Bring back the key if there is data; for a new installation make one with `xinlai keys create`.',
  },
  key_file_open: {
    status: 500,
    zh: '根金鑰檔案 {file} 的權限 {mode} 讓其他使用者可以讀取。請改為 0600（chmod 600）。',
    en: 'the root key file {file} has mode {mode}: other users can read it. Set 0600 (chmod 600).',
  },
  key_file_invalid: {
    status: 500,
    zh: '根金鑰檔案 {file} 應為 32 位元組的 base64 文字。',
    en: 'the root key file {file} must hold 32 bytes as base64.',
  },
  key_file_exists: {
    status: 409,
    zh: '{file} 已經存在，未更動。',
    en: '{file} exists already and was not touched.',
  },
  root_key_unknown: {
    status: 500,
    zh: '資料由另一把根金鑰 {id} 保護，在 {where} 找不到它。請放回該金鑰檔案。',
    en: 'the data is protected by another root key, {id}, which is not in {where}. Bring that key file back.',
  },
});
