import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { PageHeader } from '../components/page-header.tsx';
import { ErrorState } from '../components/states.tsx';

/** A page that could not be drawn: what happened, and to try again. */
export function FailedPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = (): void => {
    reset();
    void router.invalidate();
  };
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.failed_title()} />
      <div className="x-card">
        <ErrorState error={error as Error} retry={retry} />
      </div>
    </div>
  );
}
