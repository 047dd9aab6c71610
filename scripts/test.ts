/**
 * Runs the tests: `node scripts/test.ts [files or folders]`. Starts one PostgreSQL for all of them (fsync off: tests of
 * durability start their own) and stops it at the end. Without arguments: every `*.test.ts` but those of the browser.
 * Each file is a process of its own; the compiled modules are kept between them and between runs.
 */
import { globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '#platform/postgres/embedded';

/** Files that take longest come first, so that none of them is left alone at the end. */
const longest = [
  'src/cli/operations.test.ts',
  'test/journeys/import-crash.test.ts',
  'src/cli/reconcile.test.ts',
  'src/contexts/operators/sources/broken-files.test.ts',
  'src/contexts/operators/register-races.test.ts',
  'src/contexts/operators/register.test.ts',
  'src/contexts/messaging/batches/batches.test.ts',
  'scripts/soak/campaigns.test.ts',
  'src/contexts/messaging/dispatch/dispatcher.test.ts',
  'test/journeys/batch-crash.test.ts',
  'test/docs-curl.test.ts',
  'src/platform/jobs/jobs.test.ts',
  'src/platform/audit/audit.test.ts',
];

const named = process.argv.slice(2);
const patterns = (named.length > 0 ? named : ['src', 'test', 'scripts', 'bench']).flatMap((path) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
    ? globSync(`${path}/**/*.test.ts`)
    : [path],
);
const place = (file: string): number => (longest.includes(file) ? longest.indexOf(file) : longest.length);
const files = [...new Set(patterns)]
  .filter((file) => !file.includes('node_modules') && (named.length > 0 || !file.startsWith('test/browser/')))
  .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
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
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
const compiled = fileURLToPath(new URL('../node_modules/.cache/xinlai-test-modules', import.meta.url));
const tests = run({
  files,
  concurrency: 3,
  timeout: 170_000,
  signal: stop.signal,
  env: {
    ...process.env,
    XINLAI_TEST_DATABASE_URL: postgres.url,
    NODE_ENV: 'test',
    NODE_COMPILE_CACHE: compiled,
  },
});
let failed = false;
tests.on('test:fail', () => (failed = true));
const took: { file: string; seconds: number }[] = [];
tests.on('test:summary', ({ file, duration_ms: ms }) => {
  if (file !== undefined) took.push({ file: relative('.', file), seconds: ms / 1000 });
});
for await (const text of tests.compose(spec)) process.stdout.write(text as string);
const slowest = took.toSorted((a, b) => b.seconds - a.seconds).slice(0, 10);
if (files.length > 10)
  for (const { file, seconds } of slowest) console.log(`${seconds.toFixed(1).padStart(6)} s  ${file}`);
await postgres.stop();
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed || stop.signal.aborted ? 1 : 0;
