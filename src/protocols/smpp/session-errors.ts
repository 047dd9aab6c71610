import type { LossCause } from './exchange.ts';
import { statusName } from './statuses.ts';

/**
 * Why a session ended. `unbound`: one side unbound. `closed`: our `close`. `ended`: the peer, or the network, ended the
 * connection; `error`: with an error. `half-open`: no answer to enquire_link. `stalled`: the peer takes no bytes.
 * `framing`: a command_length that can't be. `bind-deadline`: no bind in time. `refused`: the bind was refused.
 */
export type EndCause =
  | 'unbound'
  | 'closed'
  | 'ended'
  | 'error'
  | 'half-open'
  | 'stalled'
  | 'framing'
  | 'bind-deadline'
  | 'refused';

/** A request that this session can't send as it stands: not bound, bound in another mode, or the window is full. */
export class SmppStateError extends Error {
  override readonly name = 'SmppStateError';
}

/** A request that was sent and has no answer: whether the peer did it is unknown. */
export class SmppLostError extends Error {
  override readonly name = 'SmppLostError';
  readonly outcome: LossCause;
  constructor(outcome: LossCause) {
    super(`no answer (${outcome})`);
    this.outcome = outcome;
  }
}

/** A request that was not sent, because the session ended before. */
export class SmppClosedError extends Error {
  override readonly name = 'SmppClosedError';
  readonly reason: EndCause;
  constructor(reason: EndCause, options?: ErrorOptions) {
    super(`the session is closed (${reason})`, options);
    this.reason = reason;
  }
}

/** The peer refused the bind. */
export class SmppBindError extends Error {
  override readonly name = 'SmppBindError';
  /** command_status of the answer. */
  readonly status: number;
  constructor(status: number) {
    super(`the bind was refused: ${statusName(status)}`);
    this.status = status;
  }
}
