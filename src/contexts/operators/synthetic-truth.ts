/** Compares a run over synthetic sources with the truth that was planted in them. For tests and benchmarks. */
import { reconcile } from './engine.ts';
import { packInForce } from './rules/rule-pack.ts';
import type { RunResult } from './run-result.ts';
import { readSources } from './sources/read-sources.ts';
import { generateSources, type Truth } from './synthetic/generate-sources.ts';
import { openWorkbench } from './workbench.ts';

interface Count {
  /** Planted and given, equal. */
  right: number;
  /** Given by the run. */
  given: number;
  /** Planted. */
  wanted: number;
}

export interface Tally {
  readonly numbered: Count;
  readonly named: Count;
  readonly findings: Count;
}

export interface Comparison {
  readonly truth: Truth;
  readonly result: RunResult;
  readonly tally: Tally;
  /** A line for everything that differs. */
  readonly disagreements: readonly string[];
}

/** Generates a world into `folder`, reconciles it and compares. */
export async function reconcileFolderForTruth(world: {
  seed: number;
  size: 'small' | 'audit' | 'national';
  folder: string;
  asOf: string;
}): Promise<Comparison> {
  const { seed, size, folder, asOf } = world;
  const truth = await generateSources({ seed, out: folder, size, asOf });
  await using bench = await openWorkbench();
  await readSources({ directory: folder, connection: bench.connection });
  const day = Temporal.PlainDate.from(asOf);
  const result = await reconcile({
    connection: bench.connection,
    asOf: day,
    judgements: [],
    pack: packInForce(day),
  });
  return { truth, result, ...compare(truth, result) };
}

function compare(truth: Truth, result: RunResult): Pick<Comparison, 'tally' | 'disagreements'> {
  const disagreements: string[] = [];
  // Rows whose number and name agree to the letter are not listed among the matches: they are their number's.
  const tied = new Map(result.matches.map((match) => [`${match.row.file}#${match.row.row}`, match]));
  const rows = (planted: Truth['ubnRows'], numbered: boolean): Count => {
    const count = { right: 0, given: 0, wanted: 0 };
    for (const { file, row, ubn } of planted) {
      const match = tied.get(`${file}#${row}`);
      const got =
        match === undefined ? (numbered ? ubn : null) : match.outcome === 'conflict' ? null : match.ubn;
      if (got !== null) count.given += 1;
      if (ubn !== null) count.wanted += 1;
      if (got !== null && got === ubn) count.right += 1;
      if (got !== ubn)
        disagreements.push(
          `${file} row ${row} (${match?.name ?? ''}): ${got ?? 'nobody'}, planted ${ubn ?? 'nobody'}`,
        );
    }
    return count;
  };
  const tally = {
    numbered: rows(truth.ubnRows, true),
    named: rows(truth.nameOnlyRows, false),
    findings: { right: 0, given: 0, wanted: 0 },
  };
  const sets = (label: string, got: ReadonlySet<string>, wanted: ReadonlySet<string>): void => {
    tally.findings.given += got.size;
    tally.findings.wanted += wanted.size;
    for (const key of new Set([...got, ...wanted])) {
      if (got.has(key) && wanted.has(key)) tally.findings.right += 1;
      else
        disagreements.push(`${label}: ${key} ${got.has(key) ? 'found, not planted' : 'planted, not found'}`);
    }
  };
  const withStatus = (status: string): Set<string> =>
    new Set(result.operators.filter((one) => one.status === status).map((one) => one.ubn ?? one.name));
  sets('operating', withStatus('operating'), new Set(truth.operating));
  sets('unclear', withStatus('unclear'), new Set(truth.unclear.map((one) => one.ubn ?? one.name)));
  for (const [rule, planted] of Object.entries(truth.findings)) {
    const given = result.findings.filter((finding) => finding.rule === rule);
    // A shop goes by any of its spellings.
    const shopOf = new Map<string, string>();
    for (const shop of planted)
      if (typeof shop !== 'string') for (const name of shop.names) shopOf.set(name, shop.name);
    const wanted = planted.map((one: (typeof planted)[number]) => (typeof one === 'string' ? one : one.name));
    sets(
      rule,
      new Set(given.map((finding) => shopOf.get(finding.name) ?? finding.ubn ?? finding.name)),
      new Set(wanted),
    );
  }
  const catchAll = result.findings.filter((finding) => finding.facts['class'] === 'catch-all-only');
  sets('catch-all-only', new Set(catchAll.map((finding) => finding.ubn ?? '')), new Set(truth.catchAllOnly));
  return { tally, disagreements };
}
