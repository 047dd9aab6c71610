import type { Problem } from '#platform/http/contract';

/** A problem+json answer; `code` is stable, `errors` point into what was sent. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  /** Seconds to wait, where the server named them. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null, cause?: unknown) {
    super(problem.detail, { cause });
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }

  /** No answer came at all: status 0, code `client.unreachable`. */
  static unreachable(cause: unknown): ProblemError {
    return new ProblemError(plain(0, 'client.unreachable', ''), null, cause);
  }
}

/** Reads the problem from an answer; one that is not problem+json (a proxy's page) becomes `client.unexpected`. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const seconds = Number(response.headers.get('retry-after'));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  const requestId = response.headers.get('x-request-id') ?? '';
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  if (isProblem(body)) return new ProblemError({ ...body, instance: body.instance || requestId }, retryAfter);
  const { message, code } = (body ?? {}) as { message?: unknown; code?: unknown };
  return new ProblemError(
    {
      ...plain(response.status, typeof code === 'string' ? code : 'client.unexpected', requestId),
      detail: typeof message === 'string' ? message : '',
    },
    retryAfter,
  );
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body && 'status' in body;
}

function plain(status: number, code: string, instance: string): Problem {
  return { type: 'about:blank', title: '', status, detail: '', instance, code };
}
