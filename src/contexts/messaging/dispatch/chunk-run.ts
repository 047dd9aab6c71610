/** A claimed chunk in memory, and its messages on their way through a bind. */
import type { MessageFields, Outcome, Session } from '#protocols/smpp';
import type { ChunkContent } from '../chunk.ts';
import type { MessageClass, OutcomePolicy } from '../tables.ts';

/** What one row becomes on the wire. */
export interface Composed {
  readonly parts: readonly MessageFields[];
  /** The citizen check's digest of the text, as a decimal integer. */
  readonly digest: string;
}

/** What a bind needs to send a row; made when its turn comes. */
export type Compose = (run: ChunkRun, row: number) => Composed;

export interface ClaimedChunk {
  readonly chunkId: number;
  /** The batch, or the service of single texts: whose tally counts. */
  readonly subjectId: string;
  readonly batchId: string | null;
  readonly serviceId: string;
  readonly organisationId: string;
  readonly telecom: string;
  readonly class: MessageClass;
  readonly policy: OutcomePolicy;
  /** Milliseconds of the product's clock. */
  readonly validUntil: number;
  readonly content: ChunkContent;
  /** Rows that facts already tell the end of; null for a chunk nobody began. */
  readonly settled: ReadonlySet<number> | null;
  readonly texts: Texts;
}

/** How texts of a template version are put together. */
export interface Texts {
  /** Names of the fields; a value is asked for by its field's place here. */
  readonly fields: readonly string[];
  compose(number9: string, valueAt: (field: number) => string): string;
}

const NONE: readonly never[] = [];

/** One row under way: from its intent to its outcome. */
export class Message {
  readonly run: ChunkRun;
  readonly row: number;
  /** Nine digits. */
  readonly number: string;
  readonly partCount: number;
  readonly digest: string;
  fields: readonly MessageFields[];
  intentId = 0;
  /** Answers by part: status, −1 while it waits, −2 where it was lost. */
  readonly status: number[];
  readonly ids: (string | null)[];
  waiting = 0;
  /** Where it was written, and what holds slots of that session's window until the answer is recorded. */
  session: Session | null = null;
  readonly held: Outcome<unknown>[] = [];
  /** Milliseconds of `performance.now()` at the last answer. */
  answeredAt = 0;
  /** Answers that said “later”. */
  tries = 0;

  constructor(run: ChunkRun, row: number, { parts, digest }: Composed) {
    this.run = run;
    this.row = row;
    this.number = run.content.numbers[row] as string;
    this.partCount = parts.length;
    this.digest = digest;
    this.fields = parts;
    this.status = parts.map(() => WAITS);
    this.ids = parts.map(() => null);
  }

  /** Before it is written, also again. */
  begin(session: Session): void {
    this.session = session;
    this.status.fill(WAITS);
    this.ids.fill(null);
    this.waiting = this.partCount;
  }

  /** Before some parts are written again, while the others were taken. */
  beginAgain(session: Session, parts: readonly number[]): void {
    this.session = session;
    for (const part of parts) this.status[part] = WAITS;
    this.waiting = parts.length;
  }

  /** It will not be written again: what is kept for its receipt is small. */
  finish(): void {
    this.fields = NONE;
    this.session = null;
  }
}

export const WAITS = -1;
export const LOST = -2;
/** The session was gone before a byte of it was written. */
export const UNWRITTEN = -3;

/** A claimed chunk: which rows come next, and how many still have no end. */
export class ChunkRun {
  readonly chunkId: number;
  readonly subjectId: string;
  readonly batchId: string | null;
  readonly serviceId: string;
  readonly organisationId: string;
  readonly class: MessageClass;
  readonly policy: OutcomePolicy;
  readonly validUntil: number;
  readonly rowCount: number;
  readonly texts: Texts;
  /** Values by field, in the order of the version's fields. */
  readonly columns: readonly (readonly string[])[];
  content: ChunkContent;
  /** Rows without submission or outcome. At 0 the chunk leaves the queue. */
  unsettled: number;
  /** Messages with an intent and without an end. */
  underWay = 0;
  /** Set when the rest shall not be sent: given back, or ended with that outcome. */
  stop: 'give-back' | 'cancelled' | 'expired' | null = null;
  readonly #settled: ReadonlySet<number> | null;
  #next = 0;

  constructor(claimed: ClaimedChunk) {
    this.chunkId = claimed.chunkId;
    this.subjectId = claimed.subjectId;
    this.batchId = claimed.batchId;
    this.serviceId = claimed.serviceId;
    this.organisationId = claimed.organisationId;
    this.class = claimed.class;
    this.policy = claimed.policy;
    this.validUntil = claimed.validUntil;
    this.content = claimed.content;
    this.texts = claimed.texts;
    this.columns = claimed.texts.fields.map((name) => claimed.content.fields[name] ?? NONE);
    this.rowCount = claimed.content.numbers.length;
    this.#settled = claimed.settled;
    this.unsettled = this.rowCount - (claimed.settled?.size ?? 0);
    this.#skip();
  }

  /** The next row to be sent, or −1. */
  get next(): number {
    return this.#next < this.rowCount ? this.#next : -1;
  }

  /** Rows not begun, at most. */
  get ahead(): number {
    return this.rowCount - this.#next;
  }

  advance(): void {
    this.#next++;
    this.#skip();
  }

  /** Takes every row that was not begun, so that none is sent any more. */
  takeRest(): number[] {
    const rows: number[] = [];
    for (; this.next >= 0; this.advance()) rows.push(this.next);
    return rows;
  }

  partsOf(row: number): number {
    return this.content.parts[row] ?? 1;
  }

  #skip(): void {
    while (this.#settled?.has(this.#next) === true) this.#next++;
  }
}
