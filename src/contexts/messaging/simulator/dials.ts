/** What can be turned on a simulated telecom while it runs. */

/** How message ids are written in responses and in receipts. */
export const idWritings = [
  'decimal',
  'hex-to-decimal',
  'decimal-to-hex',
  'leading-zeros',
  'letter-case',
] as const;

export type IdWriting = (typeof idWritings)[number];

/** Times in milliseconds; shares from 0 to 1, each drawn for each message by itself. */
export interface Dials {
  /** From a submit to its response, and what may come on top by chance. */
  readonly responseMs: number;
  readonly responseJitterMs: number;
  /** From the response to the receipt, and what may come on top by chance. */
  readonly receiptMs: number;
  readonly receiptJitterMs: number;
  /** Taken and delivered, but never answered. */
  readonly noResponse: number;
  /** Delivered, but no receipt comes. */
  readonly noReceipt: number;
  /** Taken, and told undeliverable by its receipt. */
  readonly undeliverable: number;
  /** Parts a second that each bind may submit; 0 for no limit. Beyond: ESME_RTHROTTLED. */
  readonly rate: number;
  /** Parts that may come at once after a pause; 0 for a quarter of a second of the rate. */
  readonly burst: number;
  /** Refused with ESME_RMSGQFUL. */
  readonly queueFull: number;
  /** Refused with ESME_RSYSERR. */
  readonly systemError: number;
  /** Answered up to `reorderMs` late, so that others overtake. */
  readonly reorder: number;
  readonly reorderMs: number;
  /** The receipt leaves at once, the response after it. */
  readonly receiptFirst: number;
  readonly duplicateReceipts: number;
  /** The connection breaks after so many submits of a bind; 0 for never. */
  readonly disconnectEvery: number;
  /** So many submits before a break are taken but not answered. */
  readonly disconnectUnanswered: number;
  /** A bind falls silent for ever after so many submits, its connection stays open; 0 for never. */
  readonly halfOpenAfter: number;
  readonly idWriting: IdWriting;
  /** `congestion_state` in responses to binds of SMPP 5.0: 0–99, null for none. */
  readonly congestion: number | null;
  /** Digits of the dates in receipts. */
  readonly dateDigits: 10 | 12;
  /** Minutes ahead of UTC of the telecom's clock. */
  readonly offsetMinutes: number;
  /** Receipts carry TLVs beside their text. */
  readonly receiptTlvs: boolean;
}

/** A telecom in good order: receipts after a second, nothing lost, no limit. */
export const calm: Dials = {
  responseMs: 0,
  responseJitterMs: 0,
  receiptMs: 1000,
  receiptJitterMs: 0,
  noResponse: 0,
  noReceipt: 0,
  undeliverable: 0,
  rate: 0,
  burst: 0,
  queueFull: 0,
  systemError: 0,
  reorder: 0,
  reorderMs: 50,
  receiptFirst: 0,
  duplicateReceipts: 0,
  disconnectEvery: 0,
  disconnectUnanswered: 20,
  halfOpenAfter: 0,
  idWriting: 'decimal',
  congestion: null,
  dateDigits: 10,
  offsetMinutes: 480,
  receiptTlvs: true,
};

const SHARES: ReadonlySet<keyof Dials> = new Set<keyof Dials>([
  'noResponse',
  'noReceipt',
  'undeliverable',
  'queueFull',
  'systemError',
  'reorder',
  'receiptFirst',
  'duplicateReceipts',
]);
const LONGEST = 86_400_000;

/** The dials after a turn. Throws a RangeError that names the dial for a value that it can't take. */
export function turned(dials: Dials, turn: Partial<Dials>): Dials {
  for (const [name, value] of Object.entries(turn) as [keyof Dials, unknown][]) {
    if (!isFit(name, value)) throw new RangeError(`dial ${name} can't be ${String(value)}`);
  }
  return { ...dials, ...turn };
}

function isFit(name: keyof Dials, value: unknown): boolean {
  if (name === 'idWriting') return idWritings.some((writing) => writing === value);
  if (name === 'receiptTlvs') return typeof value === 'boolean';
  if (name === 'dateDigits') return value === 10 || value === 12;
  if (name === 'congestion' && value === null) return true;
  if (!(name in calm) || typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (name === 'offsetMinutes') return Math.abs(value) <= 14 * 60;
  const most = SHARES.has(name) ? 1 : name === 'congestion' ? 99 : LONGEST;
  return value >= 0 && value <= most;
}
