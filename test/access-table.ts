import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FastifyInstance } from 'fastify';
import {
  kindPermissions,
  organisationKinds,
  sharedPermissions,
  type OrganisationKind,
} from '#platform/access';
import type { RouteSchema } from '#platform/http/contract';

/** What a route is to a caller: open to all, all rows, rows of the own organisation, or refused. */
export type Reach = 'open' | 'all' | 'own' | '–';

export const callers = ['anonymous', ...organisationKinds] as const;
export type CallerKind = (typeof callers)[number];

/** Every route of every `contract.ts` below `src`, by method and path. */
export async function allContracts(): Promise<RouteSchema[]> {
  const found = new Map<string, RouteSchema>();
  for (const file of globSync('src/**/*contract.ts')) {
    const module = (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>;
    for (const value of Object.values(module)) {
      if (typeof value !== 'object' || value === null) continue;
      for (const route of Object.values(value as Record<string, unknown>)) {
        if (isRoute(route)) found.set(`${route.url} ${route.method}`, route);
      }
    }
  }
  return [...found.keys()].sort().map((key) => found.get(key) as RouteSchema);
}

function isRoute(value: unknown): value is RouteSchema {
  const route = value as Partial<RouteSchema> | null;
  return typeof route === 'object' && typeof route?.url === 'string' && typeof route.access === 'string';
}

/** The contracts that the app serves. */
export function served(app: FastifyInstance, contracts: readonly RouteSchema[]): RouteSchema[] {
  return contracts.filter(({ method, url }) => app.hasRoute({ method, url }));
}

/** What the rules of `access.ts` give a kind of organisation at most, whatever the roles of its people. */
export function reachOf(contract: RouteSchema, caller: CallerKind): Reach {
  const { access, kinds } = contract;
  if (access === 'public') return 'open';
  if (caller === 'anonymous') return '–';
  const kind: OrganisationKind = caller;
  if (kinds !== undefined && !kinds.includes(kind)) return '–';
  if (access === 'signed-in') return 'own';
  if (!kindPermissions[kind].includes(access)) return '–';
  return sharedPermissions.has(access) ? 'all' : 'own';
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The written table, as docs/access.md holds it. */
export function describeAccess(contracts: readonly RouteSchema[]): string {
  const head = ['route', 'permission', ...callers];
  const rows = contracts.map((contract) => [
    `${contract.method} ${contract.url}`,
    contract.access,
    ...callers.map((caller) => reachOf(contract, caller)),
  ]);
  return [
    '# Who may call what',
    '',
    'At most, whatever the roles of the people or keys of an organisation; roles narrow it further (`src/platform/access.ts`).',
    '`open`: without sign-in · `all`: rows of every organisation · `own`: rows of the own organisation alone · `–`: refused with 401 or 403.',
    '`test/access.test.ts` calls every route as each of these callers and compares. `XINLAI_WRITE=1 node scripts/test.ts test/access.test.ts` writes this page anew.',
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
  ].join('\n');
}

/** Calls a route with made-up parameters and an empty body; true where the caller was let in, whatever came after. */
export async function isLetIn(
  app: FastifyInstance,
  contract: RouteSchema,
  key: string | null,
): Promise<boolean> {
  const hasBody = contract.method !== 'GET' && contract.method !== 'DELETE';
  const response = await app.inject({
    method: contract.method,
    url: contract.url.replaceAll(/:\w+/g, 'unknown'),
    headers: {
      ...(key !== null && { authorization: `Bearer ${key}` }),
      ...(hasBody && { 'content-type': contract.consumes ?? 'application/json' }),
    },
    ...(hasBody && contract.consumes === undefined && { payload: '{}' }),
    // A stream of events never ends; its status is enough.
    payloadAsStream: true,
  });
  const stream = response.stream();
  if (response.statusCode !== 401 && response.statusCode !== 403) {
    stream.destroy();
    return true;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  const { code } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { code: string };
  return code !== 'http.unauthenticated' && code !== 'http.forbidden';
}
