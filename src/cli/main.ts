/**
 * `xinlai <command>`. A command is a file beside this one and a line in the list below; its file, and all that it
 * brings along, is loaded only when it is called.
 */
import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { keepCompiledModules } from '../compiled-modules.ts';
import { type CommandEntry, CommandFailure } from './command-line.ts';

keepCompiledModules();

const commands: Readonly<Record<string, CommandEntry>> = {
  admin: {
    summary: '邀請組織的第一位管理者 (invites the first administrator of an organisation)',
    load: () => import('./admin.ts'),
  },
  reconcile: {
    summary: '勾稽資料夾內的名冊，列出實際經營者與查核發現 (registers in, findings out; no server needed)',
    load: () => import('./reconcile.ts'),
  },
  audit: {
    summary: '驗證與匯出稽核軌跡 (checks and exports the audit trail)',
    load: () => import('./audit.ts'),
  },
  backup: {
    summary: '備份整個系統，金鑰除外 (backs up everything but the keys)',
    load: () => import('./backup.ts'),
  },
  restore: {
    summary: '由備份還原 (restores a backup)',
    load: () => import('./restore.ts'),
  },
  upgrade: {
    summary: '備份後更新資料庫結構並驗證 (backs up, applies migrations, verifies)',
    load: () => import('./upgrade.ts'),
  },
  keys: {
    summary: '建立與更換金鑰 (makes and rotates keys)',
    load: () => import('./keys.ts'),
  },
  doctor: {
    summary: '檢查設定與環境 (shows settings and checks what is needed)',
    load: () => import('./doctor.ts'),
  },
  synthetic: {
    summary: '產生合成的測試資料來源 (writes invented sources with a planted truth)',
    load: () => import('./synthetic.ts'),
  },
};

async function run(args: readonly string[]): Promise<void> {
  const program = new Command('xinlai')
    .description('信賴 Xinlai: honest online shopping in Taiwan')
    .version(packageJson.version)
    .showHelpAfterError('（xinlai --help）')
    .exitOverride();
  const called = args.find((argument) => !argument.startsWith('-'));
  for (const [name, entry] of Object.entries(commands)) {
    const command = program.command(name).description(entry.summary).exitOverride();
    const wanted = name === called || (called === 'help' && args.includes(name));
    if (wanted) (await entry.load()).define(command);
  }
  await program.parseAsync([...args], { from: 'user' });
}

/** The exit code of an error: its own, 2 for a wrong call, 1 for what should not happen. Never a stack trace. */
function fail(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CommandFailure) {
    process.stderr.write(`xinlai: ${error.message}\n`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`xinlai: ${message.split('\n')[0] ?? 'unknown error'}\n`);
  if (process.env['XINLAI_DEBUG'] === '1' && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`);
  return 1;
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.exitCode = fail(error);
}
