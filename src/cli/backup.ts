/** `xinlai backup`: one archive with everything but the keys, made while the product runs. */
import type { Command } from 'commander';
import { checkBackup, writeBackup, type Manifest } from '#platform/backup/backup';
import { loadConfig } from '#platform/config';
import { filesFolderOf } from '#platform/files/files';
import { keyFolderOf } from '#platform/vault/vault';
import packageJson from '../../package.json' with { type: 'json' };
import { allMigrations } from '../migrations.ts';
import { CommandFailure } from './command-line.ts';
import { sayingErrors, withDatabase } from './open-database.ts';
import { StatusLine } from './status-line.ts';

export function define(command: Command): void {
  command
    .option('--out <file>', '備份檔，不可已存在 (the archive to write; must not exist)')
    .option('--check <file>', '只檢查既有備份，不還原 (checks a backup without restoring it)')
    .action(async (options: { out?: string; check?: string }) => {
      const { out, check } = options;
      if ((out === undefined) === (check === undefined))
        throw new CommandFailure('請指定 --out 或 --check (give either one)');
      if (check !== undefined) {
        const { manifest } = await sayingErrors(() => checkBackup(check));
        process.stdout.write(`${check}: 完整 (whole)\n${summaryOf(manifest)}`);
        return;
      }
      const config = loadConfig();
      const line = new StatusLine();
      const manifest = await withDatabase(config, { exclusive: false }, (database) =>
        writeBackup({
          database,
          sets: allMigrations,
          filesFolder: filesFolderOf(config.dataFolder),
          out: out ?? '',
          product: packageJson.version,
          onProgress: (what) => line.show(what),
        }),
      ).finally(() => line.end());
      process.stdout.write(`${out}\n${summaryOf(manifest)}`);
      process.stderr.write(
        `金鑰不在備份中，請另行備份 ${keyFolderOf(config)}；沒有金鑰，備份中的個資無法讀取。\n` +
          `The keys are not in the backup. Back up ${keyFolderOf(config)} apart: without it the personal data in it cannot be read.\n`,
      );
    });
}

/** What a backup holds, in two lines. */
export function summaryOf({ madeAt, product, tables, files }: Manifest): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return (
    `${madeAt} 版本 ${product}：${tables.length} 張資料表，${rows} 筆，${files.length} 個檔案\n` +
    `${madeAt} version ${product}: ${tables.length} tables, ${rows} rows, ${files.length} files\n`
  );
}
