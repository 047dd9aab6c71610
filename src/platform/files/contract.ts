import Type from 'typebox';
import { defineRoutes } from '../http/contract.ts';

/** The receipt of a file that was handed in. */
export const storedFileSchema = Type.Object({
  id: Type.String(),
  receipt: Type.String(),
  sha256: Type.String(),
  size: Type.Integer(),
  type: Type.String(),
  name: Type.String(),
  purpose: Type.String(),
  receivedBy: Type.String(),
  receivedAt: Type.String({ format: 'date-time' }),
});

const params = Type.Object({ id: Type.String({ maxLength: 40 }) });

export const filesRoutes = defineRoutes({
  storeFile: {
    method: 'POST',
    url: '/api/v1/files',
    access: 'files.write',
    tag: 'files',
    summary: { zh: '上傳檔案', en: 'Hand in a file' },
    description: {
      zh: 'multipart/form-data，檔案放在 file 欄位。內容依魔術位元組檢查型別並掃描惡意程式；收據載有 SHA-256。',
      en: 'multipart/form-data with the field `file`. The content is checked against its type and scanned; the receipt holds its SHA-256.',
    },
    consumes: 'multipart/form-data',
    query: Type.Object({
      purpose: Type.Optional(
        Type.String({ pattern: '^[a-z][a-z0-9.-]{0,59}$', description: 'what for (upload)' }),
      ),
    }),
    limitPerMinute: 60,
    response: { 201: storedFileSchema },
  },
  getFile: {
    method: 'GET',
    url: '/api/v1/files/:id',
    access: 'signed-in',
    tag: 'files',
    summary: { zh: '檔案收據', en: 'The receipt of a file' },
    params,
    response: { 200: storedFileSchema },
  },
  downloadFile: {
    method: 'GET',
    url: '/api/v1/files/:id/content',
    access: 'signed-in',
    tag: 'files',
    summary: { zh: '下載檔案', en: 'The content of a file' },
    params,
    produces: 'application/octet-stream',
    response: { 200: Type.Unknown() },
  },
});
