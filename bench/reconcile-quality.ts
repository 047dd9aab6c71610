/**
 * Is what was planted found? Twenty worlds of the generator that no test uses: rows with a number, rows with a name
 * alone, and the findings, each against the planted truth. Every disagreement is printed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reconcileFolderForTruth, type Tally } from '../src/contexts/operators/synthetic-truth.ts';
import { report } from './harness.ts';

const firstSeed = 101;
const seeds = 20;

export async function run({ full }: { full: boolean }): Promise<void> {
  const size = full ? 'audit' : 'small';
  console.log(`${seeds} seeds from ${firstSeed}, size ${size}, mixed formats, as of 2023-11-30`);
  const total: Tally = { numbered: empty(), named: empty(), findings: empty() };
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'xinlai-quality-'));
    try {
      const { tally, disagreements } = await reconcileFolderForTruth({
        seed,
        size,
        folder,
        asOf: '2023-11-30',
      });
      for (const key of ['numbered', 'named', 'findings'] as const) {
        total[key].right += tally[key].right;
        total[key].given += tally[key].given;
        total[key].wanted += tally[key].wanted;
      }
      for (const line of disagreements) console.log(`seed ${seed}: ${line}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const figures = (['numbered', 'named', 'findings'] as const).flatMap((key) => {
    const { right, given, wanted } = total[key];
    console.log(`${key}: ${right} right, ${given} given, ${wanted} planted`);
    const goal = { atLeast: key === 'named' ? 0.98 : 1 };
    return [
      { name: `quality-${key}-precision`, ours: right / given, peer: null, goal },
      { name: `quality-${key}-recall`, ours: right / wanted, peer: null, goal },
    ];
  });
  report(figures);
}

const empty = (): Tally['named'] => ({ right: 0, given: 0, wanted: 0 });
