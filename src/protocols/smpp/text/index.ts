/** Texts on the wire: alphabets, parts, headers. */
export {
  alphabetOfDataCoding,
  decodeText,
  encodeText,
  gsmByDefault,
  measureText,
  type Alphabet,
  type PlainText,
  type TextMeasure,
} from './alphabet.ts';
export {
  charactersOf,
  type CharacterWarning,
  type CharacterWarningKind,
  type Characters,
} from './characters.ts';
export {
  messageFields,
  readCarriedPart,
  type CarriedPart,
  type CarrierOptions,
  type CarryingFields,
  type LongTextCarrier,
  type MessageFields,
} from './message-fields.ts';
export { Reassembly, type ReassemblyOptions, type Whole } from './reassembly.ts';
export {
  countParts,
  MOST_PARTS,
  roomFor,
  segment,
  type Part,
  type Room,
  type SegmentOptions,
  type Segments,
} from './segment.ts';
export { concatenationHeader, splitUserData, type Concatenation, type UserData } from './user-data-header.ts';
