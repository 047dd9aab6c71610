/** Runs a program as a child and measures it: wall clock, CPU time and peak memory of the process itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly output: string;
}

const probe = fileURLToPath(new URL('./resource-probe.ts', import.meta.url));

/** Runs a script with this Node. Throws with the child's stderr where it fails. */
export async function measureScript(script: string, args: readonly string[]): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', probe, script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const end = endWithUs(child);
  const collected = ['', '', ''];
  for (const [index, stream] of [child.stdout, child.stderr, child.stdio[3]].entries()) {
    stream?.on('data', (chunk: Buffer) => (collected[index] += chunk.toString()));
  }
  const [code] = (await once(child, 'close').finally(end)) as [number | null];
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${collected[1]!.slice(-2000)}`);
  const usage = JSON.parse(collected[2]!) as { cpuSeconds: number; peakBytes: number };
  return { seconds: (performance.now() - started) / 1000, output: collected[0]!, ...usage };
}

/** A bench that is interrupted, or ends early, takes its child with it. Answers how to forget the child. */
function endWithUs(child: ChildProcess): () => void {
  const kill = (): void => void child.kill('SIGTERM');
  const interrupted = (signal: NodeJS.Signals): void => {
    kill();
    // With no listener left the signal does what it does by itself.
    process.off(signal, interrupted);
    process.kill(process.pid, signal);
  };
  process.on('exit', kill).on('SIGINT', interrupted).on('SIGTERM', interrupted).on('SIGHUP', interrupted);
  return () => {
    process
      .off('exit', kill)
      .off('SIGINT', interrupted)
      .off('SIGTERM', interrupted)
      .off('SIGHUP', interrupted);
  };
}
