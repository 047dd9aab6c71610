/** The simulated telecom as a process of its own, so that its CPU is nobody else's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What the process tells on each question. */
export interface SimulatorState {
  readonly submits: number;
  readonly parts: number;
  readonly texts: number;
  readonly distinct: number;
  readonly duplicates: number;
  readonly throttled: number;
  readonly receiptsSent: number;
  readonly receiptsAcknowledged: number;
  readonly waitingReceipts: number;
  readonly cpuSeconds: number;
}

export interface SimulatorProcess {
  readonly port: number;
  readonly pid: number;
  /** Counters since the start; `dials` turns some first. */
  ask(dials?: Readonly<Record<string, unknown>>): Promise<SimulatorState>;
  stop(): Promise<void>;
}

const script = fileURLToPath(new URL('../../src/contexts/messaging/simulator/process.ts', import.meta.url));

/** Starts it on a free port of loopback; `args` as `process.ts` takes them. Resolves when it listens. */
export async function startSimulatorProcess(
  dials: Readonly<Record<string, unknown>> = {},
  args: readonly string[] = [],
): Promise<SimulatorProcess> {
  const child = spawn(process.execPath, [script, '--dials', JSON.stringify(dials), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('the simulated telecom has ended');
    return value;
  };
  const port = Number(/^ready (\d+)$/u.exec(await next())?.[1]);
  return {
    port,
    pid: child.pid!,
    async ask(dials) {
      child.stdin.write(`${dials === undefined ? '' : JSON.stringify(dials)}\n`);
      return JSON.parse(await next()) as SimulatorState;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.stdin.end();
      const killed = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(killed);
    },
  };
}
