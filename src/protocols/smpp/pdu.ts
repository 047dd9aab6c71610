import type { AnsweredName, CommandName, commands, ResponseName } from './commands.ts';
import type { Field } from './fields.ts';
import type { RawTlv, Tlvs } from './tlvs.ts';

type RowOf<N extends CommandName> = (typeof commands)[N]['fields'][number];

/** The mandatory fields of a command, by their names in camelCase. */
export type FieldsOf<N extends CommandName> = {
  [F in RowOf<N> & Field as F['name']]: F['empty'];
};

interface Header<N extends CommandName> {
  readonly command: N;
  /** command_status: 0 in requests. `statuses` and `statusName` know the standard's names. */
  readonly status: number;
  /** sequence_number, 1 to 0x7FFFFFFF. */
  readonly sequence: number;
  /** Optional parameters by their names. */
  readonly tlvs: Tlvs;
  /** Optional parameters that the table does not know, in the order of the wire. */
  readonly otherTlvs: readonly RawTlv[];
}

/** A PDU as it was read: `PduOf<'submit_sm'>` has `sourceAddrTon`, `shortMessage`, … */
export type PduOf<N extends CommandName> = Header<N> & Readonly<FieldsOf<N>>;

export type Pdu = { [N in CommandName]: PduOf<N> }[CommandName];
/** What a peer answers. */
export type AnsweredPdu = { [N in AnsweredName]: PduOf<N> }[AnsweredName];
export type ResponsePdu = { [N in ResponseName]: PduOf<N> }[ResponseName];

/** A PDU to be written: a field that is left out is 0 or empty (interfaceVersion: 0x34). */
export type PduInput<N extends CommandName> = { readonly command: N } & Partial<
  Omit<Header<N>, 'command'> & Readonly<FieldsOf<N>>
>;

export type AnyPduInput = { [N in CommandName]: PduInput<N> }[CommandName];

/** What is wrong with the bytes of a PDU whose length is sound. */
export type Malformation =
  | 'unknown-command'
  | 'body-too-short'
  | 'text-not-closed'
  | 'message-past-end'
  | 'message-twice'
  | 'header-past-message'
  | 'bad-destination'
  | 'tlv-past-end'
  | 'tlv-length';

/** A PDU that can't be read. A session answers it: generic_nack, or its own response with `status`. */
export interface MalformedPdu {
  readonly command: 'malformed';
  readonly commandId: number;
  /** The command, null where command_id is none of SMPP 3.4. */
  readonly name: CommandName | null;
  readonly sequence: number;
  /** The command_status that answers it. */
  readonly status: number;
  readonly problem: Malformation;
  /** The field or the tag at fault. */
  readonly at: string;
}

/** A value that a PDU can't carry. `at` names the field or optional parameter. */
export class SmppValueError extends Error {
  override readonly name = 'SmppValueError';
  readonly at: string;
  constructor(at: string, problem: string) {
    super(`${at}: ${problem}`);
    this.at = at;
  }
}
