/** CPU time of processes from /proc, in seconds: what a message costs, whoever else uses the machine. */
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

interface Stat {
  readonly parent: number;
  readonly own: number;
  /** Of children that ended and were waited for. */
  readonly waited: number;
}

function statOf(pid: number | 'self'): Stat | null {
  try {
    // After the name, which may hold anything: state, parent, …; utime, stime, cutime, cstime are the 12th to 15th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    const seconds = (first: number): number =>
      (Number(fields[first]) + Number(fields[first + 1])) / TICKS_PER_SECOND;
    return { parent: Number(fields[1]), own: seconds(11), waited: seconds(13) };
  } catch {
    // It ended between the listing and the reading.
    return null;
  }
}

/** Of the process and its threads; 0 for one that has ended. */
export const cpuOf = (pid: number): number => statOf(pid)?.own ?? 0;

/** Of this process's children that have ended. */
export const cpuOfEnded = (): number => statOf('self')?.waited ?? 0;

/** Of a process and its children, those that ended too: PostgreSQL with its backends. */
export function cpuOfFamily(parent: number): number {
  const { own = 0, waited = 0 } = statOf(parent) ?? {};
  let sum = own + waited;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/u.test(entry)) continue;
    const stat = statOf(Number(entry));
    if (stat?.parent === parent) sum += stat.own;
  }
  return sum;
}
