/**
 * A national reconciliation, from files to findings, against the bare floor: DuckDB reading and joining the same files
 * with the same memory and threads. Rounds alternate; each side is a process of its own, so that its memory is its own.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateSources } from '../src/contexts/operators/synthetic/generate-sources.ts';
import { foreignShare, machineCpu, median, packageVersion, report, spread } from './harness.ts';
import { type Measured, measureScript } from './measured-child.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, '.cache', 'bench-reconcile-national-1');
const asOf = '2023-11-30';

/** National sources, made once: about 380 MB. */
async function nationalSources(): Promise<string> {
  if (existsSync(cache)) return cache;
  const unfinished = `${cache}.part`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await generateSources({ seed: 1, out: unfinished, size: 'national', formats: 'csv' });
  await rename(unfinished, cache);
  return cache;
}

export async function run({ full }: { full: boolean }): Promise<void> {
  const sources = await nationalSources();
  const temp = await mkdtemp(join(tmpdir(), 'xinlai-bench-'));
  const settings = 'memory_limit 1GB, 2 threads, in memory, spilling to a temporary folder';
  console.log(`duckdb ${packageVersion('@duckdb/node-api')}, both sides: ${settings}`);
  console.log(
    'peer: read_csv of the four registers as text, joined on the number; ours: xinlai reconcile to its files',
  );
  const ours: Measured[] = [];
  const peer: Measured[] = [];
  const foreign: number[] = [];
  const deadline = performance.now() + (full ? 30 : 7) * 60_000;
  try {
    await measureScript(join(root, 'bench', 'reconcile-peer.ts'), [sources, temp]);
    for (let round = 1; round <= (full ? 15 : 5); round += 1) {
      if (round > 1 && performance.now() > deadline) break;
      const before = machineCpu();
      const own = await measureScript(join(root, 'src', 'cli', 'main.ts'), [
        'reconcile',
        '--sources',
        sources,
        '--as-of',
        asOf,
        '--out',
        join(temp, 'out'),
      ]);
      const other = await measureScript(join(root, 'bench', 'reconcile-peer.ts'), [sources, temp]);
      foreign.push(foreignShare(before, own.cpuSeconds + other.cpuSeconds));
      ours.push(own);
      peer.push(other);
      console.log(
        `round ${round}: ours ${own.seconds.toFixed(2)} s (${own.cpuSeconds.toFixed(1)} CPU s, ${mega(own.peakBytes)} MB), ` +
          `peer ${other.seconds.toFixed(2)} s (${other.cpuSeconds.toFixed(1)} CPU s, ${mega(other.peakBytes)} MB), foreign CPU ${percent(foreign.at(-1)!)}`,
      );
    }
    const result = JSON.parse(await readFile(join(temp, 'out', 'findings.json'), 'utf8')) as {
      operators: { status: string }[];
    };
    console.log(
      `operating ${result.operators.filter((one) => one.status === 'operating').length} of ${result.operators.length} candidates`,
    );
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
  const noise = Math.max(median(foreign), spread(seconds(ours)), spread(seconds(peer)));
  console.log(
    `foreign CPU ${percent(median(foreign))}, spread ours ${percent(spread(seconds(ours)))}, peer ${percent(spread(seconds(peer)))}`,
  );
  const peak = Math.max(...ours.map((one) => one.peakBytes)) / 2 ** 30;
  report([
    {
      name: 'reconcile-ratio',
      ours: median(seconds(ours)),
      peer: median(seconds(peer)),
      goal: { atMost: 3 },
      unit: 's',
      noise,
    },
    { name: 'reconcile-memory', ours: peak, peer: null, goal: { atMost: 2 }, unit: 'GB' },
  ]);
}

const seconds = (side: readonly Measured[]): number[] => side.map((one) => one.seconds);
const mega = (bytes: number): number => Math.round(bytes / 2 ** 20);
const percent = (share: number): string => `${Math.round(share * 100)}%`;
