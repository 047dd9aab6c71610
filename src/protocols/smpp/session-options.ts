import type { BindName, MessageName } from './bind-mode.ts';
import type { Incoming } from './incoming.ts';
import type { MalformedPdu, PduOf, ResponsePdu } from './pdu.ts';
import type { Session } from './session.ts';
import type { EndCause } from './session-errors.ts';

/** What the peer asks: every request waits for `reply` or `refuse`, now or later. Without a handler: ESME_RINVCMDID. */
type RequestHandlers = {
  [N in MessageName]?: (incoming: Incoming<N>, session: Session) => void | Promise<void>;
};

export interface Handlers extends RequestHandlers {
  /** Slots of the window became free; at most once in a turn of the event loop. */
  room?(session: Session): void;
  /** A phone is reachable again (SMPP 3.4 §4.12); it has no answer. */
  alert_notification?(pdu: PduOf<'alert_notification'>, session: Session): void;
  /** The message centre asks for a bind (SMPP 3.4 §4.1.7); it has no answer. */
  outbind?(pdu: PduOf<'outbind'>, session: Session): void;
  /** A response without a request that waits for it: it came after its deadline, twice, or was never asked for. */
  unmatched?(response: ResponsePdu, session: Session): void;
  /** A PDU that can't be read; the session has answered it. */
  malformed?(pdu: MalformedPdu, session: Session): void;
  /** The connection is gone, and every request has its outcome. */
  closed?(reason: EndCause, session: Session): void;
  /** What a handler threw; its request was answered with ESME_RSYSERR. Without this the process is warned. */
  fault?(error: unknown, session: Session): void;
}

export interface SessionSettings {
  /** Requests that may be outstanding, or settled and not released, at once. Default 100. */
  readonly window?: number;
  /**
   * Whether a slot of the window is free again when the outcome has been told. With `false` the caller frees it with
   * `release`, after the outcome is recorded: then a crash leaves one window of unknown outcomes at most. Default true.
   */
  readonly autoRelease?: boolean;
  /** Milliseconds until a request without a response is lost. Default 60,000. */
  readonly responseDeadlineMs?: number;
  /** Milliseconds of silence after which the peer is asked whether it lives. Default 30,000. */
  readonly enquireAfterMs?: number;
  /** Milliseconds in which it must show life then. Default 10,000. */
  readonly enquireDeadlineMs?: number;
  /** Octets of the longest PDU. Default 70,000: the longest message_payload and all else. */
  readonly maxPduLength?: number;
  /** Requests of the peer that may wait for our answer; above that its bytes are not read. Default 1,000. */
  readonly maxUnanswered?: number;
  /** Octets that wait for the peer to take them; above that its bytes are not read. Default 1 MiB. */
  readonly maxBacklog?: number;
  /** The first sequence_number. Default 1. */
  readonly firstSequence?: number;
  /** 0x34 (default) or 0x50; the session speaks the lower one of both sides. */
  readonly interfaceVersion?: number;
}

export const defaults: Required<SessionSettings> = {
  window: 100,
  autoRelease: true,
  responseDeadlineMs: 60_000,
  enquireAfterMs: 30_000,
  enquireDeadlineMs: 10_000,
  maxPduLength: 70_000,
  maxUnanswered: 1000,
  maxBacklog: 1_048_576,
  firstSequence: 1,
  interfaceVersion: 0x34,
};

/** How the server's side looks at a bind. */
export type BindHandler = (incoming: Incoming<BindName>, session: Session) => void | Promise<void>;

export type AnyHandler = (incoming: Incoming, session: Session) => void | Promise<void>;
