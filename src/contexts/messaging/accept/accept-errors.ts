import { defineErrors } from '#platform/errors';

export const acceptErrors = defineErrors('messaging', {
  number_not_mobile: {
    status: 422,
    zh: '「{value}」不是臺灣的行動電話號碼，請填 09 開頭的 10 碼，例如 0912-345-678。',
    en: '"{value}" is no mobile number of Taiwan; give ten digits that begin with 09, e.g. 0912-345-678.',
  },
  value_missing: {
    status: 422,
    zh: '缺少欄位「{field}」的值；這個範本版本需要：{fields}。',
    en: 'the field "{field}" has no value; this template version needs: {fields}.',
  },
  value_unknown: {
    status: 422,
    zh: '這個範本版本沒有欄位「{field}」；它的欄位是：{fields}。',
    en: 'this template version has no field "{field}"; its fields are: {fields}.',
  },
  value_refused: {
    status: 422,
    zh: '欄位「{field}」：{zh}',
    en: 'field "{field}": {en}',
  },
  text_refused: {
    status: 422,
    zh: '這則簡訊不能發送：{zh}',
    en: 'this text cannot be sent: {en}',
  },
  class_not_single: {
    status: 422,
    zh: '範本版本 {id} 只用於批次；單則發送請使用類別為 otp 或 single 的範本版本。',
    en: 'the template version {id} is for batches; send single texts with a version of class otp or single.',
  },
  not_a_team_number: {
    status: 403,
    zh: '這把金鑰或這項服務只能發給團隊號碼，而這個號碼不在其中。請把它加入服務的團隊號碼，或讓服務正式上線。',
    en: 'this key or service reaches team numbers only, and this number is none. Add it to the service, or take the service live.',
  },
  send_at_out_of_range: {
    status: 422,
    zh: '預定時間 {sendAt} 須在現在與 {latest} 之間。',
    en: 'the time {sendAt} must lie between now and {latest}.',
  },
  idempotency_key_reused: {
    status: 422,
    zh: '這個 Idempotency-Key 已用於內容不同的簡訊，請為新的簡訊使用新的值。',
    en: 'this Idempotency-Key was used for another message; use a new one for a new message.',
  },
  idempotency_key_invalid: {
    status: 400,
    zh: 'Idempotency-Key 須為 1 至 255 個可見 ASCII 字元。',
    en: 'the Idempotency-Key must have 1 to 255 visible ASCII characters.',
  },
  too_busy: {
    status: 503,
    zh: '等待寫入的簡訊已達 {limit} 則，請稍候再送。',
    en: '{limit} messages wait to be written; send again in a moment.',
    retryable: true,
  },
  message_not_found: {
    status: 404,
    zh: '沒有簡訊 {id}。請確認編號，以及金鑰所屬的機關與環境（測試或正式）。',
    en: 'there is no message {id}. Check the id, and the agency and space (test or live) of your key.',
  },
});
