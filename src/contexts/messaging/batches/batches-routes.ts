/** Route → use case: batches and reports. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { httpErrors } from '#platform/http/http-errors';
import { registerRoutes } from '#platform/http/routes';
import type { Caller } from '#platform/access';
import type { MessagingTables } from '../tables.ts';
import { approveBatch } from './approve-batch.ts';
import { badRowsFile } from './bad-rows-file.ts';
import type { BatchDeps } from './batch-deps.ts';
import { batchErrors } from './batch-errors.ts';
import { batchRoutes } from './batches-contract.ts';
import { controlBatch } from './control.ts';
import { createBatch, getBatch, listBatches, planBatch } from './create-batch.ts';
import { reportRoutes } from './report-contract.ts';
import { failedFile } from './failed-file.ts';
import { listRows, previewBatch } from './preview.ts';
import { batchReport, periodReport, reportRows } from './report.ts';
import { retryBatch } from './retry-batch.ts';
import { rowsFile, rowsTypes, type RowsFormat } from './rows-file.ts';
import { sealBatch } from './seal-batch.ts';
import { readAgain, uploadFile, type Upload } from './upload.ts';

export function registerBatchRoutes(app: FastifyInstance, deps: BatchDeps): void {
  const db = deps.database.of<MessagingTables>('messaging');
  const send = (reply: FastifyReply, stream: Readable, name: string, format: RowsFormat): FastifyReply =>
    reply
      .type(rowsTypes[format])
      .header('content-disposition', `attachment; filename="${name}.${format}"`)
      .header('cache-control', 'no-store')
      .send(stream);
  const upload = async (
    request: FastifyRequest,
    caller: Caller,
    id: string,
    as: Upload['as'],
    query: { readonly again?: boolean; readonly allowDuplicates?: boolean },
  ) => {
    if (!request.isMultipart()) throw batchErrors.batch_file_missing();
    // The limit of the use case says more than that of the parser, so the parser cuts one byte later.
    const part = await request.file({ limits: { fileSize: deps.uploadLimitBytes + 1 } });
    if (part === undefined) throw batchErrors.batch_file_missing();
    const { again = false, allowDuplicates } = query;
    const choice = allowDuplicates === undefined ? {} : { allowDuplicates };
    const name = part.filename.normalize('NFC').slice(0, 200) || 'recipients';
    return uploadFile(deps, caller, id, { stream: part.file, name, as, again, choice }, request.id);
  };

  registerRoutes(app, batchRoutes, {
    createBatch: ({ body, caller, request }) => createBatch(deps, caller, body, request.id),
    listBatches: ({ query, caller }) => listBatches(db, caller, query),
    getBatch: ({ params, caller }) => getBatch(db, caller, params.id),
    planBatch: ({ params, body, caller }) => planBatch(deps, caller, params.id, body),
    uploadBatchFile: ({ params, query, caller, request }) =>
      upload(request, caller, params.id, 'first', query),
    uploadCorrections: ({ params, query, caller, request }) =>
      upload(request, caller, params.id, 'corrections', query),
    readBatchAgain: ({ params, body, caller }) => readAgain(deps, caller, params.id, body),
    previewBatch: ({ params, caller, request }) => previewBatch(deps, caller, params.id, request.id),
    listBatchRows: ({ params, query, caller, request }) =>
      listRows(deps, caller, params.id, query, request.id),
    exportBatchRows: async ({ params, query, caller, request, reply }) => {
      const { which = 'bad', format = 'csv' } = query;
      const file = await badRowsFile(deps, caller, params.id, { which, format }, request.id);
      return send(reply, file, `${params.id}-${which}`, format);
    },
    sealBatch: ({ params, caller, request }) => sealBatch(deps, caller, params.id, request.id),
    approveBatch: ({ params, body, caller, request }) =>
      approveBatch(deps, caller, params.id, body, request.id),
    pauseBatch: ({ params, caller, request }) => controlBatch(deps, caller, params.id, 'pause', request.id),
    resumeBatch: ({ params, caller, request }) => controlBatch(deps, caller, params.id, 'resume', request.id),
    cancelBatch: ({ params, caller, request }) => controlBatch(deps, caller, params.id, 'cancel', request.id),
    retryBatch: ({ params, body, caller, request }) =>
      retryBatch(deps, caller, params.id, { unknown: body.unknown ?? false }, request.id),
  });
  registerRoutes(app, reportRoutes, {
    getBatchReport: ({ params, caller }) => batchReport(db, caller, params.id),
    exportBatchReport: async ({ params, query, caller, reply }) => {
      const { format = 'csv' } = query;
      const report = await batchReport(db, caller, params.id);
      return send(reply, rowsFile(reportRows(report), format), `${params.id}-report`, format);
    },
    exportFailedRows: async ({ params, query, caller, request, reply }) => {
      const { format = 'csv' } = query;
      const file = await failedFile(deps, caller, params.id, format, request.id);
      return send(reply, file, `${params.id}-failed`, format);
    },
    getMessagingReport: ({ query, caller }) => {
      const { all = false } = query;
      if (all && !caller.permissions.has('messaging.oversee')) {
        throw httpErrors.forbidden({ permission: 'messaging.oversee' });
      }
      return periodReport(db, caller, query, all);
    },
    exportMessagingReport: async ({ query, caller, reply }) => {
      const { format = 'csv' } = query;
      const report = await periodReport(db, caller, query, false);
      return send(reply, rowsFile(reportRows(report), format), `report-${query.from}-${query.until}`, format);
    },
  });
}
