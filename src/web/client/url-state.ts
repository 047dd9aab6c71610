import { useNavigate, useParams, useRouterState } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { parseSearch, readAddress, type SearchOf, type SearchSchema } from './search-params.ts';

export type SearchValues = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * The filters of a page as its address holds them, and how to change some of them (what is written is checked when it
 * is read). Changing a filter goes back to the
 * first page of a list (`cursor` is dropped); `replace` leaves no step in the history, for typing.
 */
export function useUrlState<S extends SearchSchema>(
  schema: S,
): readonly [SearchOf<S>, (change: SearchValues, options?: { replace?: boolean }) => void] {
  const address = useRouterState({ select: (state) => state.location.searchStr });
  const navigate = useNavigate();
  const values = useMemo(() => parseSearch(schema, readAddress(address)), [schema, address]);
  const change = useCallback(
    (next: SearchValues, options: { replace?: boolean } = {}) => {
      void navigate({
        to: '.',
        search: (previous: Record<string, unknown>) => ({ ...previous, cursor: undefined, ...next }),
        replace: options.replace ?? false,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [values, change];
}

/** A part of the path that the page names with `$`: `usePathValue('ubn')` on `/operators/$ubn`; empty where there is none. */
export function usePathValue(name: string): string {
  const values: Readonly<Record<string, string | undefined>> = useParams({ strict: false });
  return values[name] ?? '';
}
