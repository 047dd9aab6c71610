import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { AppError, type Language } from '../errors.ts';
import type { Problem } from './contract.ts';
import { httpErrors } from './http-errors.ts';
import { describeViolation, type Violation } from './violation.ts';

/** The language of a request: `?lang=`, else Accept-Language, else zh-TW. */
export function languageOf(request: FastifyRequest): Language {
  const asked = (request.query as { lang?: unknown } | undefined)?.lang;
  if (asked === 'en' || asked === 'zh-TW') return asked;
  const header = request.headers['accept-language'] ?? '';
  return /^\s*en\b/i.test(header) ? 'en' : 'zh-TW';
}

/** Turns anything thrown into the one answer of that kind; what is unexpected is logged and told by request id only. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = toAppError(error, request);
  if (known.status >= 500) request.log.error({ err: error, code: known.code }, 'request failed');
  const language = languageOf(request);
  const problem: Problem = {
    type: `/docs/errors#${known.code}`,
    title: STATUS_CODES[known.status] ?? 'Error',
    status: known.status,
    detail: known.text(language),
    instance: request.id,
    code: known.code,
    ...(known.fields.length > 0 && {
      errors: known.fields.map((field) => ({
        pointer: field.pointer,
        code: field.code,
        message: language === 'en' ? field.en : field.zh,
      })),
    }),
  };
  const seconds = known.parameters['seconds'];
  if (seconds !== undefined && (known.status === 429 || known.status === 503)) {
    void reply.header('retry-after', String(seconds));
  }
  return reply.status(known.status).type('application/problem+json').serializer(JSON.stringify).send(problem);
}

interface FastifyFailure extends Error {
  readonly code?: string;
  readonly statusCode?: number;
  readonly validation?: readonly Violation[];
  readonly validationContext?: string;
}

function toAppError(error: unknown, request: FastifyRequest): AppError {
  if (error instanceof AppError) return error;
  const failure = error as FastifyFailure;
  if (failure.validation) {
    const prefix = failure.validationContext === 'body' ? '' : `/${failure.validationContext ?? ''}`;
    const fields = failure.validation.map((violation) => describeViolation(violation, prefix));
    return httpErrors.invalid({ count: fields.length }, { fields });
  }
  switch (failure.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return httpErrors.too_large({
        limit: `${Math.round((request.routeOptions.bodyLimit ?? 0) / 1024)} KiB`,
      });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return httpErrors.unsupported_media_type({
        type: request.headers['content-type'] ?? '-',
        wanted: request.routeOptions.config.consumes ?? 'application/json',
      });
    default:
  }
  if (isBrokenUpload(failure)) return httpErrors.malformed({ problem: failure.message }, { cause: error });
  if (failure.statusCode !== undefined && failure.statusCode >= 400 && failure.statusCode < 500) {
    return httpErrors.malformed({ problem: failure.message }, { cause: error });
  }
  return httpErrors.unexpected({ requestId: request.id }, { cause: error });
}

/** The parser of multipart bodies throws bare errors for a body that is cut off or without a boundary. */
function isBrokenUpload({ code, message }: FastifyFailure): boolean {
  return (
    code === undefined &&
    /^(Multipart: |Unexpected end of (multipart data|form)|Malformed part header)/.test(message)
  );
}
