/** Whose turn it is: class before class; within a class agencies share by parts; what was throttled goes first. */
import type { MessageClass } from '../tables.ts';
import { Message, type ChunkRun, type Compose } from './chunk-run.ts';

/** In the order in which they are served. */
export const classes: readonly MessageClass[] = ['otp', 'single', 'batch'];

/** Parts that an agency sends before the next one has its turn. */
const TURN = 32;

interface Agency {
  readonly runs: ChunkRun[];
  /** Parts sent, of the common measure: whoever has least is next. */
  served: number;
  left: number;
}

class Lane {
  readonly #again: Message[] = [];
  readonly #agencies = new Map<string, Agency>();
  #current: Agency | null = null;
  #served = 0;

  add(run: ChunkRun): void {
    const agency = this.#agencies.get(run.organisationId);
    if (agency !== undefined) agency.runs.push(run);
    // Whoever comes new begins where the others are: having been silent earns nothing.
    else this.#agencies.set(run.organisationId, { runs: [run], served: this.#served, left: TURN });
  }

  again(message: Message): void {
    this.#again.push(message);
  }

  /** Puts messages that were not taken in front, in their order. */
  front(messages: readonly Message[]): void {
    this.#again.unshift(...messages);
  }

  /** Rows not begun. */
  get ahead(): number {
    let rows = this.#again.length;
    for (const { runs } of this.#agencies.values()) for (const run of runs) rows += run.ahead;
    return rows;
  }

  get runCount(): number {
    let count = 0;
    for (const { runs } of this.#agencies.values()) count += runs.length;
    return count;
  }

  /** Parts of what comes next, or 0. */
  peek(): number {
    const waiting = this.#again[0];
    if (waiting !== undefined) return waiting.partCount;
    const run = this.#pick();
    return run === null ? 0 : run.partsOf(run.next);
  }

  take(compose: Compose): Message | null {
    const waiting = this.#again.shift();
    if (waiting !== undefined) return waiting;
    const run = this.#pick();
    if (run === null) return null;
    const message = new Message(run, run.next, compose(run, run.next));
    run.advance();
    const agency = this.#current as Agency;
    agency.served += message.partCount;
    agency.left -= message.partCount;
    return message;
  }

  /** Takes out what waits of runs that stop; answers the messages that were to be sent again. */
  remove(run: ChunkRun): Message[] {
    const agency = this.#agencies.get(run.organisationId);
    const place = agency?.runs.indexOf(run) ?? -1;
    if (agency !== undefined && place >= 0) agency.runs.splice(place, 1);
    const gone = this.#again.filter((message) => message.run === run);
    if (gone.length > 0) {
      const kept = this.#again.filter((message) => message.run !== run);
      this.#again.splice(0, this.#again.length, ...kept);
    }
    return gone;
  }

  #pick(): ChunkRun | null {
    for (;;) {
      let agency = this.#current;
      if (agency === null || agency.left <= 0 || agency.runs.length === 0) {
        agency = this.#nextAgency();
        this.#current = agency;
        if (agency === null) return null;
      }
      const run = agency.runs[0] as ChunkRun;
      if (run.next >= 0) return run;
      agency.runs.shift();
    }
  }

  #nextAgency(): Agency | null {
    let least: Agency | null = null;
    for (const [id, agency] of this.#agencies) {
      while (agency.runs[0] !== undefined && agency.runs[0].next < 0) agency.runs.shift();
      if (agency.runs.length === 0) this.#agencies.delete(id);
      else if (least === null || agency.served < least.served) least = agency;
    }
    if (least === null) return null;
    this.#served = least.served;
    least.left = TURN;
    return least;
  }
}

/** The lanes of one link. */
export class Lanes {
  readonly #lanes: Readonly<Record<MessageClass, Lane>> = {
    otp: new Lane(),
    single: new Lane(),
    batch: new Lane(),
  };

  add(run: ChunkRun): void {
    this.#lanes[run.class].add(run);
  }

  /** A message that the telecom did not take goes behind the others that wait for another try. */
  again(message: Message): void {
    this.#lanes[message.run.class].again(message);
  }

  /** Messages that the telecom was too busy for go before all others of their class. */
  front(messages: readonly Message[]): void {
    for (const kind of classes) {
      const own = messages.filter((message) => message.run.class === kind);
      if (own.length > 0) this.#lanes[kind].front(own);
    }
  }

  ahead(kind: MessageClass): number {
    return this.#lanes[kind].ahead;
  }

  runCount(kind: MessageClass): number {
    return this.#lanes[kind].runCount;
  }

  /** Parts of the next message, 0 where none waits. */
  peek(): number {
    for (const kind of classes) {
      const parts = this.#lanes[kind].peek();
      if (parts > 0) return parts;
    }
    return 0;
  }

  /** The next message, composed. */
  take(compose: Compose): Message | null {
    for (const kind of classes) {
      const message = this.#lanes[kind].take(compose);
      if (message !== null) return message;
    }
    return null;
  }

  remove(run: ChunkRun): Message[] {
    return this.#lanes[run.class].remove(run);
  }
}
