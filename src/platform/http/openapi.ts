import type { FastifySchema } from 'fastify';
import Type from 'typebox';
import { problemSchema, type RouteSchema } from './contract.ts';

/** The part of an OpenAPI document that is completed here. */
interface Operation {
  parameters?: { in: string; name: string }[];
  responses?: Record<string, unknown>;
}
type PathItem = Record<string, Operation>;
interface Document {
  openapi?: string;
  paths?: Record<string, PathItem | undefined>;
  components?: { schemas?: Record<string, unknown>; responses?: Record<string, unknown> };
}

const idempotencyKey = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        '同一鍵與同一內容只執行一次，24 小時內回覆相同結果。The same key and content run once in 24 hours.',
    }),
  ),
});
const upload = Type.Object({ file: Type.Unsafe({ type: 'string', format: 'binary' }) });
const bytes = Type.Unsafe({ type: 'string', format: 'binary' });

/** What the document says of a route beyond its own schema: header, upload, answers that are not JSON. */
export function describeRoute(
  schema: FastifySchema | undefined,
  contract: RouteSchema | undefined,
): FastifySchema {
  if (contract === undefined) return { ...schema, hide: true };
  const status = Object.keys(contract.response)[0] ?? '200';
  return {
    ...schema,
    ...((contract.idempotent ?? false) !== false && { headers: idempotencyKey }),
    ...(contract.consumes !== undefined && { body: upload }),
    ...(contract.produces !== undefined && {
      response: { [status]: { description: 'Content', content: { [contract.produces]: { schema: bytes } } } },
    }),
  };
}

/** Gives every operation its refusals, and joins paths that differ in the names of their parameters alone (OpenAPI 3.1, 4.8.8). */
export function completeOpenApi<D>(document: D): D {
  const { paths = {}, components = {} } = document as Document;
  components.schemas = { ...components.schemas, Problem: problemSchema };
  components.responses = {
    ...components.responses,
    Problem: {
      description: 'RFC 9457 problem; codes: /docs/errors',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  };
  const joined: Record<string, PathItem> = {};
  const firstOf = new Map<string, string>();
  for (const [path, item = {}] of Object.entries(paths)) {
    const shape = path.replace(/\{\w+\}/g, '{}');
    const first = firstOf.get(shape) ?? path;
    firstOf.set(shape, first);
    for (const operation of Object.values(item)) {
      rename(operation, namesIn(path), namesIn(first));
      operation.responses = { ...operation.responses, '4XX': { $ref: '#/components/responses/Problem' } };
    }
    joined[first] = { ...joined[first], ...item };
  }
  return { ...document, paths: joined, components };
}

const namesIn = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

function rename(operation: Operation, from: readonly string[], to: readonly string[]): void {
  for (const parameter of operation.parameters ?? []) {
    const place = parameter.in === 'path' ? from.indexOf(parameter.name) : -1;
    parameter.name = to[place] ?? parameter.name;
  }
}
