/** The door of SMPP: codec, sessions, client and server. */
export { backoffMs } from './backoff.ts';
export type { BindMode, BindName, MessageName, Role } from './bind-mode.ts';
export { connect, SmppConnectError, type ConnectOptions } from './client.ts';
export { commands, type AnsweredName, type CommandName, type ResponseName } from './commands.ts';
export { decode } from './decode.ts';
export { encode, encodeInto, largestSize } from './encode.ts';
export type { Answered, Lost, LossCause, Outcome, Settle } from './exchange.ts';
export type { Destination, UnsuccessfulDelivery } from './fields.ts';
export { Framer, type FramerOptions, type FramingError } from './framer.ts';
export { Incoming, type Reply } from './incoming.ts';
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
export { listen, type BindRequest, type ListenOptions, type SmppServer } from './server.ts';
export { Session, type SessionParts } from './session.ts';
export {
  SmppBindError,
  SmppClosedError,
  SmppLostError,
  SmppStateError,
  type EndCause,
} from './session-errors.ts';
export type { Handlers, SessionSettings } from './session-options.ts';
export { statuses, statusName, type StatusName } from './statuses.ts';
export { tlvs, type RawTlv, type TlvName, type Tlvs } from './tlvs.ts';
export { messageIdForms, messageKey, type MessageIdForm } from './message-id.ts';
export { parseReceiptDate, TAIWAN_OFFSET, writeReceiptDate } from './receipt-date.ts';
export {
  messageStateOf,
  parseReceipt,
  receiptKind,
  writeReceipt,
  type Receipt,
  type ReceiptFields,
  type ReceiptState,
  type ReceiptToWrite,
} from './receipt.ts';
export * from './text/index.ts';
