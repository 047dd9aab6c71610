import { useQuery } from '@tanstack/react-query';
import { signInOptionsRoutes } from '#platform/auth/sign-in-options-contract';
import type { AnswerOf } from '#platform/http/contract';
import { call } from './call.ts';

export type SignInOptions = AnswerOf<typeof signInOptionsRoutes.getSignInOptions>;

/** What the sign-in page may offer here; undefined until it is known. */
export function useSignInOptions(): SignInOptions | undefined {
  return useQuery({
    queryKey: [signInOptionsRoutes.getSignInOptions.url],
    queryFn: ({ signal }) => call(signInOptionsRoutes.getSignInOptions, {}, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
}
