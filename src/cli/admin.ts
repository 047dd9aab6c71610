import type { Command } from 'commander';
import { organisationKinds, type OrganisationKind } from '#platform/access';
import { createAudit, openAuditKeys } from '#platform/audit/audit';
import { createAuth, type Auth } from '#platform/auth/auth';
import { inviteFirstAdministrator } from '#platform/auth/first-administrator';
import { systemClock } from '#platform/clock';
import { loadConfig } from '#platform/config';
import { openDatabase } from '#platform/database';
import { AppError } from '#platform/errors';
import { createLog } from '#platform/log';
import { migrate } from '#platform/migrate';
import { openSecretBox } from '#platform/secret-box';
import { keyFolderOf, openRootKeys } from '#platform/vault/vault';
import { allMigrations } from '../migrations.ts';
import { CommandFailure } from './command-line.ts';

interface InviteOptions {
  readonly email: string;
  readonly name?: string;
  readonly organisation: string;
  readonly organisationEn?: string;
  readonly kind: string;
  readonly ubn?: string;
  readonly json?: boolean;
}

export function define(command: Command): void {
  command
    .command('invite')
    .description(
      '產生一次性連結，邀請某組織的管理者 (prints a one-time link for an administrator, good for 24 hours)',
    )
    .requiredOption('--email <address>', '電子郵件 (address to sign in with)')
    .requiredOption(
      '--organisation <name>',
      '組織中文名稱，不存在則新增 (organisation, made where it does not exist)',
    )
    .requiredOption('--kind <kind>', `組織類別 (${organisationKinds.join(', ')})`)
    .option('--name <name>', '姓名 (name of the person)')
    .option('--organisation-en <name>', '組織英文名稱 (English name of a new organisation)')
    .option('--ubn <number>', '統一編號 (needed for an operator)')
    .option('--json', '以 JSON 輸出 (machine-readable)')
    .action(async (options: InviteOptions) => {
      const { kind, email } = options;
      if (!isKind(kind))
        throw new CommandFailure(`沒有「${kind}」這種組織 (no such kind): ${organisationKinds.join(', ')}`);
      if (!/^[^\s@]+@[^\s@]+$/.test(email))
        throw new CommandFailure(`電子郵件不正確 (not an e-mail address): ${email}`);
      const invited = await withAuth((auth) =>
        inviteFirstAdministrator(auth, {
          email,
          name: options.name ?? '管理者',
          organisation: options.organisation,
          kind,
          ubn: options.ubn ?? null,
          ...(options.organisationEn !== undefined && { organisationEn: options.organisationEn }),
        }),
      );
      if (options.json === true) process.stdout.write(`${JSON.stringify(invited)}\n`);
      else process.stdout.write(`${invited.link}\n`);
      process.stderr.write(
        `此連結僅能使用一次，${invited.expiresAt} 到期，請經安全管道交給本人。\n` +
          `This link works once, until ${invited.expiresAt}. Hand it over by a safe way.\n`,
      );
    });
}

function isKind(text: string): text is OrganisationKind {
  return (organisationKinds as readonly string[]).includes(text);
}

/** Opens the configured database beside a server that may be running, and closes it again. */
async function withAuth<T>(work: (auth: Auth) => Promise<T>): Promise<T> {
  const config = loadConfig();
  const { settings } = config;
  try {
    // The same checks of where keys may lie as at a start of the server.
    openRootKeys(config);
    const database = await openDatabase(config, { exclusive: false, poolSize: 2 });
    try {
      await migrate(database.of('public'), allMigrations);
      const keyFolder = keyFolderOf(config);
      const auth = await createAuth({
        database,
        audit: createAudit({ database, keys: openAuditKeys(keyFolder, { create: true }) }),
        mail: null,
        clock: systemClock,
        log: createLog('error'),
        mode: settings.mode,
        publicUrl: settings.publicUrl ?? `http://${settings.host}:${settings.port}`,
        secrets: openSecretBox(keyFolder).derive('session'),
      });
      const result = await work(auth);
      await auth.close();
      return result;
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof AppError)
      throw new CommandFailure(`${error.text('zh-TW')}\n        ${error.text('en')}`);
    throw error;
  }
}
