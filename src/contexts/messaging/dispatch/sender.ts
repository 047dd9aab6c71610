/** The sending thread as the main thread sees it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Clock } from '#platform/clock';
import type { Log } from '#platform/log';

export interface SenderStart {
  readonly databaseUrl: string;
  readonly rootKeyFile: string;
  readonly logLevel: string;
  /** Milliseconds of the product's clock before the machine's. */
  readonly offsetMs: number;
  readonly graceMs?: number;
}

export type SenderMessage =
  | { readonly kind: 'wake' | 'stop' }
  | { readonly kind: 'clock'; readonly offsetMs: number };

export interface SenderOptions extends Omit<SenderStart, 'offsetMs' | 'logLevel'> {
  readonly clock: Clock;
  readonly log: Log;
}

export interface Sender {
  /** Something was queued; costs next to nothing, also when called for every commit. */
  wake(): void;
  /** Sends what is under way, gives back the rest; at the latest after 20 seconds. */
  stop(): Promise<void>;
}

/** Milliseconds between looks at the product's clock, which a sandbox may move. */
const CLOCK_MS = 200;
const LONGEST_STOP_MS = 20_000;

/** Starts the thread; one that ends by itself is started again after a second. */
export function startSender({ clock, log, ...start }: SenderOptions): Sender {
  const offset = (): number => clock.now().epochMilliseconds - Date.now();
  let told = offset();
  let stopping = false;
  let woken = false;
  let worker = run();

  function run(): Worker {
    told = offset();
    const fresh = new Worker(new URL('./dispatch-thread.ts', import.meta.url), {
      workerData: { ...start, logLevel: log.level, offsetMs: told } satisfies SenderStart,
    });
    fresh.on('error', (error) => log.error({ err: error }, 'the sending thread failed'));
    fresh.on('exit', (code) => {
      if (stopping) return;
      log.error({ code }, 'the sending thread ended; it is started again');
      setTimeout(() => {
        if (!stopping) worker = run();
      }, 1000).unref();
    });
    return fresh;
  }

  const timer = setInterval(() => {
    const now = offset();
    // Both clocks are read one after the other: a few milliseconds are no move.
    if (Math.abs(now - told) < 20) return;
    told = now;
    worker.postMessage({ kind: 'clock', offsetMs: now } satisfies SenderMessage);
  }, CLOCK_MS).unref();

  return {
    wake() {
      if (woken) return;
      woken = true;
      setImmediate(() => {
        woken = false;
        worker.postMessage({ kind: 'wake' } satisfies SenderMessage);
      });
    },
    async stop() {
      stopping = true;
      clearInterval(timer);
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      worker.postMessage({ kind: 'stop' } satisfies SenderMessage);
      await Promise.race([ended, sleep(LONGEST_STOP_MS, undefined, { ref: false })]);
      await worker.terminate();
    },
  };
}
