import { Button } from '@mantine/core';
import { useState } from 'react';
import { jobsRoutes } from '#platform/jobs/contract';
import { m } from 'virtual:messages';
import { usePathValue } from '../client/url-state.ts';
import { useMay, useSignedIn } from '../app/viewer.tsx';
import { isActive, type Job } from '../client/jobs.ts';
import { pick } from '../client/language.ts';
import { useAct, useAnswer } from '../client/use-answer.ts';
import { CodeBlock } from '../components/copy-button.tsx';
import { Instant } from '../components/figures.tsx';
import { JobState } from '../components/job-state.tsx';
import { PageHeader, Section } from '../components/page-header.tsx';
import { Progress } from '../components/progress.tsx';
import { ErrorState, Loading, Notice, problemText } from '../components/states.tsx';
import { SummaryList } from '../components/summary-list.tsx';

/** One piece of long work: how far, what came of it, cancel and retry. */
export default function JobPage() {
  const id = usePathValue('id');
  const answer = useAnswer(jobsRoutes.readJob, { params: { id } }, { refetchMs: 2500 });
  const back = { label: m.page_jobs(), to: '/jobs' };
  if (answer.data === undefined) {
    return (
      <div className="x-page x-page--narrow">
        <PageHeader title={m.page_job()} back={back} />
        {answer.error === null ? (
          <Loading />
        ) : (
          <ErrorState error={answer.error} retry={() => void answer.refetch()} />
        )}
      </div>
    );
  }
  const job = answer.data;
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={pick(job.title)} back={back} actions={<JobActs job={job} />} />
      {job.error === null ? null : (
        <Notice tone="danger" title={pick(job.error)}>
          <code className="x-code">{job.error.code}</code>
        </Notice>
      )}
      {isActive(job) ? (
        <Progress label={pick(job.title)} done={job.progress.done} total={job.progress.total} />
      ) : null}
      <SummaryList
        items={[
          { label: m.field_state(), value: <JobState state={job.state} /> },
          ...(job.progress.note === null
            ? []
            : [{ label: m.job_progress(), value: pick(job.progress.note) }]),
          { label: m.job_created(), value: <Instant at={job.createdAt} /> },
          { label: m.job_started(), value: <Instant at={job.startedAt} /> },
          { label: m.job_finished(), value: <Instant at={job.finishedAt} /> },
          {
            label: m.job_attempts(),
            value: m.job_attempts_of({ done: job.attempts, most: job.maxAttempts }),
          },
          { label: m.job_started_by(), value: <code className="x-code">{job.startedBy}</code> },
          { label: m.field_id(), value: <code className="x-code">{job.id}</code> },
        ]}
      />
      {job.result === null || job.result === undefined ? null : (
        <Section title={m.job_result()}>
          <CodeBlock label="JSON" text={JSON.stringify(job.result, null, 2)} />
        </Section>
      )}
    </div>
  );
}

function JobActs({ job }: { readonly job: Job }) {
  const act = useAct();
  const viewer = useSignedIn();
  const mayManage = useMay('jobs.manage');
  const [problem, setProblem] = useState<string | null>(null);
  if (!mayManage && job.startedBy !== viewer.person?.id) return null;
  const press = (route: typeof jobsRoutes.cancelJob | typeof jobsRoutes.retryJob) => async () => {
    setProblem(null);
    await act(route, { params: { id: job.id } }).catch((error: unknown) =>
      setProblem(problemText(error as Error)),
    );
  };
  return (
    <>
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      {isActive(job) ? (
        <Button
          variant="default"
          disabled={job.cancelRequested}
          onClick={() => void press(jobsRoutes.cancelJob)()}
        >
          {job.cancelRequested ? m.job_cancel_asked() : m.job_cancel()}
        </Button>
      ) : null}
      {job.state === 'failed' || job.state === 'cancelled' ? (
        <Button onClick={() => void press(jobsRoutes.retryJob)()}>{m.job_retry()}</Button>
      ) : null}
    </>
  );
}
