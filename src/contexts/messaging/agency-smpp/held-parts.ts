/** Parts of a long text whose answers wait until the text is whole and stored: an answer means durable. */
import { Reassembly, readCarriedPart, statuses, type Incoming, type Whole } from '#protocols/smpp';

type Submit = Incoming<'submit_sm'>;

/** A whole text, and every request that carried a part of it. */
export interface Gathered {
  readonly text: string;
  readonly requests: readonly Submit[];
}

const PATIENCE_MS = 30_000;
const MOST_HELD = 256;

interface Held {
  readonly requests: Submit[];
  readonly since: number;
}

/** Gathers the parts of one session. `null` from `add` means that more parts are to come, or that the part was refused. */
export class HeldParts {
  readonly #reassembly = new Reassembly({ limit: MOST_HELD, patience: PATIENCE_MS });
  readonly #held = new Map<string, Held>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add(incoming: Submit): Gathered | null {
    this.#giveUpLate();
    const { pdu } = incoming;
    const part = readCarriedPart(pdu);
    if (part === null || part.alphabet === null) {
      incoming.refuse(part === null ? statuses.ESME_RINVESMCLASS : statuses.ESME_RINVDCS);
      return null;
    }
    const { concatenation } = part;
    const name =
      concatenation === null
        ? null
        : `${pdu.sourceAddr} ${pdu.destinationAddr} ${concatenation.reference} ${concatenation.total}`;
    if (name !== null) this.#hold(name, incoming);
    const whole: Whole | null = this.#reassembly.add(pdu.sourceAddr, pdu.destinationAddr, part);
    if (whole === null || whole.text === null) return null;
    const requests = name === null ? [incoming] : (this.#held.get(name)?.requests ?? [incoming]);
    if (name !== null) this.#held.delete(name);
    return { text: whole.text, requests };
  }

  /** Refuses what is held too long, or beyond the limit: the client may send the text anew. */
  #giveUpLate(): void {
    for (const [name, { since, requests }] of this.#held) {
      if (this.#now() - since < PATIENCE_MS && this.#held.size < MOST_HELD) break;
      for (const request of requests) request.refuse(statuses.ESME_RSUBMITFAIL);
      this.#held.delete(name);
    }
  }

  #hold(name: string, incoming: Submit): void {
    const held = this.#held.get(name) ?? { requests: [], since: this.#now() };
    held.requests.push(incoming);
    this.#held.set(name, held);
  }
}
