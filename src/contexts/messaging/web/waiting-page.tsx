import { ErrorState, Loading, PageHeader, type Crumb } from '#web/index';

/** A page whose one answer is not there yet, or does not come. */
export function WaitingPage({
  title,
  back,
  answer,
}: {
  readonly title: string;
  readonly back: Crumb;
  readonly answer: { readonly error: Error | null; readonly refetch: () => unknown };
}) {
  return (
    <div className="x-page">
      <PageHeader title={title} back={back} />
      {answer.error === null ? (
        <Loading rows={7} />
      ) : (
        <ErrorState error={answer.error} retry={() => void answer.refetch()} />
      )}
    </div>
  );
}
