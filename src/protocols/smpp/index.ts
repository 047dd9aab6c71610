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
