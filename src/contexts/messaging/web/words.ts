import { m } from 'virtual:messages';
import type { Tone } from '#web/index';

/* What the codes of the API are called, and how heavy they look. A code that is not known is shown as it is. */

interface Word {
  readonly label: () => string;
  readonly tone: Tone;
}
type Words = Readonly<Record<string, Word>>;
export type Read = (code: string) => { readonly label: string; readonly tone: Tone };

const word = (label: () => string, tone: Tone = 'neutral'): Word => ({ label, tone });
const read =
  (words: Words): Read =>
  (code) => ({ label: words[code]?.label() ?? code, tone: words[code]?.tone ?? 'neutral' });

export const telecomWord = read({
  cht: word(() => m.messaging_telecom_cht()),
  twm: word(() => m.messaging_telecom_twm()),
  fet: word(() => m.messaging_telecom_fet()),
});

export const serviceStates = ['trial', 'live', 'paused'] as const;
export const serviceStateWord = read({
  trial: word(() => m.messaging_service_trial(), 'warning'),
  live: word(() => m.messaging_service_live(), 'success'),
  paused: word(() => m.messaging_service_paused(), 'danger'),
});

export const versionStateWord = read({
  draft: word(() => m.messaging_version_draft()),
  submitted: word(() => m.messaging_version_submitted(), 'info'),
  'with-ministry': word(() => m.messaging_version_with_ministry(), 'info'),
  approved: word(() => m.messaging_version_approved(), 'success'),
  rejected: word(() => m.messaging_version_rejected(), 'danger'),
  withdrawn: word(() => m.messaging_version_withdrawn()),
});

export const batchStates = [
  'draft',
  'reading',
  'checked',
  'sealing',
  'sealed',
  'approved',
  'sending',
  'paused',
  'done',
  'cancelled',
  'failed',
] as const;
export const batchStateWord = read({
  draft: word(() => m.messaging_batch_draft()),
  reading: word(() => m.messaging_batch_reading(), 'info'),
  checked: word(() => m.messaging_batch_checked(), 'warning'),
  sealing: word(() => m.messaging_batch_sealing(), 'info'),
  sealed: word(() => m.messaging_batch_sealed(), 'accent'),
  approved: word(() => m.messaging_batch_approved(), 'info'),
  sending: word(() => m.messaging_batch_sending(), 'info'),
  paused: word(() => m.messaging_batch_paused(), 'warning'),
  done: word(() => m.messaging_batch_done(), 'success'),
  cancelled: word(() => m.messaging_batch_cancelled()),
  failed: word(() => m.messaging_batch_failed(), 'danger'),
});

/** States of a message that are an end. */
export const endings = ['delivered', 'undelivered', 'expired', 'rejected', 'unknown', 'cancelled'] as const;
export const messageStateWord = read({
  waiting: word(() => m.messaging_state_waiting()),
  sending: word(() => m.messaging_state_sending(), 'info'),
  submitted: word(() => m.messaging_state_submitted(), 'info'),
  delivered: word(() => m.messaging_state_delivered(), 'success'),
  undelivered: word(() => m.messaging_state_undelivered(), 'danger'),
  expired: word(() => m.messaging_state_expired(), 'danger'),
  rejected: word(() => m.messaging_state_rejected(), 'danger'),
  unknown: word(() => m.messaging_state_unknown(), 'warning'),
  cancelled: word(() => m.messaging_state_cancelled()),
});

/** A state in one plain sentence: where the text is, who has to act, whether it is charged. */
export const stateSentence = read({
  waiting: word(() => m.messaging_says_waiting()),
  sending: word(() => m.messaging_says_sending()),
  submitted: word(() => m.messaging_says_submitted()),
  delivered: word(() => m.messaging_says_delivered()),
  undelivered: word(() => m.messaging_says_undelivered()),
  expired: word(() => m.messaging_says_expired()),
  rejected: word(() => m.messaging_says_rejected()),
  unknown: word(() => m.messaging_says_unknown()),
  cancelled: word(() => m.messaging_says_cancelled()),
});

export const classes = ['batch', 'single', 'otp'] as const;
export const classWord = read({
  otp: word(() => m.messaging_class_otp()),
  single: word(() => m.messaging_class_single()),
  batch: word(() => m.messaging_class_batch()),
});

export const policies = ['once', 'at-least-once'] as const;
export const policyWord = read({
  once: word(() => m.messaging_policy_once()),
  'at-least-once': word(() => m.messaging_policy_at_least_once()),
});

export const fieldTypes = ['text', 'number', 'amount', 'date', 'time', 'code', 'link', 'phone'] as const;
export const fieldTypeWord = read({
  text: word(() => m.messaging_type_text()),
  number: word(() => m.messaging_type_number()),
  amount: word(() => m.messaging_type_amount()),
  date: word(() => m.messaging_type_date()),
  time: word(() => m.messaging_type_time()),
  code: word(() => m.messaging_type_code()),
  link: word(() => m.messaging_type_link()),
  phone: word(() => m.messaging_type_phone()),
});

const causes = read({
  number_invalid: word(() => m.messaging_cause_number_invalid()),
  source_refused: word(() => m.messaging_cause_source_refused()),
  content_refused: word(() => m.messaging_cause_content_refused()),
  request_refused: word(() => m.messaging_cause_request_refused()),
  service_refused: word(() => m.messaging_cause_service_refused()),
  submit_failed: word(() => m.messaging_cause_submit_failed()),
  telecom_busy: word(() => m.messaging_cause_telecom_busy()),
  telecom_error: word(() => m.messaging_cause_telecom_error()),
  undeliverable: word(() => m.messaging_cause_undeliverable()),
  deleted: word(() => m.messaging_cause_deleted()),
  skipped: word(() => m.messaging_cause_skipped()),
  telecom_expired: word(() => m.messaging_cause_telecom_expired()),
  telecom_rejected: word(() => m.messaging_cause_telecom_rejected()),
  telecom_unknown: word(() => m.messaging_cause_telecom_unknown()),
  partly_delivered: word(() => m.messaging_cause_partly_delivered()),
  not_sent_in_time: word(() => m.messaging_cause_not_sent_in_time()),
  answer_lost: word(() => m.messaging_cause_answer_lost()),
  no_receipt: word(() => m.messaging_cause_no_receipt()),
  cancelled: word(() => m.messaging_cause_cancelled()),
  content_gone: word(() => m.messaging_cause_content_gone()),
  not_sendable: word(() => m.messaging_cause_not_sendable()),
});

/** A cause as stored, `undeliverable:012`: words, and the telecom's own number in brackets. */
export function causeWord(stored: string): string {
  const [code = '', error] = stored.split(':');
  const { label } = causes(code);
  return error === undefined ? label : m.messaging_cause_with({ cause: label, error });
}

/** What a person may choose from, as a filter or form wants it. */
export function optionsOf(codes: readonly string[], read: Read): { value: string; label: string }[] {
  return codes.map((code) => ({ value: code, label: read(code).label }));
}

export const linkStateWord = read({
  enabled: word(() => m.messaging_link_enabled(), 'success'),
  draining: word(() => m.messaging_link_draining(), 'warning'),
  disabled: word(() => m.messaging_link_disabled()),
});
