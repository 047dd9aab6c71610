/**
 * Sends over one link, while its lease is held. It goes in cycles: what was answered and reported since the last one,
 * and what is to be written next, become durable in one commit; then slots are freed, receipts acknowledged, and the
 * next messages written to the socket. So a crash leaves at most one window of each bind of unknown outcome.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '#platform/clock';
import type { Log } from '#platform/log';
import { messageKey, SmppValueError, statuses, type Outcome, type Session } from '#protocols/smpp';
import type { CheckKey } from '../check/digest.ts';
import type { Database } from '#platform/database';
import { Bind, type LinkSettings } from './bind.ts';
import { LOST, UNWRITTEN, type ChunkRun, type Compose, type Message } from './chunk-run.ts';
import type { CommitGroup } from './commit-group.ts';
import { Committer } from './cycle-commit.ts';
import { CycleFacts } from './facts.ts';
import { judge } from './judge.ts';
import { Lanes } from './lanes.ts';
import type { Lease } from './lease.ts';
import { OpenIntents } from './open-intents.ts';
import { ReceiptDesk } from './receipt-desk.ts';
import { Signal } from './signal.ts';
import { composerFor, submitFields, validityOf } from './submit-fields.ts';
import type { MessagingTables } from '../tables.ts';

export interface RunnerDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly link: LinkSettings;
  readonly lease: Lease;
  readonly holdMs: number;
  readonly group: CommitGroup;
  /** Key of the citizen check, of this week. */
  readonly checkKey: () => CheckKey;
  /** Keyed digests of numbers in receipts that wait for their message. */
  readonly receiptSecret: string;
  /** Called when the lanes run low or a bind comes up. */
  readonly hungry: () => void;
  /** Called once when the lease was lost to another holder. */
  readonly fenced: () => void;
}

/** A message of this cycle, with the bind that writes it after the commit. */
interface Write {
  readonly message: Message;
  readonly bind: Bind;
  readonly session: Session;
  /** Moment of the tokens. */
  readonly slot: number;
  /** Parts that are written; null: all. */
  readonly parts: readonly number[] | null;
}

/** A congestion_state (SMPP 5.0, 4.8.4.18) from here on asks for less. */
const CONGESTED = 90;
/** Milliseconds before a text that was not taken is tried again, times its tries. */
const LATER_MS = 1000;

export class LinkRunner {
  readonly lanes = new Lanes();
  readonly runs = new Map<number, ChunkRun>();
  readonly binds: readonly Bind[];
  readonly desk: ReceiptDesk;
  /** Rows that became unknown, parts written. */
  readonly counts = { unknown: 0, written: 0, rejected: 0 };
  readonly #deps: RunnerDeps;
  readonly #intents: OpenIntents;
  readonly #committer: Committer;
  readonly #compose: Compose;
  readonly #signal = new Signal();
  readonly #bindOf = new WeakMap<Session, Bind>();
  #answered: Message[] = [];
  #rest: Message[] = [];
  readonly #later: { readonly message: Message; readonly at: number }[] = [];
  readonly #stopping = new Set<ChunkRun>();
  #running: Promise<void> | null = null;
  #state: 'sending' | 'draining' | 'stopped' = 'sending';

