/**
 * Work for later, by the millisecond. One timer for all: a timer for each of 100,000 receipts a second costs more than the
 * receipts.
 */
export class Schedule {
  readonly #slots = new Map<number, (() => void)[]>();
  #timer: NodeJS.Timeout | null = null;
  /** The last instant whose slot has been done. */
  #done = 0;
  #wakesAt = Infinity;
  #size = 0;

  /** What still waits. */
  get size(): number {
    return this.#size;
  }

  /** Does the work `delay` milliseconds from now; work of one millisecond in the order in which it was given. */
  in(delay: number, work: () => void): void {
    const now = Math.floor(performance.now());
    if (this.#size === 0) this.#done = now;
    const due = Math.max(now + Math.ceil(delay), this.#done + 1);
    const slot = this.#slots.get(due);
    if (slot === undefined) this.#slots.set(due, [work]);
    else slot.push(work);
    this.#size += 1;
    if (due < this.#wakesAt) this.#wake(due, now);
  }

  /** Forgets everything. */
  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#wakesAt = Infinity;
    this.#slots.clear();
    this.#size = 0;
  }

  #wake(due: number, now: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#wakesAt = due;
    this.#timer = setTimeout(() => this.#run(), Math.max(1, due - now));
  }

  #run(): void {
    this.#timer = null;
    this.#wakesAt = Infinity;
    const now = Math.floor(performance.now());
    for (const due of this.#dueBy(now)) {
      const slot = this.#slots.get(due);
      if (slot === undefined) continue;
      this.#slots.delete(due);
      this.#size -= slot.length;
      for (const work of slot) work();
    }
    this.#done = Math.max(this.#done, now);
    if (this.#size > 0) this.#wake(this.#next(now), now);
  }

  /** Slots up to now in order: by walking the time, or the slots, whichever are fewer. */
  #dueBy(now: number): number[] {
    if (now - this.#done > this.#slots.size) {
      return [...this.#slots.keys()].filter((due) => due <= now).sort((a, b) => a - b);
    }
    const due: number[] = [];
    for (let at = this.#done + 1; at <= now; at += 1) if (this.#slots.has(at)) due.push(at);
    return due;
  }

  #next(now: number): number {
    for (let at = now + 1; at <= now + 20; at += 1) if (this.#slots.has(at)) return at;
    let next = Infinity;
    for (const due of this.#slots.keys()) if (due < next) next = due;
    return next;
  }
}
