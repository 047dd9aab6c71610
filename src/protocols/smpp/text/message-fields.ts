/** Parts of a text as the fields of `submit_sm` or `deliver_sm`, and back. */
import type { Tlvs } from '../tlvs.ts';
import {
  type Alphabet,
  alphabetOfDataCoding,
  gsmByDefault,
  type PlainText,
  UCS2_DATA_CODING,
} from './alphabet.ts';
import type { Segments } from './segment.ts';
import {
  type Concatenation,
  concatenationHeader,
  soundConcatenation,
  splitUserData,
} from './user-data-header.ts';

/**
 * How a link takes long texts: with a user data header in each part (every SMSC reads it), with `sar_*` TLVs (the SMSC
 * makes the headers), or whole in `message_payload` (the SMSC cuts). Some gateways ignore the latter two.
 */
export type LongTextCarrier = 'udh' | 'sar' | 'payload';

/** To be spread into a PDU. */
export interface MessageFields {
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly shortMessage: Buffer;
  readonly tlvs: Tlvs;
}

export interface CarrierOptions {
  readonly carrier?: LongTextCarrier;
  /** Shared by the parts; cut to as many bits as the parts leave room for. Count it up for each destination. */
  readonly reference: number;
  readonly plain?: PlainText;
}

const HEADER_INDICATOR = 0x40;
const NO_OCTETS = Buffer.alloc(0);
const NO_TLVS: Tlvs = {};

/** The fields of each message to be submitted, in order: one for each part, one in all for `payload`. */
export function messageFields(segments: Segments, options: CarrierOptions): MessageFields[] {
  const { carrier = 'udh', plain = gsmByDefault } = options;
  const { alphabet, parts } = segments;
  const dataCoding = alphabet === 'ucs2' ? UCS2_DATA_CODING : plain.dataCoding;
  const total = parts.length;
  if (total === 1) {
    return [{ esmClass: 0, dataCoding, shortMessage: parts[0]!.octets, tlvs: NO_TLVS }];
  }
  if (carrier === 'payload') {
    const messagePayload = Buffer.concat(parts.map((part) => part.octets));
    return [{ esmClass: 0, dataCoding, shortMessage: NO_OCTETS, tlvs: { messagePayload } }];
  }
  const reference = options.reference & (segments.reference === 8 ? 0xff : 0xffff);
  return parts.map(({ octets }, index) => {
    const sequence = index + 1;
    if (carrier === 'udh') {
      const header = concatenationHeader({ reference, total, sequence }, segments.reference);
      const shortMessage = Buffer.concat([header, octets]);
      return { esmClass: HEADER_INDICATOR, dataCoding, shortMessage, tlvs: NO_TLVS };
    }
    const tlvs = { sarMsgRefNum: reference, sarTotalSegments: total, sarSegmentSeqnum: sequence };
    return { esmClass: 0, dataCoding, shortMessage: octets, tlvs };
  });
}

/** What a message carries, whichever way. */
export interface CarriedPart {
  /** Null for binary messages. */
  readonly alphabet: Alphabet | null;
  readonly octets: Uint8Array;
  /** Null for a text of one part. */
  readonly concatenation: Concatenation | null;
}

export interface CarryingFields {
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly shortMessage: Uint8Array;
  readonly tlvs: Pick<Tlvs, 'messagePayload' | 'sarMsgRefNum' | 'sarTotalSegments' | 'sarSegmentSeqnum'>;
}

/** Takes a message apart; null where its user data header is broken. `smscDefault` is what `data_coding` 0 means. */
export function readCarriedPart(fields: CarryingFields, smscDefault: Alphabet = 'gsm'): CarriedPart | null {
  const { tlvs } = fields;
  const alphabet = alphabetOfDataCoding(fields.dataCoding, smscDefault);
  const octets = fields.shortMessage.length > 0 ? fields.shortMessage : (tlvs.messagePayload ?? NO_OCTETS);
  if (fields.esmClass & HEADER_INDICATOR) {
    const data = splitUserData(octets);
    return data === null ? null : { alphabet, ...data };
  }
  const { sarMsgRefNum: reference, sarTotalSegments: total, sarSegmentSeqnum: sequence } = tlvs;
  const concatenation =
    reference === undefined || total === undefined || sequence === undefined
      ? null
      : soundConcatenation({ reference, total, sequence });
  return { alphabet, octets, concatenation };
}
