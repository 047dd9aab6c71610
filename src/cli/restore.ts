/** `xinlai restore`: brings a backup into an empty database, or in the place of what a named one holds. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { checkpointFileOf } from '#platform/audit/audit';
import { restoreBackup } from '#platform/backup/backup';
import { loadConfig, type Config } from '#platform/config';
import { filesFolderOf } from '#platform/files/files';
import { keyFolderOf } from '#platform/vault/vault';
import { allMigrations } from '../migrations.ts';
import { summaryOf } from './backup.ts';
import { inBoth, withDatabase } from './open-database.ts';
import { StatusLine } from './status-line.ts';

export function define(command: Command): void {
  command
    .requiredOption('--from <file>', '備份檔 (the backup)')
    .option(
      '--into <folder>',
      '還原到這個資料夾的內建資料庫 (into the embedded database of this data folder)',
    )
    .option('--force <target>', '取代該資料庫的全部內容 (replaces all that the target of this name holds)')
    .action(async (options: { from: string; into?: string; force?: string }) => {
      const config = configFor(options.into);
      const line = new StatusLine();
      const restored = await withDatabase(config, { exclusive: true }, (database) =>
        restoreBackup({
          from: options.from,
          database,
          target: targetOf(config),
          sets: allMigrations,
          filesFolder: filesFolderOf(config.dataFolder),
          keyFolder: keyFolderOf(config),
          checkpointFile: checkpointFileOf(config.dataFolder),
          force: options.force,
          onProgress: (what) => line.show(what),
        }),
      ).finally(() => line.end());
      process.stdout.write(`${targetOf(config)}: 已還原 (restored)\n${summaryOf(restored.manifest)}`);
      const { audit } = restored;
      process.stdout.write(
        audit.ok
          ? `稽核軌跡完整：${audit.entries} 筆\naudit trail whole: ${audit.entries} entries\n`
          : `稽核軌跡在備份時已有不符：第 ${audit.firstBroken?.seq} 筆\naudit trail broken already in the backup: record ${audit.firstBroken?.seq}\n`,
      );
      for (const warning of audit.warnings) process.stderr.write(`xinlai: ${inBoth(warning)}\n`);
      process.stderr.write(
        `請將原安裝的金鑰放到 ${keyFolderOf(config)} 再啟動。\n` +
          `Put the keys of the old installation into ${keyFolderOf(config)} before you start.\n`,
      );
      process.exitCode = audit.ok ? 0 : 1;
    });
}

function configFor(into: string | undefined): Config {
  if (into === undefined) return loadConfig();
  return loadConfig({ ...process.env, DATABASE_URL: '', XINLAI_DATA: resolve(into) });
}

/** How `--force` names the target: the outside database by its name, the embedded one by its data folder. */
function targetOf({ settings, dataFolder }: Config): string {
  if (settings.databaseUrl === undefined) return dataFolder;
  return decodeURIComponent(new URL(settings.databaseUrl).pathname.slice(1)) || 'postgres';
}
