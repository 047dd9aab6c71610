import { defineErrors } from '../errors.ts';

/** What backup and restore refuse. */
export const backupErrors = defineErrors('backup', {
  nothing: {
    status: 409,
    zh: '資料庫裡還沒有本系統的資料，沒有可備份的內容。請確認 XINLAI_DATA 或 DATABASE_URL。',
    en: 'the database holds nothing of this product yet: there is nothing to back up. Check XINLAI_DATA or DATABASE_URL.',
  },
  exists: {
    status: 409,
    zh: '{file} 已經存在，未覆寫。請另取檔名。',
    en: '{file} exists already and was not overwritten. Choose another name.',
  },
  unreadable: {
    status: 422,
    zh: '備份檔 {file} 無法讀取：{problem}',
    en: 'the backup {file} cannot be read: {problem}',
  },
  corrupt: {
    status: 422,
    zh: '備份檔 {file} 已損壞：{part} 與其雜湊不符。未還原任何資料。',
    en: 'the backup {file} is damaged: {part} does not match its hash. Nothing was restored.',
  },
  newer: {
    status: 422,
    zh: '備份由較新的版本製作，本版沒有 {migration}。請先升級程式再還原。',
    en: 'the backup was made by a newer version: this one has no {migration}. Upgrade the program first.',
  },
  not_empty: {
    status: 409,
    zh: '目的資料庫 {target} 已有資料。要以備份取代其全部內容，請加上 --force {target}。',
    en: 'the target {target} holds data already. To replace all of it with the backup, add --force {target}.',
  },
  differs: {
    status: 500,
    zh: '還原後資料表 {table} 的內容與備份不符，已全部取消。',
    en: 'after the restore the table {table} differs from the backup; everything was undone.',
  },
  file_corrupt: {
    status: 500,
    zh: '檔案庫中的 {sha256} 已損壞，備份未完成。請先由先前的備份還原該檔案。',
    en: 'the stored file {sha256} is damaged; the backup was not made. Restore that file from an older backup first.',
  },
});
