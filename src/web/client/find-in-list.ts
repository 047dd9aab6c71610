import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { AnswerOf, RouteSchema } from '#platform/http/contract';
import { call } from './call.ts';
import { ProblemError } from './problem.ts';

type RowOf<R extends RouteSchema> =
  AnswerOf<R> extends { items: (infer Row extends { id: string })[] } ? Row : never;

/** One row of a list that has no route for a single one. Asks page by page; a row that is not there is a problem of status 404. */
export function useFoundInList<R extends RouteSchema>(route: R, id: string): UseQueryResult<RowOf<R>> {
  return useQuery({
    queryKey: [route.url, 'found', id],
    queryFn: async ({ signal }) => {
      let cursor: string | undefined;
      do {
        const answer = (await call<RouteSchema>(route, { query: { limit: 200, cursor } } as never, {
          signal,
        })) as {
          items: RowOf<R>[];
          nextCursor: string | null;
        };
        const row = answer.items.find((item) => (item as { id: string }).id === id);
        if (row !== undefined) return row;
        cursor = answer.nextCursor ?? undefined;
      } while (cursor !== undefined);
      throw new ProblemError({
        type: 'about:blank',
        title: '',
        status: 404,
        detail: '',
        instance: '',
        code: 'client.not_found',
      });
    },
  });
}
