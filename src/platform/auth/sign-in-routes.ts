import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Engine } from './engine.ts';
import { ADDRESS_HEADER, OIDC_PROVIDER } from './engine.ts';
import { authErrors } from './errors.ts';
import { httpErrors } from '../http/http-errors.ts';
import { requireSameOrigin } from './origin.ts';
import { missingFactor, type Session } from './session.ts';
import { signInEndpoints, type SignInEndpoint } from './sign-in-endpoints.ts';
import { toSignInProblem } from './sign-in-problem.ts';
import type { Throttle, ThrottleKind } from './throttle.ts';

export interface SignInRouteDeps {
  engine(needsOidc: boolean): Promise<Engine>;
  readonly throttle: Throttle;
  readonly publicUrl: string;
  readonly mode: 'sandbox' | 'live';
  session(request: FastifyRequest): Promise<Session | null>;
  /** The code of an authenticator was right in a session that exists. */
  factorShown(session: Session, factor: 'totp' | 'backup-code'): Promise<void>;
  /** Records `auth.<act>` of a person. */
  record(session: Session, act: string, requestId: string): Promise<void>;
  /** Records that guessing began to be slowed down for an address. */
  locked(email: string, requestId: string): Promise<void>;
}

/** Headers that the library reads; everything else of a request stays with us. */
const passed = ['accept', 'accept-language', 'cookie', 'user-agent', 'origin'];

/** Puts the steps of signing in under `/api/auth/`. They are no part of the public API: the console alone uses them. */
export function registerSignInRoutes(app: FastifyInstance, deps: SignInRouteDeps): void {
  for (const endpoint of signInEndpoints) {
    app.route({
      method: endpoint.method,
      url: `/api/auth${endpoint.path}`,
      schema: {
        hide: true,
        ...(endpoint.body && { body: endpoint.body }),
        ...(endpoint.query && { querystring: endpoint.query }),
      },
      onRequest: async (request, reply) => {
        void reply.header('cache-control', 'no-store');
        requireSameOrigin(request, deps.publicUrl);
      },
      handler: (request, reply) => handle(endpoint, deps, request, reply),
    });
  }
}

async function handle(
  endpoint: SignInEndpoint,
  deps: SignInRouteDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const session = await deps.session(request);
  if (endpoint.needs !== undefined && session === null) throw httpErrors.unauthenticated();
  if (endpoint.needs === 'factor' && session !== null && !mayChangeFactors(session, deps.mode)) {
    throw authErrors.second_factor_needed();
  }
  const subjects = guessed(endpoint, request, session);
  let failures = 0;
  for (const [kind, subject] of subjects) failures = await deps.throttle.attempt(kind, subject);
  const engine = await deps.engine(
    endpoint.path === '/sign-in/social' || endpoint.path.endsWith(OIDC_PROVIDER),
  );
  if (endpoint.path === '/sign-in/social' && !engine.hasOidc) throw authErrors.oidc_unavailable();
  const response = await engine.handle(toWebRequest(request, deps.publicUrl));
  for (const cookie of response.headers.getSetCookie()) void reply.header('set-cookie', cookie);
  const text = await response.text();
  if (response.status >= 400) {
    const email = emailOf(request);
    if (email !== null && subjects.length > 0 && deps.throttle.locksAt('account', failures)) {
      await deps.locked(email, request.id);
    }
    const problem = toSignInProblem(response.status, parse(text), response.headers.get('x-retry-after'));
    // The issuer sends the browser itself here: a page is due, not JSON.
    if (request.method === 'GET' && endpoint.path.startsWith('/callback/')) {
      return reply.redirect(`/sign-in?error=${encodeURIComponent(problem.code)}`, 302);
    }
    throw problem;
  }
  // A request for a new password never tells whether it was right, so it never clears the count either.
  if (endpoint.path !== '/request-password-reset') {
    for (const [kind, subject] of subjects) await deps.throttle.succeeded(kind, subject);
  }
  if (session !== null && endpoint.path === '/two-factor/verify-totp')
    await deps.factorShown(session, 'totp');
  if (session !== null && endpoint.path === '/two-factor/verify-backup-code')
    await deps.factorShown(session, 'backup-code');
  if (session !== null && endpoint.act !== undefined) await deps.record(session, endpoint.act, request.id);
  const location = response.headers.get('location');
  if (response.status >= 300 && location !== null) return reply.redirect(location, 302);
  return reply.status(response.status).send(pick(parse(text), endpoint.keep));
}

/** Who has a second factor must have shown it to change one; who has none may enrol the first. */
function mayChangeFactors(session: Session, mode: 'sandbox' | 'live'): boolean {
  if (session.secondFactor !== null) return true;
  return missingFactor(session, mode) !== 'show';
}

/** The network address first, so that the last count is the account's. */
function guessed(
  endpoint: SignInEndpoint,
  request: FastifyRequest,
  session: Session | null,
): [kind: ThrottleKind, subject: string][] {
  if (endpoint.guess === 'email') {
    return [
      ['address', request.ip],
      ['account', `${endpoint.path} ${emailOf(request) ?? ''}`],
    ];
  }
  if (endpoint.guess === 'person' && session !== null) return [['account', session.personId]];
  return [];
}

function emailOf(request: FastifyRequest): string | null {
  const email = (request.body as { email?: unknown } | undefined)?.email;
  return typeof email === 'string' ? email : null;
}

function toWebRequest(request: FastifyRequest, publicUrl: string): Request {
  const headers = new Headers();
  for (const name of passed) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  headers.set(ADDRESS_HEADER, request.ip);
  if (request.method === 'POST') headers.set('content-type', 'application/json');
  return new Request(new URL(request.url, publicUrl), {
    method: request.method,
    headers,
    ...(request.method === 'POST' && { body: JSON.stringify(request.body ?? {}) }),
  });
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

function pick(answer: unknown, keep: readonly string[]): unknown {
  if (keep.includes('*')) return answer;
  if (Array.isArray(answer)) return answer.map((item) => pick(item, keep));
  if (typeof answer !== 'object' || answer === null) return {};
  return Object.fromEntries(Object.entries(answer).filter(([key]) => keep.includes(key)));
}
