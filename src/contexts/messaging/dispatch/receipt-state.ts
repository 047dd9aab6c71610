/** What the state in a receipt makes of a message. */
import type { Receipt, ReceiptState } from '#protocols/smpp';
import type { OutcomeState } from '../tables.ts';
import type { Cause } from './status-cause.ts';

interface Ending {
  readonly state: OutcomeState;
  readonly cause: Cause | null;
}

/** Null: the message is still on its way. */
const endings: Readonly<Record<ReceiptState, Ending | null>> = {
  enroute: null,
  accepted: null,
  delivered: { state: 'delivered', cause: null },
  expired: { state: 'expired', cause: 'telecom_expired' },
  deleted: { state: 'undelivered', cause: 'deleted' },
  undeliverable: { state: 'undelivered', cause: 'undeliverable' },
  unknown: { state: 'unknown', cause: 'telecom_unknown' },
  rejected: { state: 'rejected', cause: 'telecom_rejected' },
  skipped: { state: 'undelivered', cause: 'skipped' },
};

/** The ending that a stored state of a receipt means, with the telecom's error number in the cause. */
export function endingOf(
  state: string,
  error: string | null,
): { state: OutcomeState; cause: string | null } | null {
  const ending = endings[state as ReceiptState];
  if (ending === null || ending === undefined) return null;
  const { cause } = ending;
  return { state: ending.state, cause: cause === null || error === null ? cause : `${cause}:${error}` };
}

/** Error numbers that say something: up to three digits, so that causes stay few. */
export function errorOf({ error, networkError }: Receipt): string | null {
  if (networkError !== null && networkError.code > 0 && networkError.code < 1000)
    return String(networkError.code).padStart(3, '0');
  return error !== null && /^\d{1,3}$/u.test(error) && Number(error) > 0 ? error.padStart(3, '0') : null;
}
