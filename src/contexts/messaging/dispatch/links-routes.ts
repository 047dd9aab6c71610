/** Route → use case: links to telecoms. */
import type { FastifyInstance } from 'fastify';
import { registerRoutes } from '#platform/http/routes';
import { linkRoutes } from './links-contract.ts';
import { changeLink, createLink, getLink, listLinks, testLink, type LinksDeps } from './links.ts';

export function registerLinkRoutes(app: FastifyInstance, deps: LinksDeps): void {
  registerRoutes(app, linkRoutes, {
    listLinks: async ({ caller }) => ({ items: await listLinks(deps, caller.space) }),
    createLink: ({ body, caller, request }) => createLink(deps, caller, body, request.id),
    getLink: ({ params, caller }) => getLink(deps, caller.space, params.id),
    changeLink: ({ params, body, caller, request }) => changeLink(deps, caller, params.id, body, request.id),
    testLink: ({ params, caller, request }) => testLink(deps, caller, params.id, request.id),
  });
}
