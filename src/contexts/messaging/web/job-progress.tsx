import { useQuery } from '@tanstack/react-query';
import { m } from 'virtual:messages';
import { jobsRoutes } from '#platform/jobs/contract';
import { call, isActive, Notice, pick, Progress, useMay } from '#web/index';

const POLL_MS = 700;

/** How far a piece of work is and what it does now; only that it goes on where the person may not see jobs. */
export function JobProgress({ jobId, title }: { readonly jobId: string | null; readonly title: string }) {
  const mayRead = useMay('jobs.read');
  const { data: job } = useQuery({
    queryKey: [jobsRoutes.readJob.url, { id: jobId }, undefined],
    queryFn: ({ signal }) => call(jobsRoutes.readJob, { params: { id: jobId ?? '' } }, { signal }),
    enabled: jobId !== null && mayRead,
    refetchInterval: ({ state }) => (state.data === undefined || isActive(state.data) ? POLL_MS : false),
    retry: false,
  });
  if (job?.error) return <Notice tone="danger">{pick(job.error)}</Notice>;
  const note = job?.progress.note ?? null;
  return (
    <div className="x-card x-card--padded x-stack x-stack--tight">
      <p className="ms-lead">
        <strong>{title}</strong>{' '}
        <span className="x-muted" role="status">
          {note === null ? m.messaging_working() : pick(note)}
        </span>
      </p>
      <Progress label={title} done={job?.progress.done ?? 0} total={job?.progress.total ?? null} />
      <p className="x-muted ms-lead">{m.messaging_working_leave()}</p>
    </div>
  );
}
