import type { AnswerOf, BodyOf, ParamsOf, Problem, QueryOf, RouteSchema } from '#platform/http/contract';
import { ProblemError, problemOf } from './problem.ts';
import { language } from './language.ts';
import { plainText } from './search-params.ts';

type Part<K extends string, T> = keyof T extends never
  ? { readonly [P in K]?: never }
  : Partial<T> extends T
    ? { readonly [P in K]?: Given<T> }
    : { readonly [P in K]: Given<T> };
/** Filters that are not set may be passed as undefined; they are not sent. */
type Given<T> = { readonly [P in keyof T]: T[P] | (undefined extends T[P] ? undefined : never) };
type Body<R extends RouteSchema> =
  BodyOf<R> extends undefined ? { readonly body?: FormData } : { readonly body: BodyOf<R> };

/** What a route takes, as its contract says. */
export type Input<R extends RouteSchema> = Part<'params', ParamsOf<R>> & Part<'query', QueryOf<R>> & Body<R>;

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Sent where the route honours it; the same key for the same press of a button. */
  readonly idempotencyKey?: string;
}

/** The address of a route with its parameters and filters filled in. */
export function addressOf(
  route: RouteSchema,
  input: { params?: object | undefined; query?: object | undefined } = {},
): string {
  const params = (input.params ?? {}) as Record<string, unknown>;
  const path = route.url.replace(/(?<=\/):(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries((input.query ?? {}) as Record<string, unknown>)) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const written = plainText(one);
      if (written !== null && written !== '') query.append(name, written);
    }
  }
  const search = query.toString();
  return search === '' ? path : `${path}?${search}`;
}

/** Calls a route of the public API as its contract types it. Throws `ProblemError` for anything but success. */
export async function call<R extends RouteSchema>(
  route: R,
  input: Input<R>,
  options: CallOptions = {},
): Promise<AnswerOf<R>> {
  const { params, query, body } = input as { params?: object; query?: object; body?: unknown };
  const isForm = body instanceof FormData;
  let response: Response;
  try {
    response = await fetch(addressOf(route, { params, query }), {
      method: route.method,
      credentials: 'same-origin',
      headers: {
        accept: route.produces ?? 'application/json',
        'accept-language': language(),
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
        ...(options.idempotencyKey !== undefined && { 'idempotency-key': options.idempotencyKey }),
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      ...(options.signal && { signal: options.signal }),
    });
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause;
    throw ProblemError.unreachable(cause);
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as AnswerOf<R>;
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return (isJson ? await response.json() : await response.text()) as AnswerOf<R>;
}

export type { Problem };
