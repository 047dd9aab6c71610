/** Behind the socket of a simulated telecom: what becomes of each submit, drawn by seed and dials. */
import {
  type BindRequest,
  type Incoming,
  readCarriedPart,
  Reassembly,
  type ReceiptState,
  type Session,
  statuses,
} from '#protocols/smpp';
import { Bind } from './bind.ts';
import { seededChance } from './chance.ts';
import { calm, type Dials, turned } from './dials.ts';
import { Fingerprints } from './fingerprints.ts';
import { idInReceipt, idInResponse } from './message-ids.ts';
import { Phones, type PhonesOptions } from './phones.ts';
import { ReceiptQueue, type PendingReceipt } from './receipt-queue.ts';
import { Schedule } from './schedule.ts';
import { type Fate, fateOf, SLOW_MS } from './test-numbers.ts';

export interface MessageCentreOptions extends PhonesOptions {
  /** The same seed draws the same chances for the same submits. */
  readonly seed: number;
  readonly dials?: Partial<Dials>;
  /** Passwords by system_id; without it every bind is accepted. */
  readonly accounts?: Readonly<Record<string, string>>;
  /** The number of the first message id; by default of the time, so that a restart repeats none. */
  readonly firstId?: number;
  /** Whether submits are remembered, to count those that came twice. */
  readonly tellsDuplicates?: boolean;
}

export interface Counters {
  /** submit_sm that came, refused ones included. */
  submits: number;
  /** Parts that were taken. */
  parts: number;
  /** Taken parts that differ in number, user_message_reference or octets; 0 where duplicates are not told. */
  distinct: number;
  /** Taken parts that had come before. */
  duplicates: number;
  /** Whole texts. */
  texts: number;
  throttled: number;
  queueFull: number;
  /** Refused for any other reason. */
  refused: number;
  /** Taken and never answered. */
  unanswered: number;
  disconnects: number;
  receiptsSent: number;
  receiptsAcknowledged: number;
  receiptsRepeated: number;
  receiptsDropped: number;
}

/** A bind, for a page. */
export interface BindState {
  readonly systemId: string;
  readonly mode: string;
  readonly since: Date;
  readonly submits: number;
  readonly throttled: number;
  readonly isSilent: boolean;
}

const QUEUE_FULL_TRIES = 3;

type Submit = Incoming<'submit_sm'>;

/** What a simulated telecom does with binds and messages; the sockets are `createTelecom`'s. */
export class MessageCentre {
  dials: Dials;
  readonly phones: Phones;
  readonly schedule = new Schedule();
  readonly counters: Counters = {
    submits: 0,
    parts: 0,
    distinct: 0,
    duplicates: 0,
    texts: 0,
    throttled: 0,
    queueFull: 0,
    refused: 0,
    unanswered: 0,
    disconnects: 0,
    receiptsSent: 0,
    receiptsAcknowledged: 0,
    receiptsRepeated: 0,
    receiptsDropped: 0,
  };
  readonly #accounts: MessageCentreOptions['accounts'];
  readonly #chance: () => number;
  readonly #binds = new Map<Session, Bind>();
  readonly #queues = new Map<string, ReceiptQueue>();
  readonly #reassembly = new Reassembly({ limit: 100_000 });
  readonly #fingerprints: Fingerprints | null;
  readonly #fullTries = new Map<string, number>();
  #nextId: number;
  /** The clock is read once a millisecond, not for each message. */
  #now = new Date();
  #nowIsOld = true;

  constructor(options: MessageCentreOptions) {
    this.dials = turned(calm, options.dials ?? {});
    this.phones = new Phones(options);
    this.#accounts = options.accounts;
    this.#chance = seededChance(options.seed);
    this.#nextId = options.firstId ?? Date.now() * 1000;
    this.#fingerprints = options.tellsDuplicates === false ? null : new Fingerprints();
  }

