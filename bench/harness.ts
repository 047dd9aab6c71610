/**
 * How a benchmark measures and speaks: rounds of ours and the peer in turn, medians, spread, foreign CPU, and one line
 * a figure. A figure is met, short, or inconclusive where the machine was not quiet enough to tell.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

export type Verdict = 'met' | 'short' | 'inconclusive';

/** Above this share of foreign CPU, or of spread between rounds, a figure proves nothing. */
export const mostNoise = 0.15;

export interface Figure {
  readonly name: string;
  readonly ours: number;
  readonly peer: number | null;
  /** The goal holds for the ratio ours / peer, or for ours where there is no peer. */
  readonly goal: { readonly atMost: number } | { readonly atLeast: number };
  readonly unit?: string;
  /** 0..1: relative spread of the rounds and share of CPU that others used. */
  readonly noise?: number;
}

/** Whether the goal is met; noise never turns a short figure into a met one, nor a met one into a short one. */
export function judge(figure: Figure): Verdict {
  if ((figure.noise ?? 0) > mostNoise) return 'inconclusive';
  const value = figure.peer === null ? figure.ours : figure.ours / figure.peer;
  const met = 'atMost' in figure.goal ? value <= figure.goal.atMost : value >= figure.goal.atLeast;
  return met ? 'met' : 'short';
}

const round = (value: number): string => `${Number(value.toPrecision(4))}`;

/** The line of a figure. */
export function figureLine(figure: Figure): string {
  const { name, ours, peer, goal, unit = '' } = figure;
  const ratio = peer === null ? '-' : round(ours / peer);
  const wanted = 'atMost' in goal ? `goal<=${goal.atMost}` : `goal>=${goal.atLeast}`;
  const inGoal = peer === null ? unit : '';
  const peerText = peer === null ? '-' : `${round(peer)}${unit}`;
  return `figure ${name} ours=${round(ours)}${unit} peer=${peerText} ratio=${ratio} ${wanted}${inGoal} ${judge(figure)}`;
}

/** Prints figures and says with the exit code whether any is short. */
export function report(figures: readonly Figure[]): void {
  for (const figure of figures) console.log(figureLine(figure));
  if (figures.some((figure) => judge(figure) === 'short')) process.exitCode = 1;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Half the distance between the quartiles, over the median. */
export function spread(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return (at(0.75) - at(0.25)) / 2 / median(values);
}

/** The machine and versions, for the first lines of a benchmark. */
export function describeMachine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
  return (
    `machine ${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${memory} GB, ` +
    `${process.platform} ${release()}, load ${load}, node ${process.version}`
  );
}

/** CPU time of the whole machine from /proc/stat in seconds: all, and that of work. Null where there is no /proc. */
export function machineCpu(): { total: number; busy: number } | null {
  try {
    const fields = readFileSync('/proc/stat', 'utf8')
      .split('\n', 1)[0]!
      .trim()
      .split(/\s+/u)
      .slice(1, 9)
      .map(Number);
    const total = fields.reduce((sum, value) => sum + value, 0);
    return { total: total / 100, busy: (total - fields[3]! - fields[4]!) / 100 };
  } catch {
    return null;
  }
}

/** The share of the machine's CPU that others used while `own` CPU seconds were ours. */
export function foreignShare(before: ReturnType<typeof machineCpu>, own: number): number {
  const after = machineCpu();
  if (before === null || after === null || after.total <= before.total) return 0;
  return Math.max(0, (after.busy - before.busy - own) / (after.total - before.total));
}

/** The version of a package that is installed, or `unknown`. */
export function packageVersion(name: string): string {
  try {
    const path = new URL(`../node_modules/${name}/package.json`, import.meta.url);
    return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  } catch {
    return 'unknown';
  }
}

/** The commit that is measured, or `unknown` outside a clone. */
export function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