  constructor(deps: RunnerDeps) {
    const { link, database, log } = deps;
    this.#deps = deps;
    this.#intents = new OpenIntents(database.of<MessagingTables>('messaging'));
    this.#committer = new Committer(deps);
    this.#compose = composerFor(link.options, deps.checkKey);
    this.desk = new ReceiptDesk(link.options, deps.receiptSecret, () => this.#signal.raise());
    const handlers = {
      deliver_sm: (incoming: Parameters<ReceiptDesk['take']>[0]) => this.desk.take(incoming),
      fault: (error: unknown) => log.error({ err: error, linkId: link.id }, 'a handler of a bind failed'),
    };
    const changed = (): void => {
      this.#signal.raise();
      deps.hungry();
    };
    this.binds = Array.from(
      { length: link.binds },
      (_, place) => new Bind({ log, number: place + 1, link, handlers, changed }),
    );
  }

  async start(): Promise<void> {
    await this.#intents.prepare();
    for (const bind of this.binds) bind.start();
    this.#running = this.#loop();
  }

  get state(): 'sending' | 'draining' | 'stopped' {
    return this.#state;
  }

  get windowSize(): number {
    return this.#deps.link.windowSize;
  }

  get isUp(): boolean {
    return this.binds.some((bind) => bind.session !== null);
  }

  /** Messages whose answer is not recorded yet. */
  get underWay(): number {
    let count = 0;
    for (const run of this.runs.values()) count += run.underWay;
    return count;
  }

  get commits(): number {
    return this.#committer.commits;
  }

  add(run: ChunkRun): void {
    this.runs.set(run.chunkId, run);
    this.lanes.add(run);
    // One that has nothing left leaves the queue with the next commit.
    if (run.unsettled === 0) this.#stopping.add(run);
    this.#signal.raise();
  }

  /** Stops a chunk: what was not begun is given back, or ends so. */
  stopRun(run: ChunkRun, how: NonNullable<ChunkRun['stop']>): void {
    if (run.stop !== null) return;
    run.stop = how;
    this.#stopping.add(run);
    this.#signal.raise();
  }

  /** Sends nothing more and gives back what was not begun; receipts are still taken. */
  drain(): void {
    if (this.#state === 'sending') this.#state = 'draining';
    for (const run of this.runs.values()) this.stopRun(run, 'give-back');
  }

  /** Drains, unbinds and records the last answers. */
  async stop(): Promise<void> {
    this.drain();
    await Promise.all(this.binds.map((bind) => bind.stop('in order')));
    this.#state = 'stopped';
    this.#signal.raise();
    await this.#running;
  }

  async #loop(): Promise<void> {
    for (;;) {
      await this.#signal.wait(this.#pauseMs());
      // What the sockets have for us belongs into this cycle.
      await turn();
      for (;;) {
        await this.#deps.group.free();
        const went = await this.#cycle();
        if (went === 'fenced') return this.#abandon();
        if (went === 'idle') break;
        await turn();
      }
      if (this.#state === 'stopped') return;
    }
  }

  #pauseMs(): number {
    const { holdMs } = this.#deps;
    let pause = Math.max(0, this.#committer.committedAt + holdMs / 3 - performance.now());
    const due = this.desk.dueInMs;
    if (due !== null) pause = Math.min(pause, due + 1);
    for (const { at } of this.#later) pause = Math.min(pause, Math.max(1, at - performance.now()));
    const parts = this.#rest.length > 0 ? 1 : this.#state === 'sending' ? this.lanes.peek() : 0;
    for (const { session, rate } of parts > 0 ? this.binds : []) {
      // A full window wakes us by its answers.
      if ((session?.room ?? 0) >= Math.min(parts, this.#deps.link.windowSize))
        pause = Math.min(pause, Math.max(1, rate.waitMs(parts)));
    }
    return pause;
  }

  async #cycle(): Promise<'went' | 'idle' | 'fenced'> {
    const facts = new CycleFacts();
    const held: Outcome<unknown>[] = [];
    const freed = new Map<Session, number>();
    this.#judgeAnswers(facts, held, freed);
    const acknowledged = this.desk.collect(facts);
    this.#endStopped(facts);
    const writes = this.#choose(facts, freed);
    const renews = performance.now() - this.#committer.committedAt > this.#deps.holdMs / 3;
    if (facts.isEmpty && writes.length === 0 && !renews) return 'idle';
    if (!facts.isEmpty || renews) {
      const isHeld = await this.#committer.commit(
        facts,
        this.#intents.lowest,
        () => this.#state === 'stopped',
      );
      if (!isHeld) return 'fenced';
    }
    for (const outcome of held) outcome.release();
    for (const incoming of acknowledged) incoming.reply({});
    this.#write(writes);
    this.#intents.refill((error) => this.#deps.log.error({ err: error }, 'no numbers for intents'));
    return 'went';
  }

  #judgeAnswers(facts: CycleFacts, held: Outcome<unknown>[], freed: Map<Session, number>): void {
    if (this.#answered.length === 0) return;
    const answered = this.#answered;
    this.#answered = [];
    const front: Message[] = [];
    for (const message of answered) {
      const { run, session } = message;
      const judgement = judge(message);
      if (session !== null) freed.set(session, (freed.get(session) ?? 0) + message.held.length);
      held.push(...message.held);
      message.held.length = 0;
      if (judgement.kind === 'rest') {
        this.#rest.push(message);
        continue;
      }
      run.underWay--;
      this.#intents.close(message.intentId);
      if (judgement.kind !== 'again') facts.submission(message);
      switch (judgement.kind) {
        case 'taken':
          facts.taken(message);
          message.finish();
          this.#settle(run, 1, facts);
          break;
        case 'ended':
          facts.outcome(run, message.row, message.partCount, judgement.state, judgement.cause);
          this.counts[judgement.state]++;
          message.finish();
          this.#settle(run, 1, facts);
          break;
        case 'later':
          this.#later.push({ message, at: performance.now() + LATER_MS * message.tries });
          break;
        default:
          front.push(message);
      }
      if (run.stop !== null) this.#stopping.add(run);
    }
    if (front.length > 0) this.lanes.front(front.sort((a, b) => a.intentId - b.intentId || a.row - b.row));
  }

  /** Rows of a chunk have an end; with the last one it leaves the queue. */
  #settle(run: ChunkRun, rows: number, facts: CycleFacts): void {
    run.unsettled -= rows;
    if (run.unsettled > 0) return;
    facts.done(run.chunkId);
    this.runs.delete(run.chunkId);
    this.#stopping.delete(run);
  }

  /** Takes chunks that stop out of the lanes; gives back or ends what was not begun. */
  #endStopped(facts: CycleFacts): void {
    const now = this.#deps.clock.now().epochMilliseconds;
    for (const run of this.runs.values()) if (run.validUntil <= now) this.stopRun(run, 'expired');
    for (const run of this.#stopping) {
      if (run.unsettled === 0) {
        this.#settle(run, 0, facts);
        continue;
      }
      const again = [...this.lanes.remove(run), ...this.#takeLater(run)];
      if (run.stop === 'give-back') {
        run.takeRest();
        if (run.underWay > 0) continue;
        facts.giveBack(run.chunkId);
        this.runs.delete(run.chunkId);
      } else {
        const [state, cause] = run.stop === 'expired' ? expired : cancelled;
        const rows = [...again.map(({ row }) => row), ...run.takeRest()];
        for (const row of rows) facts.outcome(run, row, run.partsOf(row), state, cause);
        if (rows.length > 0) this.#settle(run, rows.length, facts);
      }
      this.#stopping.delete(run);
    }
  }

  #takeLater(run: ChunkRun): Message[] {
    const own = this.#later.filter(({ message }) => message.run === run);
    for (const one of own) this.#later.splice(this.#later.indexOf(one), 1);
    return own.map(({ message }) => message);
  }

  /** Takes tokens and opens intents for as much as windows and rates allow. */
  #choose(facts: CycleFacts, freed: ReadonlyMap<Session, number>): Write[] {
    const writes: Write[] = [];
    if (this.#state === 'stopped') return writes;
    this.#ripenLater();
    let range: Message[] = [];
    const close = (): void => {
      const [first] = range;
      if (first === undefined) return;
      const id = this.#intents.open(range.length);
      facts.intent(id, first.run.chunkId, first.row, first.row + range.length - 1);
      for (const message of range) message.intentId = id;
      range = [];
    };
    for (const bind of this.binds) {
      const { session } = bind;
      if (session === null) continue;
      let room = Math.min(session.room + (freed.get(session) ?? 0), this.#deps.link.windowSize);
      room = this.#chooseRest(bind, session, room, writes);
      while (this.#state === 'sending' && room > 0 && this.#intents.available - writes.length > 1) {
        const parts = this.lanes.peek();
        if (parts === 0) break;
        const full = this.#deps.link.windowSize;
        if ((parts > room && parts <= full) || !bind.rate.allows(parts)) break;
        const message = this.lanes.take(this.#compose) as Message;
        const { run, row } = message;
        if (message.partCount === 0 || message.partCount > full) {
          facts.outcome(run, row, Math.max(1, message.partCount), 'rejected', 'content_refused');
          this.#settle(run, 1, facts);
          continue;
        }
        bind.rate.take(message.partCount);
        run.underWay++;
        writes.push({ message, bind, session, slot: bind.rate.slot, parts: null });
        room -= message.partCount;
        const last = range.at(-1);
        if (last?.run !== run || last.row !== row - 1) close();
        range.push(message);
      }
    }
    close();
    if (this.lanes.ahead('batch') < 2000) this.#deps.hungry();
    return writes;
  }

  /** Parts of texts of which others were taken, under the intent they have. */
  #chooseRest(bind: Bind, session: Session, available: number, writes: Write[]): number {
    let room = available;
    const left: Message[] = [];
    for (const message of this.#rest) {
      const parts = [...message.status.keys()].filter((part) => message.status[part] !== 0);
      // Long texts go over one bind; where that is gone, another does.
      const own = message.session === session || message.session?.state !== 'bound';
      if (!own || parts.length > room || !bind.rate.allows(parts.length)) {
        left.push(message);
        continue;
      }
      bind.rate.take(parts.length);
      room -= parts.length;
      writes.push({ message, bind, session, slot: bind.rate.slot, parts });
    }
    this.#rest = left;
    return room;
  }

  #ripenLater(): void {
    const now = performance.now();
    for (let place = this.#later.length - 1; place >= 0; place--) {
      const { message, at } = this.#later[place]!;
      if (at > now) continue;
      this.#later.splice(place, 1);
      this.lanes.again(message);
    }
  }

  #write(writes: readonly Write[]): void {
    const now = this.#deps.clock.now().epochMilliseconds;
    let validRun: ChunkRun | null = null;
    let validity = '';
    for (const { message, bind, session, slot, parts } of writes) {
      const { run } = message;
      this.#bindOf.set(session, bind);
      bind.rate.written(parts?.length ?? message.partCount, slot);
      if (run !== validRun) {
        validRun = run;
        validity = validityOf(run, now);
      }
      if (parts === null) message.begin(session);
      else message.beginAgain(session, parts);
      for (let part = 0; part < message.partCount; part++) {
        if (parts === null || parts.includes(part)) this.#submit(message, part, session, validity);
      }
    }
  }

