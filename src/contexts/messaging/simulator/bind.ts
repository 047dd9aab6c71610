/** What a simulated telecom remembers of one bind. */
import type { Session } from '#protocols/smpp';
import type { Dials } from './dials.ts';
import { burstOf, RateLimit } from './rate-limit.ts';
import type { ReceiptQueue } from './receipt-queue.ts';

export class Bind {
  readonly session: Session;
  /** Where receipts of its messages wait. */
  readonly queue: ReceiptQueue;
  readonly since = new Date();
  submits = 0;
  throttled = 0;
  /** Reads nothing and says nothing any more; its connection stays. */
  isSilent = false;
  readonly #dials: () => Dials;
  readonly #limit: RateLimit;

  constructor(session: Session, queue: ReceiptQueue, dials: () => Dials) {
    this.session = session;
    this.queue = queue;
    this.#dials = dials;
    const { rate, burst } = dials();
    this.#limit = new RateLimit(performance.now(), burstOf(rate, burst));
  }

  /** Whether the contract lets these parts through now. */
  allows(parts: number): boolean {
    const { rate, burst } = this.#dials();
    if (rate === 0 || this.#limit.take(parts, rate, burstOf(rate, burst), performance.now())) return true;
    this.throttled += 1;
    return false;
  }

  /** Counts a submit; says whether it is answered, and whether the connection breaks or falls silent with it. */
  count(): { readonly isAnswered: boolean; readonly end: 'break' | 'silence' | null } {
    this.submits += 1;
    const { disconnectEvery: every, disconnectUnanswered: unanswered, halfOpenAfter } = this.#dials();
    if (halfOpenAfter > 0 && this.submits >= halfOpenAfter) return { isAnswered: false, end: 'silence' };
    if (every === 0) return ANSWERED;
    return {
      isAnswered: this.submits < every && this.submits <= every - unanswered,
      end: this.submits >= every ? 'break' : null,
    };
  }

  silence(): void {
    this.isSilent = true;
    this.session.pause();
  }
}

const ANSWERED = { isAnswered: true, end: null } as const;
