import type { FastifyInstance } from 'fastify';
import type { AnswerOf } from '../http/contract.ts';
import { registerRoutes } from '../http/routes.ts';
import { filesRoutes } from './contract.ts';
import { filesErrors } from './errors.ts';
import { fileKinds, type FileKind, type Files, type StoredFile } from './files.ts';

const everyKind = Object.keys(fileKinds) as FileKind[];

/** Registers handing in, receipts and downloads. `app` reads multipart bodies (`registerMultipart`). */
export function registerFilesRoutes(app: FastifyInstance, { files }: { readonly files: Files }): void {
  registerRoutes(app, filesRoutes, {
    async storeFile({ caller, query, request }) {
      const part = await request.file();
      if (part === undefined) throw filesErrors.missing();
      try {
        const stored = await files.store({
          stream: part.file,
          name: part.filename,
          declaredType: part.mimetype,
          caller,
          purpose: query.purpose ?? 'upload',
          accept: everyKind,
          requestId: request.id,
        });
        return toReceipt(stored);
      } finally {
        // A client that still sends could not read the refusal.
        part.file.resume();
      }
    },
    getFile: async ({ caller, params }) => toReceipt(await files.find(caller, params.id)),
    async downloadFile({ caller, params, reply }) {
      const { stream, file } = await files.openFor(caller, params.id);
      return reply
        .headers({
          'content-type': file.type,
          'content-length': file.size,
          'content-disposition': attachment(file.name),
          'content-security-policy': "sandbox; default-src 'none'",
          'x-content-type-options': 'nosniff',
          'cache-control': 'private, no-store',
          'repr-digest': `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`,
        })
        .send(stream);
    },
  });
}

function toReceipt(file: StoredFile): AnswerOf<typeof filesRoutes.getFile> {
  const { id, receipt, sha256, size, type, name, purpose, receivedBy } = file;
  return {
    id,
    receipt,
    sha256,
    size,
    type,
    name,
    purpose,
    receivedBy,
    receivedAt: file.receivedAt.toString(),
  };
}

/** RFC 6266 with the name in UTF-8 (RFC 8187) and an ASCII form for old clients. */
function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
