import Type from 'typebox';
import { defineRoutes, nullable, pageOf, pageQuery } from './contract.ts';

const line = {
  id: Type.String({ description: 'request id, as in x-request-id and in problem+json' }),
  at: Type.String({ format: 'date-time' }),
  by: Type.Union([Type.Literal('key'), Type.Literal('person')]),
  actorId: Type.String({ description: 'id of the key or person' }),
  method: Type.String(),
  route: Type.String({ description: 'pattern of the route' }),
  path: Type.String({ description: 'path with ids; other values masked' }),
  status: Type.Integer(),
  durationMs: Type.Number(),
  errorCode: nullable(Type.String()),
};

export const requestLogRoutes = defineRoutes({
  listRequests: {
    method: 'GET',
    url: '/api/v1/developer/requests',
    access: 'developer.read',
    tag: 'developer',
    summary: { zh: '列出近 30 天的 API 請求', en: 'List API requests of the last 30 days' },
    query: Type.Object({
      ...pageQuery,
      method: Type.Optional(
        Type.Union([
          Type.Literal('GET'),
          Type.Literal('POST'),
          Type.Literal('PUT'),
          Type.Literal('PATCH'),
          Type.Literal('DELETE'),
        ]),
      ),
      status: Type.Optional(
        Type.Union([Type.Literal('2xx'), Type.Literal('3xx'), Type.Literal('4xx'), Type.Literal('5xx')], {
          description: 'class of the status',
        }),
      ),
      route: Type.Optional(Type.String({ maxLength: 200 })),
      requestId: Type.Optional(Type.String({ maxLength: 60 })),
      actorId: Type.Optional(Type.String({ maxLength: 80, description: 'key or person' })),
    }),
    response: { 200: pageOf(Type.Object(line)) },
  },
  readRequest: {
    method: 'GET',
    url: '/api/v1/developer/requests/:id',
    access: 'developer.read',
    tag: 'developer',
    summary: {
      zh: '讀取一筆 API 請求，含遮蔽後的內容與 curl',
      en: 'Read one API request with masked content and a curl line',
    },
    params: Type.Object({ id: Type.String({ maxLength: 60 }) }),
    response: {
      200: Type.Object({
        ...line,
        query: Type.Unknown(),
        requestSample: Type.Unknown(),
        responseSample: Type.Unknown(),
        curl: Type.String({ description: 'with $XINLAI_KEY for the key and <…> for masked values' }),
      }),
    },
  },
});
