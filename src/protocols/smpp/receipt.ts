/**
 * Delivery receipts in `deliver_sm`. SMPP 3.4 (appendix B) only suggests their text, so that every SMSC writes its own;
 * the TLVs say the same in a fixed form and win where both are there. The text of the message that a receipt quotes
 * stays unread: its octets are in an alphabet that nobody names, and it is personal.
 */
import { LONGEST_MESSAGE_ID } from './message-id.ts';
import { parseReceiptDate, TAIWAN_OFFSET, writeReceiptDate } from './receipt-date.ts';
import type { Tlvs } from './tlvs.ts';

/** `message_state` (SMPP 5.0, 4.7.15); `scheduled` is the same to a sender as `enroute`. */
const STATES = [
  'enroute',
  'enroute',
  'delivered',
  'expired',
  'deleted',
  'undeliverable',
  'accepted',
  'unknown',
  'rejected',
  'skipped',
] as const;

export type ReceiptState = (typeof STATES)[number];

/** The parts of a `deliver_sm` that a receipt is read from. */
export interface ReceiptFields {
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly shortMessage: Uint8Array;
  readonly tlvs: Pick<Tlvs, 'receiptedMessageId' | 'messageState' | 'networkErrorCode' | 'messagePayload'>;
}

export interface Receipt {
  /** Intermediate notifications (esm_class 0x20) tell of a message that is still on its way. */
  readonly kind: 'final' | 'intermediate';
  /** As written, at most 65 octets; compare with `messageKey`. Null where the receipt names none. */
  readonly id: string | null;
  readonly state: ReceiptState;
  /** The state's word as written (`DELIVRD`); null where only the TLV told it. */
  readonly stat: string | null;
  /** `err` as written: digits or letters of the SMSC's own list; null where absent. */
  readonly error: string | null;
  /** From the TLV: 1 ANSI-136, 2 IS-95, 3 GSM, others the operator's. */
  readonly networkError: { readonly network: number; readonly code: number } | null;
  readonly submittedAt: Date | null;
  readonly doneAt: Date | null;
}

const TYPE_BITS = 0x3c;
const RECEIPT = 0x04;
const INTERMEDIATE = 0x20;

/**
 * Whether a `deliver_sm` is a receipt: by esm_class, and where that is left at 0, as some SMSCs do, by the TLVs that only
 * receipts have.
 */
export function receiptKind(fields: ReceiptFields): Receipt['kind'] | null {
  const type = fields.esmClass & TYPE_BITS;
  if (type === RECEIPT) return 'final';
  if (type === INTERMEDIATE) return 'intermediate';
  const { receiptedMessageId, messageState } = fields.tlvs;
  const told = receiptedMessageId !== undefined && messageState !== undefined;
  return type === 0 && told ? 'final' : null;
}

/**
 * Reads a receipt; null where the `deliver_sm` is none. A receipt in a form that nothing is known of comes out with state
 * `unknown` and id null, for the caller to count.
 */
export function parseReceipt(fields: ReceiptFields, offsetMinutes: number = TAIWAN_OFFSET): Receipt | null {
  const kind = receiptKind(fields);
  if (kind === null) return null;
  const told = readText(headOf(fields));
  const { receiptedMessageId, messageState, networkErrorCode: network } = fields.tlvs;
  const id = receiptedMessageId || told.id;
  const byTlv = messageState === undefined ? undefined : STATES[messageState];
  return {
    kind,
    id: id ? id.slice(0, LONGEST_MESSAGE_ID) : null,
    state: byTlv ?? stateOf(told.stat),
    stat: told.stat,
    error: told.err,
    networkError:
      network?.length === 3 ? { network: network[0]!, code: (network[1]! << 8) | network[2]! } : null,
    submittedAt: told.submit === null ? null : parseReceiptDate(told.submit, offsetMinutes),
    doneAt: told.done === null ? null : parseReceiptDate(told.done, offsetMinutes),
  };
}

interface Told {
  id: string | null;
  stat: string | null;
  err: string | null;
  submit: string | null;
  done: string | null;
}

/** Longer than any head of a receipt: id of 65 octets, keys, dates. */
const LONGEST_HEAD = 320;

/** The beginning of the text, octet for character; of UCS-2 the low octets. The quoted message may follow in it. */
function headOf({ shortMessage, dataCoding, tlvs }: ReceiptFields): string {
  const written = shortMessage.length > 0 ? shortMessage : (tlvs.messagePayload ?? shortMessage);
  const wide = dataCoding === 8 && written.length > 1 && written[0] === 0;
  const octets = wide ? written.filter((_, index) => index % 2 === 1) : written;
  const { buffer, byteOffset, length } = octets;
  return Buffer.from(buffer, byteOffset, Math.min(length, LONGEST_HEAD)).toString('latin1');
}

/** The form of appendix B, which most write; read in one go. */
const USUAL =
  /^id:(\S+) sub:\S* dlvrd:\S* submit date:(\d{10,14}) done date:(\d{10,14}) stat:([A-Z]+) err:(\S+)\s*(?:$|[Tt]ext:)/u;

