import { commands, type AnsweredName } from './commands.ts';
import type { AnyPduInput, FieldsOf, PduOf } from './pdu.ts';
import type { RawTlv, Tlvs } from './tlvs.ts';

type ResponseFields<N extends AnsweredName> = Partial<FieldsOf<Extract<`${N}_resp`, keyof typeof commands>>>;

/** What an answer carries; without `status` it is ESME_ROK. */
export type Reply<N extends AnsweredName> = ResponseFields<N> & {
  readonly status?: number;
  readonly tlvs?: Tlvs;
  readonly otherTlvs?: readonly RawTlv[];
};

/** Whoever writes the answer; false where the session has ended. */
type Writer = (response: AnyPduInput, sequence: number) => boolean;

/** A request of the peer, until it is answered. */
export class Incoming<N extends AnsweredName = AnsweredName> {
  readonly pdu: PduOf<N>;
  #write: Writer | null;

  constructor(pdu: PduOf<N>, write: Writer) {
    this.pdu = pdu;
    this.#write = write;
  }

  get isAnswered(): boolean {
    return this.#write === null;
  }

  /**
   * Answers the request. Throws SmppValueError, and leaves it unanswered, where a value does not fit. False where it was answered before, or the session has ended and nothing reaches the peer.
   */
  reply(fields: Reply<N>): boolean {
    const write = this.#write;
    if (write === null) return false;
    const command = `${this.pdu.command}_resp`;
    const isWritten = write({ ...fields, command } as unknown as AnyPduInput, this.pdu.sequence);
    this.#write = null;
    return isWritten;
  }

  /** Answers with a command_status and nothing else. */
  refuse(status: number): boolean {
    return this.reply({ status } as Reply<N>);
  }
}
