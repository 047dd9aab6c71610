/**
 * Runs the browser tests: `node scripts/test-browser.ts [files]`, by default every `test/browser/*.test.ts`. Starts the
 * product as a sandbox in a folder of its own and tells the tests its address. Needs Chromium, and says so.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { CHROMIUM_MISSING, findChromium } from '../test/browser/browser.ts';
import { startSandbox } from '../test/browser/sandbox.ts';

if (findChromium() === null) {
  console.error(CHROMIUM_MISSING);
  process.exit(1);
}
const named = process.argv.slice(2);
const files = named.length > 0 ? named : globSync('test/browser/*.test.ts').sort();
const sandbox = await startSandbox();
const child = spawn(process.execPath, ['--test', '--test-concurrency=1', '--test-timeout=600000', ...files], {
  stdio: 'inherit',
  env: { ...process.env, XINLAI_BROWSER_URL: sandbox.url, NODE_ENV: 'test' },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  void sandbox.stop().then(() => process.exit(code ?? 1));
});
