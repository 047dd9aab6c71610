import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useRef } from 'react';
import type { AnswerOf, RouteSchema } from '#platform/http/contract';
import { call, type Input } from './call.ts';
import { readAddress } from './search-params.ts';

/** A page of a list, and the way to its neighbours. The cursor stands in the address. */
export interface List<Row> {
  readonly rows: readonly Row[] | undefined;
  readonly error: Error | null;
  /** True while the rows shown belong to the filters before. */
  readonly isStale: boolean;
  readonly page: number;
  readonly next: (() => void) | null;
  readonly previous: (() => void) | null;
  readonly reload: () => void;
}

type RowOf<R extends RouteSchema> = AnswerOf<R> extends { items: (infer Row)[] } ? Row : never;

/** Reads a list by its route. `cursorName` parts two lists on one page. */
export function useList<R extends RouteSchema>(
  route: R,
  input: Input<R>,
  options: {
    readonly cursorName?: string;
    readonly refetchMs?: number | false;
    readonly enabled?: boolean;
  } = {},
): List<RowOf<R>> {
  const name = options.cursorName ?? 'cursor';
  const cursor = useRouterState({ select: (state) => readAddress(state.location.searchStr)[name] });
  const navigate = useNavigate();
  const trail = useRef<(string | undefined)[]>([]);
  const query = { ...(input as { query?: object }).query, cursor };
  const key = JSON.stringify((input as { query?: object }).query ?? {});
  const lastKey = useRef(key);
  if (lastKey.current !== key) {
    lastKey.current = key;
    trail.current = [];
  }
  const result = useQuery({
    queryKey: [route.url, (input as { params?: object }).params, query],
    queryFn: ({ signal }) =>
      call<RouteSchema>(route, { ...(input as object), query } as never, { signal }) as Promise<Answer>,
    placeholderData: keepPreviousData,
    refetchInterval: options.refetchMs ?? false,
    enabled: options.enabled ?? true,
  });
  interface Answer {
    items: RowOf<R>[];
    nextCursor?: string | null;
  }
  const go = (target: string | undefined): void => {
    void navigate({ to: '.', search: (now: Record<string, unknown>) => ({ ...now, [name]: target }) });
  };
  const nextCursor = result.data?.nextCursor ?? null;
  return {
    rows: result.data?.items,
    error: result.error,
    isStale: result.isPlaceholderData,
    page: cursor === undefined ? 1 : trail.current.length + 1,
    next:
      nextCursor === null
        ? null
        : () => {
            trail.current.push(cursor);
            go(nextCursor);
          },
    previous: cursor === undefined ? null : () => go(trail.current.pop()),
    reload: () => void result.refetch(),
  };
}
