/** What a command_status of a telecom means for a text, and how a cause is told to people. The one table of causes. */
import { statuses } from '#protocols/smpp';

/**
 * `slower`: not taken, the bind is too fast (again at once, in front). `later`: not taken, a few tries more. `final`: never.
 */
export type Treatment = 'slower' | 'later' | 'final';

interface StatusMeaning {
  readonly treatment: Treatment;
  readonly cause: Cause;
}

interface Words {
  readonly zh: string;
  readonly en: string;
}

/** Causes of outcomes by code. A receipt's own error number may follow a code behind a colon (`undeliverable:012`). */
export const causes = {
  number_invalid: { zh: '門號不存在或格式不符', en: 'the number does not exist or is malformed' },
  source_refused: { zh: '電信不接受發送短碼', en: 'the telecom refuses the short code' },
  content_refused: { zh: '電信不接受簡訊內容或編碼', en: 'the telecom refuses content or coding' },
  request_refused: { zh: '電信不接受送出的參數', en: 'the telecom refuses a parameter' },
  service_refused: { zh: '電信未開通或禁止此服務', en: 'the telecom does not offer or forbids the service' },
  submit_failed: { zh: '電信送出失敗', en: 'the telecom failed to submit' },
  telecom_busy: { zh: '電信忙線，多次嘗試仍未受理', en: 'the telecom was busy at every attempt' },
  telecom_error: { zh: '電信系統錯誤', en: 'an error in the telecom’s system' },
  undeliverable: { zh: '無法送達手機', en: 'could not be delivered to the phone' },
  deleted: { zh: '電信已刪除', en: 'deleted by the telecom' },
  skipped: { zh: '電信略過未送', en: 'skipped by the telecom' },
  telecom_expired: { zh: '逾有效期間，電信未能送達', en: 'not delivered by the telecom in time' },
  telecom_rejected: { zh: '電信拒送', en: 'rejected by the telecom' },
  telecom_unknown: { zh: '電信回覆結果不明', en: 'the telecom does not know the outcome' },
  partly_delivered: { zh: '長簡訊僅部分送達', en: 'only some parts of a long text were delivered' },
  not_sent_in_time: { zh: '逾有效期間，未送出', en: 'its time was over before it could be sent' },
  answer_lost: { zh: '已送出但未收到電信回應，是否受理不明', en: 'sent, but the telecom’s answer was lost' },
  no_receipt: { zh: '電信受理後未回報結果', en: 'taken by the telecom, which never told the outcome' },
  cancelled: { zh: '已取消', en: 'cancelled' },
  content_gone: { zh: '收件資料已刪除，無法發送', en: 'the recipients’ data had been erased' },
  not_sendable: { zh: '範本已撤回或服務已停用', en: 'the template was withdrawn or the service closed' },
} as const satisfies Readonly<Record<string, Words>>;
export type Cause = keyof typeof causes;

/** The words of a stored cause; its error number stands in brackets. */
export function causeWords(stored: string): Words {
  const [code = '', error] = stored.split(':');
  const words: Words = causes[code as Cause] ?? { zh: code, en: code };
  return error === undefined ? words : { zh: `${words.zh}（${error}）`, en: `${words.en} (${error})` };
}

const meanings = new Map<number, StatusMeaning>([
  [statuses.ESME_RTHROTTLED, { treatment: 'slower', cause: 'telecom_busy' }],
  [statuses.ESME_RMSGQFUL, { treatment: 'later', cause: 'telecom_busy' }],
  [statuses.ESME_RSYSERR, { treatment: 'later', cause: 'telecom_error' }],
  [statuses.ESME_RX_T_APPN, { treatment: 'later', cause: 'telecom_error' }],
  [statuses.ESME_RSERTYPUNAVAIL, { treatment: 'later', cause: 'service_refused' }],
  [statuses.ESME_RINVDSTADR, { treatment: 'final', cause: 'number_invalid' }],
  [statuses.ESME_RINVDSTTON, { treatment: 'final', cause: 'number_invalid' }],
  [statuses.ESME_RINVDSTNPI, { treatment: 'final', cause: 'number_invalid' }],
  [statuses.ESME_RINVSRCADR, { treatment: 'final', cause: 'source_refused' }],
  [statuses.ESME_RINVSRCTON, { treatment: 'final', cause: 'source_refused' }],
  [statuses.ESME_RINVSRCNPI, { treatment: 'final', cause: 'source_refused' }],
  [statuses.ESME_RINVMSGLEN, { treatment: 'final', cause: 'content_refused' }],
  [statuses.ESME_RINVESMCLASS, { treatment: 'final', cause: 'content_refused' }],
  [statuses.ESME_RINVDCS, { treatment: 'final', cause: 'content_refused' }],
  [statuses.ESME_RSUBMITFAIL, { treatment: 'final', cause: 'submit_failed' }],
  [statuses.ESME_RDELIVERYFAILURE, { treatment: 'final', cause: 'submit_failed' }],
  [statuses.ESME_RINVSERTYP, { treatment: 'final', cause: 'service_refused' }],
  [statuses.ESME_RSERTYPUNAUTH, { treatment: 'final', cause: 'service_refused' }],
  [statuses.ESME_RPROHIBITED, { treatment: 'final', cause: 'service_refused' }],
  [statuses.ESME_RSERTYPDENIED, { treatment: 'final', cause: 'service_refused' }],
]);

/** What a status above 0 means; one that is not in the table (operators' own) is a final refusal. */
export function meaningOf(status: number): StatusMeaning {
  return meanings.get(status) ?? { treatment: 'final', cause: 'request_refused' };
}
