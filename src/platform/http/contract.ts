import Type, { type Static, type TObject, type TSchema } from 'typebox';
import type { OrganisationKind, Permission } from '../access.ts';

/** Who may call a route: anyone, anyone signed in, or callers with a permission. Browser-safe: no Node import here. */
export type Access = 'public' | 'signed-in' | Permission;

export interface RouteSchema {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with `:parameters`, beginning `/api/v1/`. */
  readonly url: string;
  readonly access: Access;
  /** Kinds of organisation that may call it where the permission alone would allow more. */
  readonly kinds?: readonly OrganisationKind[];
  /** First line of the reference, zh-TW and English. */
  readonly summary: { readonly zh: string; readonly en: string };
  readonly description?: { readonly zh: string; readonly en: string };
  readonly tag: string;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TSchema;
  /** Set where the body is not JSON (an upload); the route reads the stream itself. */
  readonly consumes?: string;
  /** The answer of success, by status. Columns that are not listed are not sent. */
  readonly response: { readonly [status: number]: TSchema };
  /** Set where the answer is not JSON. */
  readonly produces?: string;
  /**
   * True where an `Idempotency-Key` header is honoured (POSTs that cost something or tell someone); `by-route` where the
   * route keeps the keys itself, in the transaction that does the work.
   */
  readonly idempotent?: boolean | 'by-route';
  /** Longest JSON body, in bytes; 1 MiB unless said. */
  readonly bodyLimitBytes?: number;
  /** Requests a minute for one caller or address; default 600, public routes 120. */
  readonly limitPerMinute?: number;
}

/** Names the routes of a context; the same object registers, validates, documents and types both ends. */
export function defineRoutes<const R extends Record<string, RouteSchema>>(routes: R): R {
  return routes;
}

export type ParamsOf<R extends RouteSchema> = R extends { params: infer P extends TSchema }
  ? Static<P>
  : Record<never, never>;
export type QueryOf<R extends RouteSchema> = R extends { query: infer Q extends TSchema }
  ? Static<Q>
  : Record<never, never>;
export type BodyOf<R extends RouteSchema> = R extends { body: infer B extends TSchema }
  ? Static<B>
  : undefined;
export type AnswerOf<R extends RouteSchema> = R['response'] extends { readonly [status: number]: infer S }
  ? S extends TSchema
    ? Static<S>
    : never
  : never;

/** Query of a list: how many at most, and the opaque cursor of the page before. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'rows at most (50)' })),
  cursor: Type.Optional(Type.String({ maxLength: 400, description: 'nextCursor of the page before' })),
};

/** A page of a list. `nextCursor` is null on the last page. */
export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) });

/** A value or null. */
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** RFC 9457. `code` is stable, `errors` point into the input, `instance` is the request id. */
export const problemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  instance: Type.String(),
  code: Type.String(),
  errors: Type.Optional(
    Type.Array(Type.Object({ pointer: Type.String(), code: Type.String(), message: Type.String() })),
  ),
});
export type Problem = Static<typeof problemSchema>;
