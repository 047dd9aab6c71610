import Type from 'typebox';
import { defineRoutes, pageOf, pageQuery, nullable } from '../http/contract.ts';

const parkedEvent = Type.Object({
  id: Type.String(),
  subscriber: Type.String(),
  type: Type.String(),
  payload: Type.Unknown(),
  organisationId: nullable(Type.String()),
  createdAt: Type.String({ format: 'date-time' }),
  parkedAt: Type.String({ format: 'date-time' }),
  attempts: Type.Integer(),
  errorCode: Type.String(),
  error: Type.String(),
});

/** News that one part of the product could not take in; for the ministry's administrators. */
export const outboxRoutes = defineRoutes({
  listParkedEvents: {
    method: 'GET',
    url: '/api/v1/events/parked',
    access: 'jobs.manage',
    kinds: ['ministry'],
    tag: 'jobs',
    summary: {
      zh: '列出處理失敗而擱置的事件',
      en: 'List events that a part of the product could not handle',
    },
    query: Type.Object(pageQuery),
    response: { 200: pageOf(parkedEvent) },
  },
  retryParkedEvent: {
    method: 'POST',
    url: '/api/v1/events/parked/:id/retry',
    access: 'jobs.manage',
    kinds: ['ministry'],
    tag: 'jobs',
    summary: { zh: '重新處理一則擱置的事件', en: 'Handle a parked event again' },
    params: Type.Object({ id: Type.String({ maxLength: 60 }) }),
    body: Type.Object({ subscriber: Type.String({ maxLength: 200 }) }),
    response: { 200: Type.Object({ retried: Type.Boolean() }) },
  },
});
