/** What the answers of a telecom make of a message. */
import { LOST, UNWRITTEN, type Message } from './chunk-run.ts';
import { meaningOf, type Cause } from './status-cause.ts';

/**
 * `taken`: every part. `front`, `later`: no part was taken, it is sent again at once or after a while. `rest`: some parts
 * were taken, the others are sent again. `again`: whether it was taken is unknown, and its template allows a second time.
 * `ended`: nothing more is sent.
 */
export type Judgement =
  | { readonly kind: 'taken' | 'front' | 'later' | 'rest' | 'again' }
  | { readonly kind: 'ended'; readonly state: 'rejected' | 'unknown'; readonly cause: Cause };

/** Tries of a text that is not taken for reasons other than its rate. */
const MOST_TRIES = 5;

const unwritten = { treatment: 'slower', cause: 'telecom_busy' } as const;
const taken: Judgement = { kind: 'taken' };

export function judge(message: Message): Judgement {
  const { status, run } = message;
  if (status.every((one) => one === 0)) return taken;
  if (status.includes(LOST)) {
    if (run.policy === 'at-least-once') return { kind: 'again' };
    return { kind: 'ended', state: 'unknown', cause: 'answer_lost' };
  }
  const refusals = status
    .filter((one) => one !== 0)
    .map((one) => (one === UNWRITTEN ? unwritten : meaningOf(one)));
  const final = refusals.find(({ treatment }) => treatment === 'final');
  if (final !== undefined) return { kind: 'ended', state: 'rejected', cause: final.cause };
  const later = refusals.find(({ treatment }) => treatment === 'later');
  if (later !== undefined && ++message.tries >= MOST_TRIES)
    return { kind: 'ended', state: 'rejected', cause: later.cause };
  if (refusals.length < status.length) return { kind: 'rest' };
  return { kind: later === undefined ? 'front' : 'later' };
}
