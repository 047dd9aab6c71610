/** The door of SMPP: codec, sessions, client and server. */
export { commands, type AnsweredName, type CommandName, type ResponseName } from './commands.ts';
export { decode } from './decode.ts';
export { encode, encodeInto, largestSize } from './encode.ts';
export type { Destination, UnsuccessfulDelivery } from './fields.ts';
export {
  SmppValueError,
  type AnsweredPdu,
  type AnyPduInput,
  type FieldsOf,
  type MalformedPdu,
  type Malformation,
  type Pdu,
  type PduInput,
  type PduOf,
  type ResponsePdu,
} from './pdu.ts';
export { statuses, statusName, type StatusName } from './statuses.ts';
export { tlvs, type RawTlv, type TlvName, type Tlvs } from './tlvs.ts';
