/** Refusals of a text as `command_status` of `submit_sm_resp` (SMPP 3.4 §5.1.3, 5.0 §4.7.6): the one table of this server. */
import { AppError } from '#platform/errors';
import { statuses } from '#protocols/smpp';

const byCode: Readonly<Record<string, number>> = {
  'messaging.number_not_mobile': statuses.ESME_RINVDSTADR,
  'messaging.not_a_team_number': statuses.ESME_RPROHIBITED,
  'messaging.send_at_out_of_range': statuses.ESME_RINVSCHED,
  'messaging.too_busy': statuses.ESME_RTHROTTLED,
  'messaging.value_refused': statuses.ESME_RSUBMITFAIL,
  'messaging.text_refused': statuses.ESME_RSUBMITFAIL,
};

/** A refusal that is not in the table is one of the content; what is no refusal is our own fault, and may be tried again. */
export function statusOf(error: unknown): number {
  if (!(error instanceof AppError)) return statuses.ESME_RSYSERR;
  return byCode[error.code] ?? (error.status >= 500 ? statuses.ESME_RSYSERR : statuses.ESME_RSUBMITFAIL);
}
