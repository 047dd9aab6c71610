/** Processes of the benchmark: started with this Node, asked line by line, ended by closing their standard input. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly pid: number;
  /** What it said when it was ready. */
  readonly ready: string;
  /** One line for each line. */
  ask(line: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a script of this folder; resolves with its first line, which begins `ready`. */
export async function startChild(script: string, args: readonly string[]): Promise<Child> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { stdin: input, stdout: output } = child;
  input.on('error', () => {});
  const lines = createInterface({ input: output })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${script} has ended`);
    return value;
  };
  const ready = await next();
  if (!ready.startsWith('ready')) throw new Error(`${script} says ${ready}`);
  return {
    pid: child.pid!,
    ready,
    ask(line) {
      input.write(`${line}\n`);
      return next();
    },
    async stop() {
      input.end();
      await ended(child, 20_000);
    },
  };
}

/** Waits for the end of a process; kills it after so many milliseconds. */
export async function ended(child: ChildProcess, withinMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const killed = setTimeout(() => child.kill('SIGKILL'), withinMs);
  await once(child, 'exit');
  clearTimeout(killed);
}
