import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { randomUUID } from 'node:crypto';
import type { Caller } from '../access.ts';
import type { Log } from '../log.ts';
import { rememberMethods } from './allowed-methods.ts';
import { httpErrors } from './http-errors.ts';
import { completeOpenApi, describeRoute } from './openapi.ts';
import { sendProblem } from './problem.ts';
import { checkAccess } from './routes.ts';
import { refuseSlowBodies } from './slow-body.ts';
import { refuseUnreadable, sendUnroutable } from './unreadable.ts';
import { refuseUnstorable } from './well-formed.ts';

export interface HttpOptions {
  readonly log: Log;
  readonly version: string;
  readonly trustedProxies: readonly string[];
  /** Finds out who calls, from the session cookie or the API key; null where neither is there. */
  identify(request: FastifyRequest): Promise<Caller | null>;
  /** Answers a browser that asked for a page that is not there; everything else gets problem+json. */
  pageNotFound?(request: FastifyRequest, reply: FastifyReply): FastifyReply;
  /** Asked before it is looked up who calls; throws to refuse (an address that keeps sending wrong keys). */
  admit?(request: FastifyRequest): void;
}

/** A body of JSON is at most this long; uploads have their own limit. */
const JSON_LIMIT = 1024 * 1024;

/**
 * The HTTP server without any route of its own: request ids, access, problem+json, security headers, OpenAPI.
 * The API lives under `/api/`; what is unknown there answers 404 before anybody is asked to sign in.
 */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const log: FastifyBaseLogger = options.log;
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: JSON_LIMIT,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    requestIdHeader: false,
    genReqId: () => `req_${randomUUID().replaceAll('-', '')}`,
    routerOptions: { maxParamLength: 300 },
    return503OnClosing: true,
    // Headers must be there within a minute (Node's default); bodies by their pace.
    requestTimeout: 0,
    connectionTimeout: 0,
    frameworkErrors: sendUnroutable,
    clientErrorHandler: refuseUnreadable,
  });
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.decorateRequest('caller', null);
  const methodsOf = rememberMethods(app);
  refuseSlowBodies(app);
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    const { contract } = request.routeOptions.config;
    if (contract === undefined) return;
    options.admit?.(request);
    request.caller = await options.identify(request);
    checkAccess(contract, request.caller);
  });
  refuseUnstorable(app);
  await app.register(cookie);
  await app.register(helmet, {
    enableCSPNonces: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: '信賴 Xinlai API',
        version: options.version,
        description:
          '電商信賴與防詐平台的公開介面。Errors are problem+json (RFC 9457); lists are paged by cursor.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'xinlai_session' },
        },
      },
    },
    transform: ({ schema, url, route }) => ({ schema: describeRoute(schema, route.config?.contract), url }),
    transformObject: (document) =>
      'openapiObject' in document ? completeOpenApi(document.openapiObject) : document.swaggerObject,
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.setNotFoundHandler((request, reply) => {
    const isPage =
      request.method === 'GET' &&
      !request.url.startsWith('/api') &&
      /text\/html/.test(request.headers.accept ?? '');
    if (isPage && options.pageNotFound !== undefined) return options.pageNotFound(request, reply);
    const { method } = request;
    const path = request.url.split('?', 1)[0] ?? request.url;
    const methods = methodsOf(path);
    // A method that the path has was turned away by the router for something else: a part that is too long, a file that is gone.
    if (methods.length === 0 || methods.includes(method)) throw httpErrors.not_found({ method, path });
    // RFC 9110, 15.5.6: the answer must say what is allowed.
    const allowed = methods.join(', ');
    void reply.header('allow', allowed);
    throw httpErrors.method_not_allowed({ method, path, allowed });
  });
  return app;
}
