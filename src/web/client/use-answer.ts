import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { AnswerOf, RouteSchema } from '#platform/http/contract';
import { call, type Input } from './call.ts';

/** The answer of a GET route, kept and shared by route, parameters and filters. */
export function useAnswer<R extends RouteSchema>(
  route: R,
  input: Input<R>,
  options: { readonly enabled?: boolean; readonly refetchMs?: number | false } = {},
): UseQueryResult<AnswerOf<R>> {
  const { params, query } = input as { params?: object; query?: object };
  return useQuery({
    queryKey: [route.url, params, query],
    queryFn: ({ signal }) => call(route, input, { signal }),
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchMs ?? false,
  });
}

/**
 * Calls a route that changes something, then asks anew for everything on screen. One press has one `Idempotency-Key`
 * where the route honours it.
 */
export function useAct(): <R extends RouteSchema>(route: R, input: Input<R>) => Promise<AnswerOf<R>> {
  const client = useQueryClient();
  return async (route, input) => {
    const answer = await call(
      route,
      input,
      route.idempotent === true ? { idempotencyKey: crypto.randomUUID() } : {},
    );
    await client.invalidateQueries();
    return answer;
  };
}
