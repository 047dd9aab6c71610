import { m } from 'virtual:messages';
import { ButtonLink, EmptyState, ErrorState, ProblemError, useMay } from '#web/index';

/** Nothing has been run yet: says what to do first. Anything else is an error as it came. */
export function NoRun({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const mayImport = useMay('operators.import');
  if (!(error instanceof ProblemError) || error.code !== 'operators.no_run_yet')
    return <ErrorState error={error} retry={retry} />;
  return (
    <div className="x-card">
      <EmptyState
        icon="funnel"
        title={m.operators_no_run()}
        {...(mayImport && {
          action: (
            <ButtonLink to="/imports/new" kind="primary">
              {m.operators_import_start()}
            </ButtonLink>
          ),
        })}
      >
        {m.operators_no_run_text()}
      </EmptyState>
    </div>
  );
}
