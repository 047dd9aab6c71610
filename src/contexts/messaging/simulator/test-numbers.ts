/** Phones whose fate is fixed, for trials and demonstrations: the same on every simulated telecom. */

export type Fate =
  | 'undeliverable'
  | 'unknown'
  | 'expired'
  | 'invalid'
  | 'slow'
  | 'no-receipt'
  | 'no-response'
  | 'enroute-first'
  | 'rejected'
  | 'queue-full';

/** National numbers; every other number takes what the dials give it. */
export const testNumbers: ReadonlyMap<string, Fate> = new Map<string, Fate>([
  ['0900000001', 'undeliverable'],
  ['0900000002', 'unknown'],
  ['0900000003', 'expired'],
  ['0900000004', 'invalid'],
  ['0900000005', 'slow'],
  ['0900000006', 'no-receipt'],
  ['0900000007', 'no-response'],
  ['0900000008', 'enroute-first'],
  ['0900000009', 'rejected'],
  ['0900000010', 'queue-full'],
]);

/** How late the receipt of a `slow` phone is, in milliseconds. */
export const SLOW_MS = 30_000;

/** `886912345678`, `+886912345678` and `0912345678` as the last; other numbers stay as they are. */
export function nationalNumber(address: string): string {
  if (address.startsWith('886')) return `0${address.slice(3)}`;
  return address.startsWith('+886') ? `0${address.slice(4)}` : address;
}

/** The fate of a phone in any writing; null for all but the test numbers. */
export function fateOf(address: string): Fate | null {
  // Most numbers are told apart without being written anew.
  return address.includes('9000000') ? (testNumbers.get(nationalNumber(address)) ?? null) : null;
}
