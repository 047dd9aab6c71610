/** Work that repeats until stopped. */
export interface Poller {
  start(): void;
  /** Runs as soon as possible, once more after the run under way. */
  poke(): void;
  /** Ends the repetition and waits for the run under way. */
  stop(): Promise<void>;
}

export interface PollerOptions {
  /** One round. Answers true where there may be more to do at once. */
  work(): Promise<boolean>;
  /** Milliseconds between rounds without work. */
  readonly everyMs: number;
  /** Told of a failed round; the next one follows after the pause, which doubles up to 5 s while failures go on. */
  onError(error: unknown): void;
}

/** Repeats `work` with pauses. Polling, and not LISTEN/NOTIFY: a NOTIFY within transactions halves their rate. */
export function createPoller(options: PollerOptions): Poller {
  let running: Promise<void> | null = null;
  let wake: (() => void) | null = null;
  let poked = false;
  const state = { stopping: false };

  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        wake = null;
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      timer.unref();
      wake = done;
    });

  const loop = async (): Promise<void> => {
    let wait = options.everyMs;
    while (!state.stopping) {
      poked = false;
      let more = false;
      try {
        more = await options.work();
        wait = options.everyMs;
      } catch (error) {
        options.onError(error);
        wait = Math.min(Math.max(wait, 50) * 2, Math.max(5000, options.everyMs));
      }
      // A stop or a poke may come while the round awaits: both are looked at only now.
      if (!more && !poked && !state.stopping) await pause(wait);
    }
  };

  return {
    start() {
      if (running !== null) return;
      state.stopping = false;
      running = loop();
    },
    poke() {
      poked = true;
      wake?.();
    },
    async stop() {
      state.stopping = true;
      wake?.();
      await running;
      running = null;
    },
  };
}
