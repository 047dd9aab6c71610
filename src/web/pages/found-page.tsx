import { usePathValue } from '../client/url-state.ts';
import type { ReactNode } from 'react';
import type { AnswerOf, RouteSchema } from '#platform/http/contract';
import { useFoundInList } from '../client/find-in-list.ts';
import { PageHeader, type Crumb } from '../components/page-header.tsx';
import { ErrorState, Loading } from '../components/states.tsx';

type RowOf<R extends RouteSchema> =
  AnswerOf<R> extends { items: (infer Row extends { id: string })[] } ? Row : never;

/** A page about the row of a list that `$id` of its address names. */
export function FoundPage<R extends RouteSchema>({
  route,
  title,
  back,
  children,
}: {
  readonly route: R;
  readonly title: string;
  readonly back: Crumb;
  readonly children: (row: RowOf<R>) => ReactNode;
}) {
  const id = usePathValue('id');
  const { data, error, refetch } = useFoundInList(route, id);
  if (data !== undefined) return children(data);
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={title} back={back} />
      {error === null ? <Loading /> : <ErrorState error={error} retry={() => void refetch()} />}
    </div>
  );
}
