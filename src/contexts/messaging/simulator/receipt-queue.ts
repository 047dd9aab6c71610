/** Receipts on their way to the client: by any of its binds that receives, as fast as it takes them. */
import { messageStateOf, type ReceiptState, type Session, statuses, writeReceipt } from '#protocols/smpp';
import type { Dials } from './dials.ts';

/** What a receipt is made of when it leaves. */
export interface PendingReceipt {
  readonly id: string;
  readonly state: ReceiptState;
  readonly isIntermediate: boolean;
  readonly submittedAt: Date;
  readonly doneAt: Date;
  /** The phone, and the short code that the text came from, as the submit gave them. */
  readonly from: { readonly ton: number; readonly npi: number; readonly address: string };
  readonly to: { readonly ton: number; readonly npi: number; readonly address: string };
  readonly reference: number | undefined;
  /** How often the client refused it. */
  refusals: number;
}

export interface ReceiptCounters {
  receiptsSent: number;
  receiptsAcknowledged: number;
  receiptsRepeated: number;
  receiptsDropped: number;
}

/** A bind that receives; one that is silent for ever takes nothing. */
export interface Receiver {
  readonly session: Session;
  readonly isSilent: boolean;
}

interface Surroundings {
  readonly dials: () => Dials;
  readonly counters: ReceiptCounters;
  readonly later: (delay: number, work: () => void) => void;
}

const MOST_WAITING = 500_000;
const MOST_REFUSALS = 5;
const RETRY_MS = 1000;
/** The phone's network has a code for each failure; one stands for all here. */
const ABSENT_SUBSCRIBER = Buffer.of(3, 0, 27);
/** Answers after which a receipt is not offered again (ESME_RX_P_APPN, ESME_RX_R_APPN). */
const FINAL: ReadonlySet<number> = new Set([0x65, 0x66]);

/**
 * The receipts of one system_id. A receipt that is not acknowledged, because the connection ended or the client refused
 * it for now, is offered again, as a telecom does.
 */
export class ReceiptQueue {
  readonly #receivers: Receiver[] = [];
  readonly #surroundings: Surroundings;
  #waiting: PendingReceipt[] = [];
  #head = 0;
  #turn = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** Receipts that wait for a bind or its window. */
  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  join(receiver: Receiver): void {
    this.#receivers.push(receiver);
    this.pump();
  }

  leave(receiver: Receiver): void {
    const index = this.#receivers.indexOf(receiver);
    if (index !== -1) this.#receivers.splice(index, 1);
  }

  add(receipt: PendingReceipt): void {
    if (this.waiting >= MOST_WAITING) {
      this.#surroundings.counters.receiptsDropped += 1;
      return;
    }
    const receiver = this.waiting === 0 ? this.#receiverWithRoom() : null;
    if (receiver === null) this.#waiting.push(receipt);
    else this.#send(receiver, receipt);
  }

  /** Sends while somebody takes. */
  pump(): void {
    while (this.waiting > 0) {
      const receiver = this.#receiverWithRoom();
      if (receiver === null) break;
      this.#send(receiver, this.#waiting[this.#head]!);
      this.#head += 1;
    }
    if (this.#head > 10_000 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
  }

  #receiverWithRoom(): Session | null {
    const { length } = this.#receivers;
    for (let tried = 0; tried < length; tried += 1) {
      this.#turn = this.#turn + 1 < length ? this.#turn + 1 : 0;
      const { session, isSilent } = this.#receivers[this.#turn]!;
      if (!isSilent && session.room > 0) return session;
    }
    return null;
  }

  #send(session: Session, receipt: PendingReceipt): void {
    const { counters, later } = this.#surroundings;
    counters.receiptsSent += 1;
    session.request(this.#pdu(receipt), receipt, (outcome) => {
      const answered = outcome.outcome === 'answered' ? outcome.response.status : null;
      if (answered === statuses.ESME_ROK) {
        counters.receiptsAcknowledged += 1;
        return;
      }
      if (answered !== null) receipt.refusals = FINAL.has(answered) ? Infinity : receipt.refusals + 1;
      if (receipt.refusals > MOST_REFUSALS) {
        counters.receiptsDropped += 1;
      } else {
        counters.receiptsRepeated += 1;
        later(answered === null ? 1 : RETRY_MS, () => this.add(receipt));
      }
    });
  }

  #pdu(receipt: PendingReceipt) {
    const { from, to, id, state, reference } = receipt;
    const { dateDigits, offsetMinutes, receiptTlvs } = this.#surroundings.dials();
    const failed = state !== 'delivered' && !receipt.isIntermediate;
    const error = failed ? '027' : '000';
    return {
      command: 'deliver_sm' as const,
      sourceAddrTon: from.ton,
      sourceAddrNpi: from.npi,
      sourceAddr: from.address,
      destAddrTon: to.ton,
      destAddrNpi: to.npi,
      destinationAddr: to.address,
      esmClass: receipt.isIntermediate ? 0x20 : 0x04,
      shortMessage: writeReceipt({ ...receipt, error }, { dateDigits, offsetMinutes }),
      tlvs: receiptTlvs
        ? {
            receiptedMessageId: id,
            messageState: messageStateOf(state),
            ...(failed ? { networkErrorCode: ABSENT_SUBSCRIBER } : undefined),
            ...(reference === undefined ? undefined : { userMessageReference: reference }),
          }
        : {},
    };
  }
}
