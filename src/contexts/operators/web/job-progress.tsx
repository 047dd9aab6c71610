import { useQuery } from '@tanstack/react-query';
import { m } from 'virtual:messages';
import { jobsRoutes } from '#platform/jobs/contract';
import { AppLink, call, isActive, Notice, pick, Progress } from '#web/index';
import { POLL_MS } from './run-data.ts';

/** How far a job is, what it does now, and why it failed. `children` says what is being done. */
export function JobProgress({ jobId, title }: { readonly jobId: string; readonly title: string }) {
  const { data: job } = useQuery({
    queryKey: [jobsRoutes.readJob.url, { id: jobId }, undefined],
    queryFn: ({ signal }) => call(jobsRoutes.readJob, { params: { id: jobId } }, { signal }),
    refetchInterval: ({ state }) => (state.data === undefined || isActive(state.data) ? POLL_MS : false),
    retry: false,
  });
  if (job?.error) {
    return (
      <Notice tone="danger" title={title}>
        <p>{pick(job.error)}</p>
        <AppLink to="/jobs/$id" params={{ id: jobId }}>
          {m.operators_job_open()}
        </AppLink>
      </Notice>
    );
  }
  const note = job?.progress.note ?? null;
  return (
    <div className="x-card x-card--padded op-working" aria-busy="true">
      <p className="op-working__title">
        <strong>{title}</strong>
        <span className="x-muted" role="status">
          {note === null ? m.operators_working() : pick(note)}
        </span>
      </p>
      <Progress label={title} done={job?.progress.done ?? 0} total={job?.progress.total ?? null} />
      <p className="x-muted">{m.operators_working_leave()}</p>
    </div>
  );
}
