import Type from 'typebox';
import { defineRoutes, nullable, pageOf, pageQuery } from '../http/contract.ts';

const bilingual = Type.Object({ zh: Type.String(), en: Type.String() });
const instant = Type.String({ format: 'date-time' });
const state = Type.Union([
  Type.Literal('waiting'),
  Type.Literal('running'),
  Type.Literal('done'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
]);

/** A piece of background work. */
export const jobSchema = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  title: bilingual,
  state,
  organisationId: Type.String(),
  startedBy: Type.String({ description: 'id of the person or key; system:… for the product itself' }),
  progress: Type.Object({ done: Type.Integer(), total: nullable(Type.Integer()), note: nullable(bilingual) }),
  attempts: Type.Integer(),
  maxAttempts: Type.Integer(),
  cancelRequested: Type.Boolean(),
  result: Type.Unknown(),
  error: nullable(Type.Object({ code: Type.String(), zh: Type.String(), en: Type.String() })),
  createdAt: instant,
  startedAt: nullable(instant),
  finishedAt: nullable(instant),
});

const params = Type.Object({ id: Type.String({ maxLength: 60 }) });

export const jobsRoutes = defineRoutes({
  listJobs: {
    method: 'GET',
    url: '/api/v1/jobs',
    access: 'jobs.read',
    tag: 'jobs',
    summary: { zh: '列出背景工作，新的在前', en: 'List background jobs, newest first' },
    description: {
      zh: '看得到本機關（構）的工作；主管機關的管理者看得到全部。',
      en: "Shows the jobs of the caller's organisation; the ministry's administrators see all.",
    },
    query: Type.Object({
      ...pageQuery,
      state: Type.Optional(state),
      kind: Type.Optional(Type.String({ maxLength: 100 })),
      mine: Type.Optional(Type.Boolean({ description: 'only those that the caller started' })),
    }),
    response: { 200: pageOf(jobSchema) },
  },
  watchJobs: {
    method: 'GET',
    url: '/api/v1/jobs/events',
    access: 'jobs.read',
    tag: 'jobs',
    summary: { zh: '即時接收自己背景工作的進度', en: "Follow the progress of the caller's own jobs" },
    description: {
      zh: 'Server-sent events。事件 job 的資料即為一筆工作；每 15 秒一則註解以維持連線，15 分鐘後結束，請重新連線。',
      en: 'Server-sent events. The data of a `job` event is one job; a comment every 15 s keeps the connection, which ends after 15 minutes to be opened again.',
    },
    produces: 'text/event-stream',
    response: { 200: Type.String() },
    limitPerMinute: 30,
  },
  readJob: {
    method: 'GET',
    url: '/api/v1/jobs/:id',
    access: 'jobs.read',
    tag: 'jobs',
    summary: { zh: '讀取一筆背景工作', en: 'Read one background job' },
    params,
    response: { 200: jobSchema },
  },
  cancelJob: {
    method: 'POST',
    url: '/api/v1/jobs/:id/cancel',
    access: 'jobs.read',
    tag: 'jobs',
    summary: { zh: '取消一筆背景工作', en: 'Cancel a background job' },
    description: {
      zh: '等候中的立即取消；執行中的於下一個可停之處停止。限發起者或有 jobs.manage 權限者。',
      en: 'A waiting job is cancelled at once, a running one at its next safe point. For its starter or holders of jobs.manage.',
    },
    params,
    response: { 200: jobSchema },
  },
  retryJob: {
    method: 'POST',
    url: '/api/v1/jobs/:id/retry',
    access: 'jobs.read',
    tag: 'jobs',
    summary: { zh: '重試失敗或已取消的背景工作', en: 'Retry a failed or cancelled job' },
    description: {
      zh: '限發起者或有 jobs.manage 權限者。',
      en: 'For its starter or holders of jobs.manage.',
    },
    params,
    response: { 200: jobSchema },
  },
});
