import Type from 'typebox';
import { defineRoutes } from '../http/contract.ts';

const clock = Type.Object({
  now: Type.String({ format: 'date-time' }),
  today: Type.String({ format: 'date', description: 'legal day in Asia/Taipei' }),
  offset: Type.String({ description: 'how far it is ahead of the real time, ISO 8601' }),
  moved: Type.Boolean(),
});

export const clockRoutes = defineRoutes({
  readClock: {
    method: 'GET',
    url: '/api/v1/sandbox/clock',
    access: 'signed-in',
    tag: 'sandbox',
    summary: { zh: '讀取測試時鐘', en: 'Read the test clock' },
    response: { 200: clock },
  },
  moveClock: {
    method: 'POST',
    url: '/api/v1/sandbox/clock',
    access: 'clock.move',
    tag: 'sandbox',
    summary: { zh: '將測試時鐘往前撥，或撥回', en: 'Move the test clock forward, or reset it' },
    description: {
      zh: '僅測試環境提供，全系統共用一個時鐘。期限、排程與重試皆依此時鐘。',
      en: 'In a sandbox only; there is one clock for all. Deadlines, schedules and retries follow it.',
    },
    body: Type.Union([
      Type.Object(
        {
          advance: Type.String({
            maxLength: 60,
            description: 'ISO 8601 duration such as P3D or PT48H, up to ten years',
          }),
        },
        { additionalProperties: false },
      ),
      Type.Object({ reset: Type.Literal(true) }, { additionalProperties: false }),
    ]),
    response: { 200: clock },
  },
});
