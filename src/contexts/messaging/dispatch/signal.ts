/** Wakes one waiter; a wake before the wait counts. */
export class Signal {
  #raised = false;
  #wake: (() => void) | null = null;

  raise(): void {
    this.#raised = true;
    this.#wake?.();
  }

  /** Waits until it is raised, at most so many milliseconds. */
  async wait(milliseconds: number): Promise<void> {
    if (!this.#raised && milliseconds > 0) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.#wake = null;
          resolve();
        };
        const timer = setTimeout(done, milliseconds);
        this.#wake = done;
      });
    }
    this.#raised = false;
  }
}
