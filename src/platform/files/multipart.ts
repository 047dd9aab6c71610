import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';

/**
 * Lets the routes of an app read uploads with `request.file()`. The stream is cut one byte behind the limit, where the
 * store refuses it with its own message.
 */
export async function registerMultipart(app: FastifyInstance, limitBytes: number): Promise<void> {
  await app.register(multipart, {
    throwFileSizeLimit: false,
    limits: {
      fileSize: limitBytes + 1,
      files: 1,
      fields: 20,
      fieldSize: 64 * 1024,
      fieldNameSize: 200,
      headerPairs: 100,
    },
  });
}
