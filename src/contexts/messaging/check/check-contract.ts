import Type from 'typebox';
import { defineRoutes, nullable } from '#platform/http/contract';

/** The citizen's question: was exactly this text sent by 111 to a number that ends like mine? */
export const checkRoutes = defineRoutes({
  checkText: {
    method: 'POST',
    url: '/api/v1/messaging/check',
    access: 'public',
    summary: { zh: '這則簡訊真的是 111 發的嗎？', en: 'Was this text really sent by 111?' },
    description: {
      zh: '只在整段文字與號碼末三碼都相符時回覆「是」；不記錄所輸入的內容，也不透露其他號碼的任何事。空白與全形半形不影響結果。',
      en: 'Says yes only where the whole text and the last three digits agree. Nothing typed is recorded, and nothing is said of other numbers. White space and width do not matter.',
    },
    tag: 'messaging',
    body: Type.Object(
      {
        text: Type.String({ minLength: 1, maxLength: 2000, description: 'the whole text as received' }),
        lastDigits: Type.String({
          pattern: '^[0-9]{3,10}$',
          description: 'last digits of the number that received it; the last three count',
        }),
      },
      { additionalProperties: false },
    ),
    response: {
      200: Type.Object({
        sent: Type.Boolean(),
        sender: nullable(Type.String({ description: 'agency or service, as registered' })),
        sentAt: nullable(Type.String({ format: 'date-time', description: 'to the minute' })),
        knownSince: Type.String({
          format: 'date',
          description: 'texts before this day can no longer be checked',
        }),
      }),
    },
    limitPerMinute: 20,
  },
});
