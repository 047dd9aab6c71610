import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { call } from '#web/index';
import { routes, type RunDetail, type RunRow } from '../contract.ts';

/** While a run or import is at work its state is asked for this often. */
export const POLL_MS = 1500;

/** A run by id, or the newest finished one; asked for again while it runs. */
export function useRun(id: string | undefined): UseQueryResult<RunDetail> {
  return useQuery({
    queryKey: [routes.getRun.url, { id: id ?? 'latest' }, undefined],
    queryFn: ({ signal }) => call(routes.getRun, { params: { id: id ?? 'latest' } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? POLL_MS : false),
    placeholderData: keepPreviousData,
  });
}

/** The newest runs, for a selector. */
export function useRuns(): readonly RunRow[] {
  const runs = useQuery({
    queryKey: [routes.listRuns.url, 'newest'],
    queryFn: ({ signal }) => call(routes.listRuns, { query: { limit: 100 } }, { signal }),
  });
  return runs.data?.items ?? [];
}