  #submit(message: Message, part: number, session: Session, validity: string): void {
    try {
      session.request(
        submitFields(message, part, validity, this.#deps.link.options),
        message,
        part === 0 ? this.#settleFirst : (outcome) => this.#settled(outcome, part),
      );
      this.counts.written++;
    } catch (error) {
      // Not a byte of it was written: the session has ended since, or a value does not fit.
      const status = error instanceof SmppValueError ? statuses.ESME_RINVMSGLEN : UNWRITTEN;
      this.#answerPart(message, part, status);
    }
  }

  readonly #settleFirst = (outcome: Outcome<Message>): void => this.#settled(outcome, 0);

  #settled(outcome: Outcome<Message>, part: number): void {
    const message = outcome.tag;
    message.held.push(outcome);
    if (outcome.outcome === 'lost') return this.#answerPart(message, part, LOST);
    const { response } = outcome;
    const rate = this.#bindOf.get(message.session as Session)?.rate;
    if (response.status === statuses.ESME_RTHROTTLED || (response.tlvs.congestionState ?? 0) >= CONGESTED)
      rate?.throttled();
    if (response.command !== 'submit_sm_resp') {
      return this.#answerPart(message, part, response.status === 0 ? LOST : response.status);
    }
    if (response.status === 0) {
      const key = messageKey(response.messageId, 'response', this.#deps.link.options.messageIds);
      message.ids[part] = key;
      message.answeredAt = performance.now();
      this.desk.awaited.add(key, message, part);
      this.desk.registered(key);
    }
    this.#answerPart(message, part, response.status);
  }

  #answerPart(message: Message, part: number, status: number): void {
    message.status[part] = status;
    if (--message.waiting > 0) return;
    this.#answered.push(message);
    this.#signal.raise();
  }

  /** Another holder has the link: nothing is written, nothing acknowledged, no matter what is open. */
  #abandon(): void {
    this.#state = 'stopped';
    for (const bind of this.binds) void bind.stop('at once');
    this.#deps.fenced();
  }
}

const expired = ['expired', 'not_sent_in_time'] as const;
const cancelled = ['cancelled', 'cancelled'] as const;
