import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { BodyOf } from '#platform/http/contract';
import { call } from '#web/index';
import type { PreviewAnswer } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';

export type PreviewRequest = BodyOf<typeof routes.previewText>;

/** The text as it would be sent, a moment after the last change; the one before stays on screen meanwhile. Null asks nothing. */
export function usePreview(request: PreviewRequest | null): UseQueryResult<PreviewAnswer> {
  const settled = useSettled(request === null ? '' : JSON.stringify(request), 250);
  return useQuery({
    queryKey: [routes.previewText.url, settled],
    queryFn: ({ signal }) =>
      call(routes.previewText, { body: JSON.parse(settled) as PreviewRequest }, { signal }),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** A value once it has not changed for a while; the first one at once. */
function useSettled(value: string, afterMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
}
