import { defineErrors } from '#platform/errors';

export const accountErrors = defineErrors('messaging', {
  smpp_account_not_found: {
    status: 404,
    zh: '沒有 SMPP 帳號 {id}。',
    en: 'there is no SMPP account {id}.',
  },
  smpp_template_unfit: {
    status: 422,
    zh: '範本版本 {id} 不能用於 SMPP：它須為單則類別，且只有一個文字欄位。',
    en: 'the template version {id} does not fit SMPP: it must be of a single class and have exactly one text field.',
  },
  smpp_network_invalid: {
    status: 422,
    zh: '「{network}」不是 IP 位址或網段，例如 203.0.113.7 或 203.0.113.0/28。',
    en: '"{network}" is no IP address or network, such as 203.0.113.7 or 203.0.113.0/28.',
  },
});
