import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { authRoutes } from '#platform/auth/contract';
import type { AnswerOf } from '#platform/http/contract';
import { call } from './call.ts';

/** Who calls, as the server sees it. */
export type Me = AnswerOf<typeof authRoutes.getMe>;

export const meKey = [authRoutes.getMe.url];

/** Who is signed in; an error of status 401 where nobody is. */
export function useMe(): UseQueryResult<Me> {
  return useQuery({
    queryKey: meKey,
    queryFn: ({ signal }) => call(authRoutes.getMe, {}, { signal }),
    staleTime: 60_000,
  });
}
