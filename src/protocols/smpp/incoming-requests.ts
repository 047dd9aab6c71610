import type { AnsweredName } from './commands.ts';
import { Incoming } from './incoming.ts';
import type { AnsweredPdu, AnyPduInput, PduOf } from './pdu.ts';
import { hold, type PduReader } from './pdu-reader.ts';
import type { Session } from './session.ts';
import type { AnyHandler } from './session-options.ts';
import { statuses } from './statuses.ts';

export interface IncomingRequestsOptions {
  readonly session: Session;
  readonly reader: PduReader;
  /** Requests that may wait for our answers; with so many the reader is held. */
  readonly most: number;
  /** Writes an answer; false where the session has ended. Throws SmppValueError. */
  readonly write: (response: AnyPduInput, sequence: number) => boolean;
  /** Called when one was answered. */
  readonly answered: () => void;
  readonly fault: (error: unknown) => void;
}

/** The requests of the peer that wait for our answers. */
export class IncomingRequests {
  readonly #options: IncomingRequestsOptions;
  #waiting = 0;

  constructor(options: IncomingRequestsOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Gives a request to its handler. One that throws has answered ESME_RSYSERR. */
  give(handler: AnyHandler, pdu: AnsweredPdu): void {
    const { session, reader, most, fault } = this.#options;
    const incoming = new Incoming(pdu as PduOf<AnsweredName>, this.#answer);
    this.#waiting++;
    const failed = (error: unknown): void => {
      incoming.refuse(statuses.ESME_RSYSERR);
      fault(error);
    };
    try {
      handler(incoming, session)?.catch(failed);
    } catch (error) {
      failed(error);
    }
    if (this.#waiting >= most) reader.hold(hold.unanswered);
  }

  readonly #answer = (response: AnyPduInput, sequence: number): boolean => {
    const { reader, most, write, answered } = this.#options;
    const isWritten = write(response, sequence);
    this.#waiting--;
    if (this.#waiting < most) reader.release(hold.unanswered);
    answered();
    return isWritten;
  };
}
