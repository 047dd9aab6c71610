/** `xinlai audit`: checks the audit trail in the database or in an export, and exports it. */
import type { Command } from 'commander';
import { checkpointFileOf, readCheckpointFile, type ChainReport } from '#platform/audit/audit';
import { parseVerifier } from '#platform/audit/checkpoint';
import { exportChain, verifyFile } from '#platform/audit/export';
import { trustedVerifiers } from '#platform/audit/signing-key';
import { verifyChain } from '#platform/audit/verify';
import { loadConfig } from '#platform/config';
import { keyFolderOf } from '#platform/vault/vault';
import { inBoth, sayingErrors, withDatabase } from './open-database.ts';

export function define(command: Command): void {
  command
    .command('verify')
    .description('驗證整條稽核軌跡，指出第一筆不符的紀錄 (checks the whole chain; exit 1 where it is broken)')
    .option('--json', '以 JSON 輸出 (machine-readable)')
    .action(async (options: { json?: boolean }) => {
      const config = loadConfig();
      const trusted = trustedVerifiers(keyFolderOf(config));
      const known = readCheckpointFile(checkpointFileOf(config.dataFolder));
      const report = await withDatabase(config, { exclusive: false }, (database) =>
        verifyChain(database.pool, trusted, known),
      );
      print(report, options.json === true);
    });
  command
    .command('export')
    .description('匯出稽核軌跡與檢查點 (writes the trail and its checkpoints as JSON lines)')
    .requiredOption('--out <file>', '輸出檔案 (file to write)')
    .action(async (options: { out: string }) => {
      const written = await withDatabase(loadConfig(), { exclusive: false }, ({ pool }) =>
        exportChain(pool, options.out),
      );
      process.stdout.write(`${options.out}: ${written.entries} 筆紀錄，${written.checkpoints} 個檢查點\n`);
      process.stdout.write(
        `${options.out}: ${written.entries} entries, ${written.checkpoints} checkpoints\n`,
      );
    });
  command
    .command('verify-file')
    .argument('<file>', '匯出檔 (an export)')
    .description('不需資料庫驗證匯出檔 (checks an export without a database; exit 1 where it is broken)')
    .option('--key <key...>', '受信任的驗證公鑰，見 audit-verifiers.txt (trusted verifier keys)')
    .option('--json', '以 JSON 輸出 (machine-readable)')
    .action(async (file: string, options: { key?: string[]; json?: boolean }) => {
      const report = await sayingErrors(() =>
        verifyFile(
          file,
          (options.key ?? []).map((key) => parseVerifier(key)),
        ),
      );
      print(report, options.json === true);
    });
}

function print(report: ChainReport, json: boolean): void {
  process.exitCode = report.ok ? 0 : 1;
  if (json) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const { entries, checkpoints, firstBroken } = report;
  if (firstBroken === null) {
    process.stdout.write(`完整：${entries} 筆紀錄，${checkpoints} 個已簽章檢查點，末筆雜湊 ${report.head}\n`);
    process.stdout.write(
      `whole: ${entries} entries, ${checkpoints} signed checkpoints, head ${report.head}\n`,
    );
  } else {
    const id = firstBroken.id === null ? '' : ` (${firstBroken.id})`;
    process.stdout.write(`不符：第 ${firstBroken.seq} 筆${id}：${firstBroken.reason.zh}\n`);
    process.stdout.write(`broken: record ${firstBroken.seq}${id}: ${firstBroken.reason.en}\n`);
  }
  for (const warning of report.warnings) process.stderr.write(`xinlai: ${inBoth(warning)}\n`);
}