  authenticate({ systemId, password }: BindRequest): number {
    if (this.#accounts === undefined) return statuses.ESME_ROK;
    const wanted = Object.hasOwn(this.#accounts, systemId) ? this.#accounts[systemId] : undefined;
    if (wanted === undefined) return statuses.ESME_RINVSYSID;
    return wanted === password ? statuses.ESME_ROK : statuses.ESME_RINVPASWD;
  }

  join(session: Session): void {
    const queue = this.#queueOf(session);
    const bind = new Bind(session, queue, () => this.dials);
    this.#binds.set(session, bind);
    if (session.mode !== 'transmitter') queue.join(bind);
  }

  /** The session takes receipts again. */
  pump(session: Session): void {
    this.#binds.get(session)?.queue.pump();
  }

  leave(session: Session): void {
    const bind = this.#binds.get(session);
    this.#binds.delete(session);
    bind?.queue.leave(bind);
  }

  each(work: (bind: Bind) => void): void {
    for (const bind of this.#binds.values()) work(bind);
  }

  binds(): BindState[] {
    return [...this.#binds.values()].map(({ session, since, submits, throttled, isSilent }) => ({
      systemId: session.peerSystemId,
      mode: session.mode ?? '',
      since,
      submits,
      throttled,
      isSilent,
    }));
  }

  get waitingReceipts(): number {
    let waiting = this.schedule.size;
    for (const queue of this.#queues.values()) waiting += queue.waiting;
    return waiting;
  }

  break({ session }: Bind): void {
    this.counters.disconnects += 1;
    // The one end of a session that says nothing to the peer first.
    session.close('stalled');
  }

  #queueOf({ peerSystemId }: Session): ReceiptQueue {
    let queue = this.#queues.get(peerSystemId);
    if (queue === undefined) {
      queue = new ReceiptQueue({
        dials: () => this.dials,
        counters: this.counters,
        later: (delay, work) => this.schedule.in(delay, work),
      });
      this.#queues.set(peerSystemId, queue);
    }
    return queue;
  }

  submit(incoming: Submit, session: Session): void {
    const bind = this.#binds.get(session);
    if (bind === undefined || bind.isSilent) return;
    this.counters.submits += 1;
    const fate = fateOf(incoming.pdu.destinationAddr);
    const refusal = this.#refusal(incoming, bind, fate);
    if (refusal !== null) return this.#answer(bind, incoming, { status: refusal });
    const { isAnswered, end } = bind.count();
    const at = this.#clock();
    this.#take(incoming, at);
    const id = this.#nextId++;
    const silent = !isAnswered || fate === 'no-response' || this.#draws(this.dials.noResponse);
    const first = !silent && this.#draws(this.dials.receiptFirst);
    if (first) this.#promiseReceipts(incoming, bind, id, fate, at, 0);
    if (silent) this.counters.unanswered += 1;
    else this.#answer(bind, incoming, { messageId: idInResponse(id, this.dials.idWriting) }, first ? 20 : 0);
    if (!first) this.#promiseReceipts(incoming, bind, id, fate, at, this.#receiptDelay(fate));
    if (end === 'break') this.break(bind);
    else if (end === 'silence') bind.silence();
  }

  /** The status that refuses a submit, null where it is taken. */
  #refusal({ pdu }: Submit, bind: Bind, fate: Fate | null): number | null {
    const { counters, dials } = this;
    const payload = pdu.tlvs.messagePayload;
    if (!bind.allows(payload === undefined ? 1 : Math.ceil(payload.length / 134))) {
      counters.throttled += 1;
      return statuses.ESME_RTHROTTLED;
    }
    const tries = fate === 'queue-full' ? (this.#fullTries.get(pdu.destinationAddr) ?? 0) + 1 : 0;
    if (tries > 0) this.#fullTries.set(pdu.destinationAddr, tries > QUEUE_FULL_TRIES ? 0 : tries);
    if ((tries > 0 && tries <= QUEUE_FULL_TRIES) || this.#draws(dials.queueFull)) {
      counters.queueFull += 1;
      return statuses.ESME_RMSGQFUL;
    }
    const isSystemError = this.#draws(dials.systemError);
    if (!isSystemError && fate !== 'invalid' && /^\+?\d{3,15}$/u.test(pdu.destinationAddr)) return null;
    counters.refused += 1;
    return isSystemError ? statuses.ESME_RSYSERR : statuses.ESME_RINVDSTADR;
  }

  /** Puts the part to its text, and the whole text on the phone. */
  #take({ pdu }: Submit, at: Date): void {
    const { counters, phones } = this;
    counters.parts += 1;
    const { destinationAddr, sourceAddr, tlvs } = pdu;
    const content =
      pdu.shortMessage.length > 0 ? pdu.shortMessage : (tlvs.messagePayload ?? pdu.shortMessage);
    if (this.#fingerprints !== null) {
      const name = `${destinationAddr} ${tlvs.userMessageReference ?? ''} ${tlvs.sarSegmentSeqnum ?? ''}`;
      if (this.#fingerprints.isKnown(name, content)) counters.duplicates += 1;
      else counters.distinct += 1;
    }
    if (!phones.isWatched && pdu.esmClass === 0 && tlvs.sarTotalSegments === undefined) {
      counters.texts += 1;
      return;
    }
    const part = readCarriedPart(pdu);
    const whole = part && this.#reassembly.add(sourceAddr, destinationAddr, part);
    if (whole === null) return;
    counters.texts += 1;
    phones.receive(destinationAddr, sourceAddr, whole.text, whole.parts, at);
  }

  #answer(bind: Bind, incoming: Submit, fields: { status?: number; messageId?: string }, least = 0): void {
    const { responseMs, responseJitterMs, reorder, reorderMs, congestion } = this.dials;
    let delay = Math.max(responseMs, least);
    if (responseJitterMs > 0) delay += this.#chance() * responseJitterMs;
    if (this.#draws(reorder)) delay += this.#chance() * reorderMs;
    const reply = congestion === null ? fields : { ...fields, tlvs: { congestionState: congestion } };
    if (delay === 0) incoming.reply(reply);
    else this.schedule.in(delay, () => bind.isSilent || incoming.reply(reply));
  }

  #receiptDelay(fate: Fate | null): number {
    const { responseMs, receiptMs, receiptJitterMs } = this.dials;
    const jitter = receiptJitterMs > 0 ? this.#chance() * receiptJitterMs : 0;
    return responseMs + receiptMs + jitter + (fate === 'slow' ? SLOW_MS : 0);
  }

