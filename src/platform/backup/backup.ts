/** Backups: one archive with every table, sequence and stored file of the product; keys are left out. */
export { checkBackup } from './check-backup.ts';
export type { Manifest } from './manifest.ts';
export { restoreBackup, type Restored, type RestoreRequest } from './restore.ts';
export { writeBackup, type BackupRequest } from './write-backup.ts';
