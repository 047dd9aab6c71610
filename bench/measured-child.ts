/** Runs a program as a child and measures it: wall clock, CPU time and peak memory of the process itself. */
import { spawn } from 'node:child_process';
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
  const collected = ['', '', ''];
  for (const [index, stream] of [child.stdout, child.stderr, child.stdio[3]].entries()) {
    stream?.on('data', (chunk: Buffer) => (collected[index] += chunk.toString()));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${collected[1]!.slice(-2000)}`);
  const usage = JSON.parse(collected[2]!) as { cpuSeconds: number; peakBytes: number };
  return { seconds: (performance.now() - started) / 1000, output: collected[0]!, ...usage };
}
