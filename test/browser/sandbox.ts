import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Sandbox {
  /** `http://localhost:…`: passkeys want a name, not an address of numbers. */
  readonly url: string;
  stop(): Promise<void>;
}

const STARTS_WITHIN_MS = 180_000;

/** Builds the console, starts the product as a fresh sandbox on a free port and waits until it says that it is ready. */
export async function startSandbox(): Promise<Sandbox> {
  await done(spawn(process.execPath, ['scripts/build-console.ts'], { stdio: 'inherit' }));
  const folder = mkdtempSync(join(tmpdir(), 'xinlai-sandbox-'));
  const port = String(20_000 + Math.floor(Math.random() * 20_000));
  const child = spawn(process.execPath, ['src/main.ts', 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      XINLAI_DATA: folder,
      XINLAI_PORT: port,
      XINLAI_PUBLIC_URL: `http://localhost:${port}`,
      XINLAI_LOG_LEVEL: 'warn',
    },
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('ready:')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the product ended with ${code} before it was ready`)));
  });
  const late = sleep(STARTS_WITHIN_MS, null, { ref: false }).then(() => {
    throw new Error('the product was not ready in time');
  });
  try {
    await Promise.race([ready, late]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://localhost:${port}`, stop };
}

async function done(child: ReturnType<typeof spawn>): Promise<void> {
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`ended with ${code}`);
}

/** Where the tests find the product that `scripts/test-browser.ts` started. */
export function sandboxUrl(): string {
  const url = process.env['XINLAI_BROWSER_URL'];
  if (url === undefined)
    throw new Error('run browser tests with `npm run test:browser`: it starts the product');
  return url;
}
