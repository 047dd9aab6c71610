/** `xinlai keys`: makes and rotates the keys of the vault, of sealed secrets and of the audit trail. */
import { copyFileSync, existsSync } from 'node:fs';
import type { Command } from 'commander';
import { systemCaller } from '#platform/access';
import { createAudit, openAuditKeys } from '#platform/audit/audit';
import { rotateSigningKey } from '#platform/audit/signing-key';
import { systemClock } from '#platform/clock';
import { loadConfig, type Config } from '#platform/config';
import type { Database } from '#platform/database';
import { addBoxKey, openSecretBox } from '#platform/secret-box';
import { createRootKey, readRootKey, refuseInside } from '#platform/vault/key-file';
import { rewrap, rotateRootFile } from '#platform/vault/rotate';
import { createVault, keyFolderOf, openRootKeys, rootKeyFile } from '#platform/vault/vault';
import { CommandFailure } from './command-line.ts';
import { sayingErrors, withDatabase } from './open-database.ts';
import { StatusLine } from './status-line.ts';

interface RotateOptions {
  readonly root?: boolean;
  readonly data?: boolean;
  readonly index?: boolean;
  readonly secrets?: boolean;
  readonly audit?: boolean;
  readonly purpose?: string;
  readonly to?: string;
}

const caller = systemCaller('command-line');

export function define(command: Command): void {
  command
    .command('create')
    .description(
      '為全新安裝建立根金鑰與簽章金鑰 (makes the keys of a new installation; nothing is overwritten)',
    )
    .action(() => sayingErrors(() => Promise.resolve(create(loadConfig()))));
  command
    .command('rotate')
    .description(
      '更換金鑰；服務可繼續運作，中斷後再執行即接續 (changes keys while the product runs; can be resumed)',
    )
    .option('--root', '根金鑰 (the root key)')
    .option('--data', '加密用的資料金鑰 (keys of values)')
    .option('--index', '查詢用的盲索引金鑰 (keys of blind indexes)')
    .option('--secrets', '系統密文金鑰，重新啟動後生效 (key of sealed secrets; used after a restart)')
    .option('--audit', '稽核簽章金鑰，重新啟動後生效 (key of the audit trail; used after a restart)')
    .option(
      '--purpose <purpose>',
      '只換這個用途的資料與索引金鑰 (only the data and index keys of this purpose)',
    )
    .option(
      '--to <file>',
      '改用這個檔案中的根金鑰 (the root key of this file, where the present one cannot be replaced)',
    )
    .action(rotate);
}

function create(config: Config): void {
  const file = rootKeyFile(config);
  if (config.settings.mode === 'live') refuseInside(file, config.dataFolder);
  if (existsSync(file)) process.stdout.write(`${file}: 已存在 (exists)\n`);
  else {
    createRootKey(file);
    process.stdout.write(
      `${file}: 已建立，請另行保管副本，遺失即無法讀取個資 (made; keep a copy apart, without it no personal value can be read)\n`,
    );
  }
  const folder = keyFolderOf(config);
  const { signer } = openAuditKeys(folder, { create: true });
  openSecretBox(folder);
  process.stdout.write(`${signer.verifier.text}\n`);
}

async function rotate(options: RotateOptions): Promise<void> {
  const chosen = options.root ?? options.data ?? options.index ?? options.secrets ?? options.audit;
  const all = chosen === undefined && options.purpose === undefined && options.to === undefined;
  const values = options.purpose !== undefined && options.data === undefined && options.index === undefined;
  const config = loadConfig();
  await withDatabase(config, { exclusive: false }, async (database) => {
    if (all || options.root === true || options.to !== undefined)
      await rotateRoot(config, database, options.to);
    if (all || values || options.data === true) await rotateValues(config, database, 'data', options.purpose);
    if (all || values || options.index === true)
      await rotateValues(config, database, 'index', options.purpose);
  });
  if (all || options.secrets === true) {
    addBoxKey(keyFolderOf(config));
    say('系統密文：新金鑰於重新啟動後使用', 'sealed secrets: the new key is used after a restart');
  }
  if (all || options.audit === true) {
    const { verifier } = rotateSigningKey(keyFolderOf(config));
    say(
      `稽核軌跡：新簽章金鑰於重新啟動後使用：${verifier.text}`,
      'audit trail: the new key signs after a restart',
    );
  }
}

async function rotateRoot(config: Config, database: Database, to: string | undefined): Promise<void> {
  const files = openRootKeys(config);
  const audit = createAudit({ database, keys: openAuditKeys(keyFolderOf(config), { create: true }) });
  if (to === undefined) {
    const done = await rotateRootFile(database, audit, files, caller);
    say(
      `根金鑰：已更換為 ${done.rootKeyId}，重新包裝 ${done.rewrapped} 把資料金鑰。舊金鑰在 ${done.retiredFile}，不再需要先前的備份時請銷毀`,
      `root key: now ${done.rootKeyId}; ${done.rewrapped} data keys wrapped anew. The old one is ${done.retiredFile}: destroy it when no backup from before is needed`,
    );
    return;
  }
  if (!existsSync(to)) throw new CommandFailure(`找不到 ${to} (there is no such file)`);
  if (config.settings.mode === 'live') refuseInside(to, config.dataFolder);
  const target = readRootKey(to);
  // A running server finds the key beside its own until it starts with the new setting.
  try {
    copyFileSync(to, `${files.file}.next-${target.id}`);
  } catch (error) {
    if (!['EROFS', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    say('請立即重新啟動服務', 'the key folder is read-only: restart the server now');
  }
  const rewrapped = await rewrap(database, audit, files, target, caller);
  say(
    `根金鑰：已改用 ${to}（${target.id}），重新包裝 ${rewrapped} 把。請將 XINLAI_VAULT_KEY_FILE 設為此檔並重新啟動`,
    `root key: now the one in ${to} (${target.id}); ${rewrapped} data keys wrapped anew. Set XINLAI_VAULT_KEY_FILE to it and restart`,
  );
}

async function rotateValues(
  config: Config,
  database: Database,
  kind: 'data' | 'index',
  purpose: string | undefined,
): Promise<void> {
  const audit = createAudit({ database, keys: openAuditKeys(keyFolderOf(config), { create: true }) });
  const vault = createVault({ database, audit, rootKeys: openRootKeys(config), clock: systemClock });
  const line = new StatusLine();
  try {
    const done = await vault.rotate(kind, {
      caller,
      ...(purpose !== undefined && { purpose }),
      onProgress: (progress) => line.show(`${kind} ${progress.purpose}: ${progress.items}`),
    });
    line.end();
    const items = done.reduce((sum, one) => sum + one.items, 0);
    say(
      `${kind === 'data' ? '資料金鑰' : '盲索引金鑰'}：${done.length} 個用途，${items} 筆`,
      `${kind} keys: ${done.length} purposes, ${items} values`,
    );
  } finally {
    line.end();
  }
}

function say(zh: string, en: string): void {
  process.stdout.write(`${zh}\n${en}\n`);
}
