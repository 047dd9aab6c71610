import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { httpErrors } from '#platform/http/http-errors';

const folder = new URL('../../dist/console/', import.meta.url);

/**
 * Serves the built console below `/console/`: hashed files for a year, and `index.html`, with the nonce of the answer,
 * for every path that is no file.
 */
export async function registerConsole(app: FastifyInstance): Promise<void> {
  const index = await readFile(new URL('index.html', folder), 'utf8').catch(() => null);
  app.get('/console', (_request, reply) => reply.redirect('/console/'));
  // Addresses in mails and in errors of signing in are short; what stands behind `#` survives a redirect.
  for (const path of ['/invitation', '/reset-password', '/sign-in']) {
    app.get(path, (request, reply) => reply.redirect(`/console${request.url}`));
  }
  app.get('/mark.svg', async (_request, reply) =>
    reply
      .type('image/svg+xml')
      .header('cache-control', 'public, max-age=86400')
      .send(await readFile(new URL('./public/mark.svg', import.meta.url))),
  );
  if (index === null) {
    app.get('/console/*', (_request, reply) =>
      reply
        .status(503)
        .type('text/plain; charset=utf-8')
        .send('The console is not built. Run: npm run build\n'),
    );
    return;
  }
  await app.register(fastifyStatic, {
    root: fileURLToPath(folder),
    prefix: '/console/',
    wildcard: false,
    index: false,
    maxAge: '365d',
    immutable: true,
    globIgnore: ['index.html'],
  });
  app.get('/console/*', (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (/\.[a-z0-9]+$/i.test(path)) throw httpErrors.not_found({ method: 'GET', path });
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(index.replaceAll('__CSP_NONCE__', reply.cspNonce.style));
  });
}