const QUOTED = /(?:^|[\s,;|])text\s*[:=]/iu;
const KEYED =
  /(?:^|[\s,;|])(id|stat(?:us)?|err(?:or)?(?:[ _]?code)?)\s*[:=]\s*([^\s,;|]*)|(submit|done)[ _-]?date\s*[:=]\s*(\d[\d/:T.-]*(?: \d[\d:.]*)?[+-]?)/giu;

function readText(head: string): Told {
  const usual = USUAL.exec(head);
  if (usual !== null) {
    return { id: usual[1]!, submit: usual[2]!, done: usual[3]!, stat: usual[4]!, err: usual[5]! };
  }
  const quoted = head.search(QUOTED);
  return readWritings(quoted === -1 ? head : head.slice(0, quoted));
}

function readWritings(head: string): Told {
  const told: Told = { id: null, stat: null, err: null, submit: null, done: null };
  let keyed = false;
  for (const [, key, value, date, when] of head.matchAll(KEYED)) {
    keyed = true;
    if (date !== undefined) told[date.toLowerCase() as 'submit' | 'done'] ??= when ?? null;
    else if (value !== undefined && value !== '') {
      const name = key!.toLowerCase();
      told[name === 'id' ? 'id' : name.startsWith('stat') ? 'stat' : 'err'] ??= value;
    }
  }
  return keyed ? told : readList(head, told);
}

/** Lists without keys: id first, then in any order counts, dates, a state and, behind the state, its error. */
function readList(head: string, told: Told): Told {
  const items = head.split(/[,;|]/u).map((item) => item.trim());
  const state = items.findIndex((item, index) => index > 0 && wordState(item) !== null);
  if (state === -1) return told;
  const dates = items.slice(1).filter((item) => /^\d{10,14}$/u.test(item));
  const error = items[state + 1];
  return {
    id: items[0] || null,
    stat: items[state]!,
    err: error !== undefined && /^[\da-z]{1,6}$/iu.test(error) ? error : null,
    submit: dates.length > 1 ? dates[0]! : null,
    done: dates.at(-1) ?? null,
  };
}

/** By the first letters, for the words are cut to seven letters in many ways. */
const WORDS: readonly (readonly [start: string, state: ReceiptState])[] = [
  ['DELIV', 'delivered'],
  ['DLVRD', 'delivered'],
  ['EXPIR', 'expired'],
  ['DELET', 'deleted'],
  ['UNDEL', 'undeliverable'],
  ['FAILED', 'undeliverable'],
  ['ACCEP', 'accepted'],
  ['ACKED', 'accepted'],
  ['UNKNO', 'unknown'],
  ['REJEC', 'rejected'],
  ['ENROU', 'enroute'],
  ['BUFF', 'enroute'],
  ['SCHED', 'enroute'],
  ['SKIP', 'skipped'],
];

function wordState(word: string): ReceiptState | null {
  const upper = word.toUpperCase();
  return WORDS.find(([start]) => upper.startsWith(start))?.[1] ?? null;
}

function stateOf(stat: string | null): ReceiptState {
  if (stat === null) return 'unknown';
  if (stat === 'DELIVRD') return 'delivered';
  return (/^\d$/u.test(stat) ? STATES[Number(stat)] : wordState(stat)) ?? 'unknown';
}

/** The word and the number of a state, as an SMSC writes them. */
const WRITTEN: Readonly<Record<ReceiptState, readonly [word: string, messageState: number]>> = {
  enroute: ['ENROUTE', 1],
  delivered: ['DELIVRD', 2],
  expired: ['EXPIRED', 3],
  deleted: ['DELETED', 4],
  undeliverable: ['UNDELIV', 5],
  accepted: ['ACCEPTD', 6],
  unknown: ['UNKNOWN', 7],
  rejected: ['REJECTD', 8],
  skipped: ['SKIPPED', 9],
};

/** `message_state` of a state. */
export const messageStateOf = (state: ReceiptState): number => WRITTEN[state][1];

export interface ReceiptToWrite {
  readonly id: string;
  readonly state: ReceiptState;
  readonly submittedAt: Date;
  readonly doneAt: Date;
  /** Three digits of the SMSC's own list. */
  readonly error?: string;
  /** The first octets of the message, quoted as they are; at most 20 are taken. */
  readonly quoted?: Uint8Array;
}

/** The text of a receipt in the form of appendix B, with dates of 10 or 12 digits. */
export function writeReceipt(
  receipt: ReceiptToWrite,
  { dateDigits = 10, offsetMinutes = TAIWAN_OFFSET }: { dateDigits?: 10 | 12; offsetMinutes?: number } = {},
): Buffer {
  const { id, state, error = '000', quoted } = receipt;
  const done = state === 'delivered' ? '001' : '000';
  const dates = [receipt.submittedAt, receipt.doneAt].map((at) =>
    writeReceiptDate(at, dateDigits, offsetMinutes),
  );
  const head =
    `id:${id} sub:001 dlvrd:${done} submit date:${dates[0]} done date:${dates[1]} ` +
    `stat:${WRITTEN[state][0]} err:${error} text:`;
  const octets = Buffer.from(head, 'latin1');
  return quoted === undefined ? octets : Buffer.concat([octets, quoted.subarray(0, 20)]);
}
