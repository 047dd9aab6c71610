import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../access.ts';
import type { Language } from '../errors.ts';
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, RouteSchema } from './contract.ts';
import { httpErrors } from './http-errors.ts';
import { languageOf } from './problem.ts';

/** What a handler gets: validated input, and who calls (null only on public routes without a sign-in). */
export interface RouteInput<R extends RouteSchema> {
  readonly params: ParamsOf<R>;
  readonly query: QueryOf<R>;
  readonly body: BodyOf<R>;
  readonly caller: R['access'] extends 'public' ? Caller | null : Caller;
  readonly language: Language;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** One handler for each route. A route that streams (`produces`) may return a stream or buffer through `reply`. */
export type Handlers<R extends Record<string, RouteSchema>> = {
  readonly [K in keyof R]: (
    input: RouteInput<R[K]>,
  ) => Promise<R[K] extends { produces: string } ? unknown : AnswerOf<R[K]>>;
};

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The contract of the route, for hooks: access, limits, idempotency, the reference. */
    contract?: RouteSchema;
    consumes?: string;
    /** True where a caller who may not use the route shall not learn that it is there. */
    concealed?: boolean;
    /** Requests a minute for one address, on pages that have no contract. */
    limitPerMinute?: number;
  }
  interface FastifyRequest {
    /** Set by the access hook; null where nobody is signed in. */
    caller: Caller | null;
  }
}

/** Registers every route of a contract with its handler; validation, access and filtering follow from the contract. */
export function registerRoutes<const R extends Record<string, RouteSchema>>(
  app: FastifyInstance,
  routes: R,
  handlers: Handlers<R>,
): void {
  for (const [name, route] of Object.entries(routes) as [keyof R & string, RouteSchema][]) {
    const handler = handlers[name] as (input: RouteInput<RouteSchema>) => Promise<unknown>;
    const status = Number(Object.keys(route.response)[0] ?? 200);
    app.route({
      method: route.method,
      url: route.url,
      ...(route.bodyLimitBytes !== undefined && { bodyLimit: route.bodyLimitBytes }),
      config: { contract: route, ...(route.consumes !== undefined && { consumes: route.consumes }) },
      schema: {
        operationId: name,
        tags: [route.tag],
        summary: route.summary.zh,
        description: [route.summary.en, route.description?.zh, route.description?.en]
          .filter(Boolean)
          .join('\n\n'),
        ...(route.params && { params: route.params }),
        ...(route.query && { querystring: route.query }),
        ...(route.body && { body: route.body }),
        ...(route.consumes !== undefined && { consumes: [route.consumes] }),
        ...(route.produces === undefined ? { response: route.response } : { produces: [route.produces] }),
        security: route.access === 'public' ? [] : [{ apiKey: [] }, { session: [] }],
      },
      handler: async (request, reply) => {
        void reply.status(status);
        return handler({
          params: request.params,
          query: request.query,
          body: request.body,
          caller: request.caller,
          language: languageOf(request),
          request,
          reply,
        } as RouteInput<RouteSchema>);
      },
    });
  }
}

/** Refuses a caller whom the contract of the route does not allow. */
export function checkAccess(contract: RouteSchema, caller: Caller | null): void {
  if (contract.access === 'public') return;
  if (caller === null) throw httpErrors.unauthenticated();
  const kindAllowed = contract.kinds?.includes(caller.organisation.kind) ?? true;
  const permitted = contract.access === 'signed-in' || caller.permissions.has(contract.access);
  if (!kindAllowed || !permitted) throw httpErrors.forbidden({ permission: contract.access });
}
