import type { Command } from 'commander';
import { setFlagsFromString } from 'node:v8';
import { AppError } from '#platform/errors';
import { join } from 'node:path';
import { loadConfig, type Config } from '#platform/config';
import type { SandboxFile } from '#platform/sandbox-file';
import { createLog } from '#platform/log';
import { createApp, type App } from '../app.ts';
import { prepareSandbox } from '../sandbox.ts';

export function define(command: Command): void {
  command.action(async () => {
    process.exitCode = await serve();
  });
}

/** Runs the server until a signal asks it to end; answers the exit code. */
export async function serve(): Promise<number> {
  // After eight quiet seconds V8 would shrink the heap: 100 ms of standstill, then seconds of many small collections
  // when requests come again (search at 200 a second: p99 of 60 to 200 ms in such rounds, 10 ms without).
  setFlagsFromString('--no-memory-reducer');
  let app: App | null = null;
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  try {
    const config = loadConfig();
    refuseOpenSandbox(config);
    const log = createLog(config.settings.logLevel);
    app = await createApp(config, log);
    const { host, port } = config.settings;
    await app.start();
    await app.http.listen({ host, port });
    const address = app.http.server.address();
    const actual = typeof address === 'object' && address !== null ? address.port : port;
    const url = config.settings.publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
    const lost = new Promise<never>((_resolve, reject) =>
      app?.database.onLost((detail) => reject(new Error(`PostgreSQL ended: ${detail}`))),
    );
    if (config.settings.mode === 'sandbox') {
      const sandbox = await Promise.race([prepareSandbox(app, config, url), stopped, lost]);
      if (sandbox === undefined) return 0;
      tellWhereToBegin(sandbox, url, config);
    }
    process.stdout.write(
      `Xinlai 信賴 ${config.settings.mode === 'sandbox' ? '（示範環境 sandbox）' : ''}已就緒 ready: ${url}\n`,
    );
    await Promise.race([stopped, lost]);
    return 0;
  } catch (error) {
    process.stderr.write(
      `xinlai: ${error instanceof AppError ? `${error.text('zh-TW')}\n        ${error.text('en')}` : ((error as Error).stack ?? String(error))}\n`,
    );
    return 1;
  } finally {
    await app?.close();
  }
}

function tellWhereToBegin(sandbox: SandboxFile, url: string, config: Config): void {
  const { officer } = sandbox.signIns;
  const lines = [
    ['公開頁面 public pages', `${url}/`],
    ['工作台 console', `${url}/console/`],
    ['API 參考 reference', `${url}/docs`],
    ['登入 sign in', officer === undefined ? '-' : `${officer.email}  ${officer.password}`],
    ['其他帳號與金鑰 more', join(config.dataFolder, 'sandbox.json')],
  ];
  for (const [label, value] of lines) process.stdout.write(`  ${label}  ${value}\n`);
}

/** A sandbox has known passwords and simulators: it stays on this machine unless somebody says otherwise. */
function refuseOpenSandbox({ settings }: Config): void {
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(settings.host);
  if (settings.mode === 'sandbox' && !loopback && !settings.allowPublicSandbox) {
    throw new Error(
      `示範環境只在本機開放；若確定要在 ${settings.host} 開放，請設定 XINLAI_ALLOW_PUBLIC_SANDBOX=true。\n` +
        `the sandbox listens on loopback only; to open it on ${settings.host} set XINLAI_ALLOW_PUBLIC_SANDBOX=true`,
    );
  }
}
