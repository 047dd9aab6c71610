/** Receipts from their arrival to the commit after which they are acknowledged. */
import { createHmac } from 'node:crypto';
import { messageKey, parseReceipt, statuses, type Incoming, type Receipt } from '#protocols/smpp';
import { Awaited } from './awaited.ts';
import type { Message } from './chunk-run.ts';
import type { CycleFacts, LooseReceipt } from './facts.ts';
import type { LinkOptions } from './link-options.ts';
import { endingOf, errorOf } from './receipt-state.ts';

/** Milliseconds for which a receipt waits for the response that names its message. */
const EARLY_MS = 300;
/** Receipts that one commit takes at most. */
const MOST = 2000;

interface Ended {
  readonly incoming: Incoming<'deliver_sm'>;
  readonly message: Message;
  readonly receipt: Receipt;
}

interface Early {
  readonly incoming: Incoming<'deliver_sm'>;
  readonly receipt: Receipt;
  readonly key: string;
  readonly at: number;
}

export interface ReceiptFigures {
  /** Receipts so far, and those whose message was not known when they came. */
  readonly received: number;
  readonly loose: number;
  /** Milliseconds from response to receipt, and of the telecom's clock before ours, of the last ones. */
  readonly lagMs: number;
  readonly skewMs: number;
}

export class ReceiptDesk {
  readonly awaited: Awaited;
  readonly #options: LinkOptions;
  readonly #secret: string;
  readonly #wake: () => void;
  #ended: Ended[] = [];
  #loose: { readonly incoming: Incoming<'deliver_sm'>; readonly receipt: LooseReceipt }[] = [];
  readonly #early = new Map<string, Early[]>();
  #earlyCount = 0;
  #received = 0;
  #looseCount = 0;
  #lagMs = 0;
  #skewMs = 0;

  constructor(options: LinkOptions, secret: string, wake: () => void, awaited = new Awaited()) {
    this.#options = options;
    this.#secret = secret;
    this.#wake = wake;
    this.awaited = awaited;
  }

  get figures(): ReceiptFigures {
    return {
      received: this.#received,
      loose: this.#looseCount,
      lagMs: Math.round(this.#lagMs),
      skewMs: Math.round(this.#skewMs),
    };
  }

  /** Takes a `deliver_sm`. What is no receipt is refused: nobody reads texts that are sent to the short code here. */
  take(incoming: Incoming<'deliver_sm'>): void {
    const { pdu } = incoming;
    const receipt = parseReceipt(pdu, this.#options.clockOffsetMinutes);
    if (receipt === null) {
      incoming.refuse(statuses.ESME_RX_R_APPN);
      return;
    }
    this.#received++;
    if (receipt.kind === 'intermediate' || endingOf(receipt.state, null) === null) {
      incoming.reply({});
      return;
    }
    const key = receipt.id === null ? '' : messageKey(receipt.id, 'receipt', this.#options.messageIds);
    if (!this.#match(incoming, receipt, key)) {
      const waiting = this.#early.get(key);
      const early = { incoming, receipt, key, at: performance.now() };
      if (waiting === undefined) this.#early.set(key, [early]);
      else waiting.push(early);
      this.#earlyCount++;
    }
    this.#wake();
  }

  /** A response named a message: receipts that came before it find it now. */
  registered(key: string): void {
    if (this.#earlyCount === 0) return;
    const waiting = this.#early.get(key);
    if (waiting === undefined) return;
    this.#early.delete(key);
    this.#earlyCount -= waiting.length;
    for (const early of waiting) if (!this.#match(early.incoming, early.receipt, key)) this.#keep(early);
  }

  /** True where a commit has something to do now. */
  get isReady(): boolean {
    return this.#ended.length > 0 || this.#loose.length > 0;
  }

  /** Milliseconds until a receipt has waited long enough; null where none waits. */
  get dueInMs(): number | null {
    for (const [first] of this.#early.values())
      return Math.max(0, (first as Early).at + EARLY_MS - performance.now());
    return null;
  }

  /** Puts what arrived into the facts of a commit; answers what is to be acknowledged after it. */
  collect(facts: CycleFacts): Incoming<'deliver_sm'>[] {
    this.#ripen();
    const ended = this.#ended.length > MOST ? this.#ended.splice(0, MOST) : this.#swapEnded();
    const acknowledged = ended.map(({ incoming, message, receipt }) => {
      const { state, cause } = endingOf(receipt.state, errorOf(receipt))!;
      facts.outcome(message.run, message.row, message.partCount, state, cause);
      return incoming;
    });
    for (const { incoming, receipt } of this.#loose.splice(0, MOST)) {
      facts.receipt(receipt);
      acknowledged.push(incoming);
    }
    return acknowledged;
  }

  #swapEnded(): Ended[] {
    const ended = this.#ended;
    if (ended.length > 0) this.#ended = [];
    return ended;
  }

  #ripen(): void {
    if (this.#earlyCount === 0) return;
    const limit = performance.now() - EARLY_MS;
    for (const [key, waiting] of this.#early) {
      if ((waiting[0] as Early).at > limit) return;
      this.#early.delete(key);
      this.#earlyCount -= waiting.length;
      for (const early of waiting) this.#keep(early);
    }
  }

  #match(incoming: Incoming<'deliver_sm'>, receipt: Receipt, key: string): boolean {
    const found = this.awaited.find(key);
    if (found === null) return false;
    const { message, part } = found;
    const told = mobileIn(incoming.pdu.sourceAddr) ?? mobileIn(incoming.pdu.destinationAddr);
    if (told !== null && told !== message.number) return false;
    this.awaited.remove(key);
    const now = performance.now();
    this.#lagMs += (now - message.answeredAt - this.#lagMs) / 16;
    if (receipt.doneAt !== null) this.#skewMs += (receipt.doneAt.getTime() - Date.now() - this.#skewMs) / 16;
    if (message.partCount === 1) this.#ended.push({ incoming, message, receipt });
    else this.#loose.push({ incoming, receipt: this.#looseOf(incoming, receipt, key, message, part) });
    return true;
  }

  #keep({ incoming, receipt, key }: Early): void {
    this.#looseCount++;
    this.#loose.push({ incoming, receipt: this.#looseOf(incoming, receipt, key, null, 0) });
  }

  #looseOf(
    { pdu }: Incoming<'deliver_sm'>,
    receipt: Receipt,
    key: string,
    message: Message | null,
    part: number,
  ): LooseReceipt {
    const number = mobileIn(pdu.sourceAddr) ?? mobileIn(pdu.destinationAddr);
    return {
      messageId: key,
      message,
      part,
      state: receipt.state,
      error: errorOf(receipt),
      destination: number === null ? null : destinationDigest(this.#secret, number),
      reference: pdu.tlvs.userMessageReference ?? null,
      doneAt: receipt.doneAt,
    };
  }
}

/** Nine digits of a mobile number of Taiwan in an address; null where it is none. */
function mobileIn(address: string): string | null {
  return /^(?:\+?886|0)?(9\d{8})$/u.exec(address)?.[1] ?? null;
}

/** Stands for a number in a receipt that waits for its message. */
export function destinationDigest(secret: string, number: string): Buffer {
  return createHmac('sha256', secret).update(number).digest().subarray(0, 16);
}
