import { defineErrors } from '../errors.ts';

export const webhookErrors = defineErrors('webhooks', {
  endpoint_not_found: { status: 404, zh: '查無端點 {id}。', en: 'there is no endpoint {id}.' },
  delivery_not_found: {
    status: 404,
    zh: '查無傳送紀錄 {id}；紀錄保留 30 天。',
    en: 'there is no delivery {id}; they are kept for 30 days.',
  },
  url_invalid: {
    status: 422,
    zh: '端點位址須為 https 網址，不含帳號密碼或 # 之後的部分（測試環境另可用本機的 http 位址）。',
    en: 'the address must be an https URL without user name, password or fragment (a sandbox also takes http on loopback).',
  },
  address_refused: {
    status: 422,
    zh: '{host} 指向不可使用的位址（內部網路、本機或保留範圍）。請使用公開的位址。',
    en: '{host} resolves to an address that is not allowed (internal, local or reserved). Use a public one.',
  },
  host_unknown: {
    status: 422,
    zh: '查不到 {host} 的位址。請檢查網址。',
    en: 'the host {host} cannot be resolved. Check the address.',
  },
  too_many_endpoints: {
    status: 409,
    zh: '每個機關（構）至多 {limit} 個端點，請先刪除不用的。',
    en: 'an organisation has at most {limit} endpoints; delete one first.',
  },
  endpoint_disabled: {
    status: 409,
    zh: '端點 {id} 已停用，請先啟用。',
    en: 'the endpoint {id} is disabled; enable it first.',
  },
});
