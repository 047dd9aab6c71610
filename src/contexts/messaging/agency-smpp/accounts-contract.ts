import Type from 'typebox';
import { defineRoutes } from '#platform/http/contract';

/* Accounts of agencies that send by SMPP. The password is shown once, when it is made. */

const accountId = Type.String({ pattern: '^sma_[0-9a-z]{10,40}$' });
const network = Type.String({
  maxLength: 60,
  description: 'address or network: 203.0.113.7, 203.0.113.0/28',
});

const account = Type.Object({
  id: accountId,
  serviceId: Type.String(),
  templateVersionId: Type.String({ description: 'its one text field takes what the client submits' }),
  systemId: Type.String({ description: 'system_id of the bind' }),
  networks: Type.Array(network),
  maxBinds: Type.Integer(),
  partsPerSecond: Type.Integer(),
  state: Type.Union([Type.Literal('active'), Type.Literal('closed')]),
  bound: Type.Integer({ description: 'binds to this process now' }),
  createdAt: Type.String({ format: 'date-time' }),
});

const newAccount = Type.Object(
  {
    templateVersionId: Type.String({ pattern: '^tpv_[0-9a-z]{10,40}$' }),
    networks: Type.Array(network, { minItems: 1, maxItems: 20 }),
    maxBinds: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 })),
    partsPerSecond: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  },
  { additionalProperties: false },
);

export const accountRoutes = defineRoutes({
  createSmppAccount: {
    method: 'POST',
    url: '/api/v1/messaging/smpp-accounts',
    access: 'messaging.services',
    summary: { zh: '建立 SMPP 帳號', en: 'Make an SMPP account' },
    description: {
      zh: '密碼只在這次回覆中出現。送來的文字填入範本唯一的文字欄位，名稱與聯絡電話由平台加上。',
      en: 'The password is in this answer alone. What is submitted fills the one text field of the template; name and contact number are added here.',
    },
    tag: 'messaging',
    body: newAccount,
    response: { 201: Type.Object({ account, password: Type.String() }) },
    idempotent: true,
  },
  listSmppAccounts: {
    method: 'GET',
    url: '/api/v1/messaging/smpp-accounts',
    access: 'messaging.read',
    summary: { zh: 'SMPP 帳號', en: 'SMPP accounts' },
    tag: 'messaging',
    response: {
      200: Type.Object({
        items: Type.Array(account),
        server: Type.Object({
          port: Type.Union([Type.Integer(), Type.Null()], {
            description: 'null where this process has none',
          }),
          tls: Type.Boolean(),
        }),
      }),
    },
  },
  closeSmppAccount: {
    method: 'DELETE',
    url: '/api/v1/messaging/smpp-accounts/:id',
    access: 'messaging.services',
    summary: { zh: '關閉 SMPP 帳號', en: 'Close an SMPP account' },
    description: { zh: '現有連線隨即結束。', en: 'Its binds end at once.' },
    tag: 'messaging',
    params: Type.Object({ id: accountId }),
    response: { 200: account },
  },
});
