import Type from 'typebox';
import { defineRoutes, nullable } from '#platform/http/contract';

/* What became of texts: figures for whoever may read, numbers only where a route says so. */

const tag = 'messaging';
const id = Type.String({ pattern: '^bat_[0-9a-z]{10,40}$', description: 'bat_…' });
const params = Type.Object({ id });
const instant = Type.String({ format: 'date-time', pattern: '^[12]', maxLength: 40 });
const day = Type.String({ pattern: '^[12]\\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' });
const counts = Type.Record(Type.String(), Type.Integer());
const format = Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]);
const base = '/api/v1/messaging/batches';

const report = Type.Object({
  accepted: Type.Integer(),
  parts: Type.Integer(),
  costCents: nullable(Type.Integer({ description: 'NT$ 0.01, for parts that a telecom took' })),
  waiting: Type.Integer(),
  sending: Type.Integer(),
  submitted: Type.Integer(),
  outcomes: counts,
  causes: Type.Array(
    Type.Object({
      state: Type.String(),
      cause: Type.String(),
      zh: Type.String(),
      en: Type.String(),
      messages: Type.Integer(),
    }),
  ),
  telecoms: Type.Array(
    Type.Object({
      telecom: Type.String(),
      submitted: Type.Integer(),
      delivered: Type.Integer(),
      failed: Type.Integer(),
    }),
  ),
  hours: Type.Array(
    Type.Object({
      hour: instant,
      submitted: Type.Integer(),
      delivered: Type.Integer(),
      failed: Type.Integer(),
    }),
  ),
});
const period = {
  from: day,
  until: day,
  serviceId: Type.Optional(Type.String({ maxLength: 60 })),
};

export const reportRoutes = defineRoutes({
  getBatchReport: {
    method: 'GET',
    url: `${base}/:id/report`,
    access: 'messaging.read',
    tag,
    summary: { zh: '批次報表', en: 'Report of a batch' },
    params,
    response: { 200: report },
    limitPerMinute: 6000,
  },
  exportBatchReport: {
    method: 'GET',
    url: `${base}/:id/report/export`,
    access: 'messaging.read',
    tag,
    summary: { zh: '下載批次報表', en: 'Download the report of a batch' },
    params,
    query: Type.Object({ format: Type.Optional(format) }),
    produces: 'text/csv',
    response: { 200: Type.String() },
  },
  exportFailedRows: {
    method: 'GET',
    url: `${base}/:id/failed/export`,
    access: 'messaging.send',
    tag,
    summary: { zh: '下載未送達的收件人', en: 'Download the recipients that were not reached' },
    params,
    query: Type.Object({ format: Type.Optional(format) }),
    produces: 'text/csv',
    response: { 200: Type.String() },
  },
  getMessagingReport: {
    method: 'GET',
    url: '/api/v1/messaging/report',
    access: 'messaging.read',
    tag,
    summary: { zh: '機關或服務的期間報表', en: 'Report of an agency or a service over a period' },
    query: Type.Object({
      ...period,
      all: Type.Optional(Type.Boolean({ description: 'of all agencies; needs messaging.oversee' })),
    }),
    response: { 200: report },
  },
  exportMessagingReport: {
    method: 'GET',
    url: '/api/v1/messaging/report/export',
    access: 'messaging.read',
    tag,
    summary: { zh: '下載期間報表', en: 'Download the report over a period' },
    query: Type.Object({ ...period, format: Type.Optional(format) }),
    produces: 'text/csv',
    response: { 200: Type.String() },
  },
});
