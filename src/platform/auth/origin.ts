import type { FastifyRequest } from 'fastify';
import { httpErrors } from '../http/http-errors.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a request that may change something and that a page of another site sent: `http.cross_site`. Browsers say so
 * by Sec-Fetch-Site, older ones by Origin; a client that is no browser sends neither. Both the public address and
 * the address that was called count as our own: a browser always names the true one in Host.
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string): void {
  if (SAFE.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw httpErrors.cross_site();
  const { origin } = request.headers;
  if (origin === undefined) return;
  if (origin === new URL(publicUrl).origin) return;
  if (origin === `${request.protocol}://${request.host}`) return;
  throw httpErrors.cross_site();
}
