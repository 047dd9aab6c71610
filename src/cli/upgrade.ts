/** `xinlai upgrade`: backs up, brings the database to this version, verifies. For use with the server stopped. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { checkpointFileOf, readCheckpointFile } from '#platform/audit/audit';
import { trustedVerifiers } from '#platform/audit/signing-key';
import { verifyChain } from '#platform/audit/verify';
import { checkBackup, writeBackup } from '#platform/backup/backup';
import { loadConfig, type Config } from '#platform/config';
import type { Database } from '#platform/database';
import { filesFolderOf } from '#platform/files/files';
import { migrate } from '#platform/migrate';
import { keyFolderOf } from '#platform/vault/vault';
import packageJson from '../../package.json' with { type: 'json' };
import { allMigrations } from '../migrations.ts';
import { CommandFailure } from './command-line.ts';
import { withDatabase } from './open-database.ts';
import { pendingMigrations } from './pending-migrations.ts';

export function define(command: Command): void {
  command
    .option('--backup <file>', '升級前的備份檔 (where the backup goes; <data>/backups/… if left out)')
    .action(async (options: { backup?: string }) => {
      const config = loadConfig();
      await withDatabase(config, { exclusive: true }, async (database) => {
        const { names: pending, fresh } = await pendingMigrations(database, allMigrations);
        if (pending.length > 0 && !fresh) await backUp(config, database, options.backup);
        for (const name of await migrate(database.of('public'), allMigrations))
          process.stdout.write(`${name}\n`);
        const known = readCheckpointFile(checkpointFileOf(config.dataFolder));
        const report = await verifyChain(database.pool, trustedVerifiers(keyFolderOf(config)), known);
        if (!report.ok) {
          throw new CommandFailure(
            `升級完成，但稽核軌跡第 ${report.firstBroken?.seq} 筆不符 (upgraded, but the audit trail is broken at record ${report.firstBroken?.seq})`,
            1,
          );
        }
        process.stdout.write(
          pending.length === 0
            ? `已是 ${packageJson.version} 版，無須變更\nthis is version ${packageJson.version} already; nothing to change\n`
            : `已升級至 ${packageJson.version}：${pending.length} 項變更，稽核軌跡完整\nnow version ${packageJson.version}: ${pending.length} migrations, audit trail whole\n`,
        );
      });
    });
}

/** A checked backup of the state before. */
async function backUp(config: Config, database: Database, file: string | undefined): Promise<void> {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const out = file ?? join(config.dataFolder, 'backups', `before-${packageJson.version}-${stamp}.xinlai`);
  mkdirSync(dirname(out), { recursive: true, mode: 0o700 });
  const filesFolder = filesFolderOf(config.dataFolder);
  await writeBackup({ database, sets: allMigrations, filesFolder, out, product: packageJson.version });
  await checkBackup(out);
  process.stdout.write(`備份 (backup): ${out}\n`);
}
