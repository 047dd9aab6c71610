import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { AppError } from '../errors.ts';
import type { Problem } from './contract.ts';
import { httpErrors } from './http-errors.ts';
import { sendProblem } from './problem.ts';

/** Answers addresses that the router itself refuses: wrong percent-encoding (400), or a part longer than any id (404). */
export function sendUnroutable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { code } = error as { code?: string };
  const path = request.url.split('?', 1)[0] ?? request.url;
  // No hook has run for it, so what every answer carries is set here.
  void reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' });
  const tooLong = code === 'FST_ERR_MAX_PARAM_LENGTH';
  sendProblem(
    tooLong ? httpErrors.not_found({ method: request.method, path: `${path.slice(0, 100)}…` }) : error,
    request,
    reply,
  );
}

/** Answers what is not HTTP, or whose headers are too long or too late, before there is a request. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  refuseOnSocket(
    socket,
    status,
    status === 408 ? httpErrors.too_slow() : httpErrors.malformed({ problem: error.code ?? 'not HTTP' }),
  );
}

/** Writes problem+json to a connection on which nothing was answered yet, and ends it. */
export function refuseOnSocket(socket: Socket, status: number, refusal: AppError): void {
  const problem: Problem = {
    type: `/docs/errors#${refusal.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: refusal.text('zh-TW'),
    instance: '-',
    code: refusal.code,
  };
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${problem.title}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
