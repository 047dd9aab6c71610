import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { permissionsOf, type Caller, type OrganisationKind, type Role } from '#platform/access';
import { createHttp, type HttpOptions } from '#platform/http/server';
import { createLog } from '#platform/log';

/** A caller for tests: an organisation of a kind, and what its people may do. */
export function testCaller(
  organisationId: string,
  kind: OrganisationKind,
  roles: readonly Role[],
  more: Partial<Caller> = {},
): Caller {
  return {
    by: 'person',
    actorId: `usr_of_${organisationId}`,
    organisation: { id: organisationId, kind, ubn: null },
    roles,
    permissions: permissionsOf(kind, roles),
    space: 'test',
    ...more,
  };
}

/** The real HTTP layer, where the header `x-test-caller` names who calls. */
export function testHttp(
  callers: Readonly<Record<string, Caller>>,
  options: Partial<HttpOptions> = {},
): Promise<FastifyInstance> {
  return createHttp({
    log: createLog('silent'),
    version: '0.0.0',
    trustedProxies: [],
    identify: (request) => Promise.resolve(callers[String(request.headers['x-test-caller'])] ?? null),
    ...options,
  });
}

/** Listens on a free port of loopback; answers the base address. */
export async function listen(app: FastifyInstance): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  if (!app.server.listening) await once(app.server, 'listening');
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}
