import { defineErrors } from '#platform/errors';

export const linkErrors = defineErrors('messaging', {
  link_not_found: {
    status: 404,
    zh: '沒有電信連線 {id}。',
    en: 'there is no link {id}.',
  },
  link_password_needed: {
    status: 422,
    zh: '變更主機、埠號、帳號，或放寬 TLS 時，必須一併提供密碼。',
    en: 'the password must be given with a new host, port or system id, and with less of TLS.',
  },
});
