/**
 * Runs the tests: `node scripts/test.ts [--seed N] [files or folders]`. Starts one PostgreSQL for all of them (fsync off:
 * tests of durability start their own) and stops it at the end. Without arguments: every `*.test.ts`.
 */
import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#platform/postgres/embedded';

const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith('--'));
const named = args.filter((arg) => !arg.startsWith('--'));
const patterns = (named.length > 0 ? named : ['src', 'test', 'scripts', 'bench']).flatMap((path) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
    ? globSync(`${path}/**/*.test.ts`)
    : [path],
);
const files = [...new Set(patterns)]
  .filter((file) => !file.includes('node_modules') && (named.length > 0 || !file.startsWith('test/browser/')))
  .sort();
if (files.length === 0) {
  console.error('no test file found');
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'xinlai-test-'));
const postgres = await startEmbeddedPostgres(folder, [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=200',
]);
const end = async (): Promise<void> => {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
};
const child = spawn(
  process.execPath,
  ['--test', '--test-concurrency=2', '--test-timeout=170000', ...flags, ...files],
  {
    stdio: 'inherit',
    env: { ...process.env, XINLAI_TEST_DATABASE_URL: postgres.url, NODE_ENV: 'test' },
  },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  void end().then(() => process.exit(code ?? 1));
});
