import Type from 'typebox';
import { defineRoutes, pageOf, pageQuery } from '../http/contract.ts';

export const mailRoutes = defineRoutes({
  readSandboxInbox: {
    method: 'GET',
    url: '/api/v1/sandbox/inbox',
    access: 'people.manage',
    tag: 'sandbox',
    summary: {
      zh: '測試環境的收件匣：本系統寄出的郵件',
      en: "The sandbox's inbox: mails that the product sent",
    },
    description: {
      zh: '僅測試環境未設定 SMTP 時提供，收件人皆為測試資料。',
      en: 'Only in a sandbox without an SMTP server, where all recipients are test data.',
    },
    query: Type.Object(pageQuery),
    response: {
      200: pageOf(
        Type.Object({
          id: Type.String(),
          kind: Type.String(),
          to: Type.String(),
          subject: Type.String(),
          text: Type.String(),
          createdAt: Type.String({ format: 'date-time' }),
        }),
      ),
    },
  },
});
