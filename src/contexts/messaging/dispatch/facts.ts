/** The facts of one cycle of a link, collected until `commitCycles` writes them. */
import type { OutcomeState } from '../tables.ts';
import type { ChunkRun, Message } from './chunk-run.ts';

export interface LooseReceipt {
  readonly messageId: string;
  /** Known where the receipt is one of several parts. */
  readonly message: Message | null;
  readonly part: number;
  readonly state: string;
  readonly error: string | null;
  readonly destination: Buffer | null;
  readonly reference: number | null;
  readonly doneAt: Date | null;
}

/** Columns of PostgreSQL arrays in their text form: elements after commas, one string each whatever their length. */
export class Columns {
  readonly texts: string[];
  length = 0;

  constructor(width: number) {
    this.texts = Array.from({ length: width }, () => '');
  }

  add(...values: readonly (string | number | null)[]): void {
    const comma = this.length === 0 ? '' : ',';
    for (let place = 0; place < values.length; place++)
      this.texts[place] += `${comma}${values[place] ?? 'NULL'}`;
    this.length++;
  }
}

const SPECIAL = /["\\]/u;

/** A text as an element of an array; PostgreSQL has no character 0. */
export const quoted = (text: string): string =>
  SPECIAL.test(text) || text.includes('\u0000')
    ? `"${text.replaceAll('\u0000', '\ufffd').replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
    : `"${text}"`;
const orNull = (text: string | null): string | null => (text === null ? null : quoted(text));

/** What a tally rises by. */
export interface Rise {
  readonly subject: string;
  readonly kind: string;
  readonly cause: string;
  messages: number;
  parts: number;
}

/** Parts that one intent was answered in a cycle: so many, one after the other in `CycleFacts.parts`. */
export interface AnsweredGroup {
  readonly intentId: number;
  readonly chunkId: number;
  parts: number;
}

export class CycleFacts {
  /** id, chunk, first row, last row. */
  readonly intents = new Columns(4);
  readonly groups: AnsweredGroup[] = [];
  /** row, part, status, id. */
  readonly parts = new Columns(4);
  /** Digest of the citizen check, chunk. */
  readonly digests = new Columns(2);
  /** chunk, row, parts, state, cause. */
  readonly outcomes = new Columns(5);
  readonly receipts = new Columns(9);
  /** Chunks whose last row is settled. */
  readonly doneChunks: number[] = [];
  /** Chunks that another link, or a later moment, shall go on with. */
  readonly givenBack: number[] = [];
  readonly #taken: Rise[] = [];
  /** Where every outcome is the first of its row. */
  readonly #ended: Rise[] = [];

  get isEmpty(): boolean {
    return (
      this.intents.length === 0 &&
      this.groups.length === 0 &&
      this.outcomes.length === 0 &&
      this.receipts.length === 0 &&
      this.doneChunks.length === 0 &&
      this.givenBack.length === 0
    );
  }

  intent(id: number, chunkId: number, from: number, to: number): void {
    this.intents.add(id, chunkId, from, to);
  }

  /** What the telecom answered to each part. */
  submission({ intentId, run, row, status, ids, digest }: Message): void {
    let group = this.groups.at(-1);
    for (let part = 0; part < status.length; part++) {
      const answer = status[part]!;
      if (answer < 0) continue;
      if (group?.intentId !== intentId) {
        group = { intentId, chunkId: run.chunkId, parts: 0 };
        this.groups.push(group);
      }
      group.parts++;
      this.parts.add(row, part + 1, answer, orNull(ids[part] ?? null));
      if (part === 0 && answer === 0) this.digests.add(digest, run.chunkId);
    }
  }

  /** Counts a message that the telecom took. */
  taken({ run, partCount }: Message): void {
    raise(this.#taken, run.subjectId, 'submitted', '', partCount);
  }

  outcome(run: ChunkRun, row: number, parts: number, state: OutcomeState, cause: string | null): void {
    this.outcomes.add(run.chunkId, row, parts, state, orNull(cause));
    raise(this.#ended, run.subjectId, state, cause ?? '', parts);
  }

  receipt(receipt: LooseReceipt): void {
    const { message, destination, doneAt } = receipt;
    this.receipts.add(
      quoted(receipt.messageId),
      message?.run.chunkId ?? null,
      message?.row ?? null,
      message === null ? null : receipt.part + 1,
      receipt.state,
      orNull(receipt.error),
      destination === null ? null : `"\\\\x${destination.toString('hex')}"`,
      receipt.reference,
      doneAt === null ? null : `"${doneAt.toISOString()}"`,
    );
  }

  done(chunkId: number): void {
    this.doneChunks.push(chunkId);
  }

  giveBack(chunkId: number): void {
    this.givenBack.push(chunkId);
  }

  /** What tallies rise by; without the outcomes where the database counts those that change something. */
  rises(again: boolean): readonly Rise[] {
    return again ? this.#taken : [...this.#taken, ...this.#ended];
  }
}

/** Few subjects, states and causes meet in a cycle: a list is quicker than a map by a made-up key. */
function raise(rises: Rise[], subject: string, kind: string, cause: string, parts: number): void {
  for (const rise of rises) {
    if (rise.subject !== subject || rise.kind !== kind || rise.cause !== cause) continue;
    rise.messages++;
    rise.parts += parts;
    return;
  }
  rises.push({ subject, kind, cause, messages: 1, parts });
}