  #promiseReceipts(
    { pdu }: Submit,
    { queue }: Bind,
    id: number,
    fate: Fate | null,
    submittedAt: Date,
    delay: number,
  ): void {
    const { dials } = this;
    const wanted = pdu.registeredDelivery & 0x03;
    const state = this.#stateFor(fate);
    const isLost = fate === 'no-receipt' || this.#draws(dials.noReceipt);
    const isTwice = this.#draws(dials.duplicateReceipts);
    const isAsked = wanted === 1 || (wanted === 2) === (state !== 'delivered');
    if (wanted === 0 || !isAsked || isLost) return;
    const { sourceAddrTon, sourceAddrNpi, sourceAddr, destAddrTon, destAddrNpi, destinationAddr } = pdu;
    const promise = (promised: ReceiptState, after: number): void => {
      const send = (): void =>
        queue.add({
          id: idInReceipt(id, dials.idWriting),
          state: promised,
          isIntermediate: promised === 'enroute',
          submittedAt,
          doneAt: this.#clock(),
          from: { ton: destAddrTon, npi: destAddrNpi, address: destinationAddr },
          to: { ton: sourceAddrTon, npi: sourceAddrNpi, address: sourceAddr },
          reference: pdu.tlvs.userMessageReference,
          refusals: 0,
        } satisfies PendingReceipt);
      if (after === 0) send();
      else this.schedule.in(after, send);
    };
    if (fate === 'enroute-first') promise('enroute', delay / 2);
    promise(state, delay);
    if (isTwice) promise(state, delay + 1 + this.#chance() * dials.receiptMs);
  }

  #stateFor(fate: Fate | null): ReceiptState {
    if (fate === 'undeliverable' || fate === 'unknown' || fate === 'expired' || fate === 'rejected')
      return fate;
    return this.#draws(this.dials.undeliverable) ? 'undeliverable' : 'delivered';
  }

  #draws(share: number): boolean {
    return share > 0 && this.#chance() < share;
  }

  #clock(): Date {
    if (this.#nowIsOld) {
      this.#now = new Date();
      this.#nowIsOld = false;
      setImmediate(() => {
        this.#nowIsOld = true;
      });
    }
    return this.#now;
  }
}
