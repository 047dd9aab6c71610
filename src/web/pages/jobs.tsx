import { jobsRoutes } from '#platform/jobs/contract';
import { m } from 'virtual:messages';
import { isActive, type Job } from '../client/jobs.ts';
import { pick } from '../client/language.ts';
import { useList } from '../client/list.ts';
import { oneOf } from '../client/search-params.ts';
import { useUrlState } from '../client/url-state.ts';
import { DataTable, type Column } from '../components/data-table.tsx';
import { Instant } from '../components/figures.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { JobState, jobStateLabel } from '../components/job-state.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Progress } from '../components/progress.tsx';
import { EmptyState } from '../components/states.tsx';

const states = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
const schema = { state: oneOf(...states), mine: oneOf('true') };

const columns = (): readonly Column<Job>[] => [
  { key: 'title', header: m.job_title(), isName: true, cell: (job) => pick(job.title) },
  { key: 'state', header: m.field_state(), cell: (job) => <JobState state={job.state} /> },
  {
    key: 'progress',
    header: m.job_progress(),
    priority: 2,
    cell: (job) =>
      isActive(job) ? (
        <Progress label={pick(job.title)} done={job.progress.done} total={job.progress.total} />
      ) : job.error === null ? (
        ''
      ) : (
        pick(job.error)
      ),
  },
  { key: 'created', header: m.job_created(), priority: 2, cell: (job) => <Instant at={job.createdAt} /> },
  { key: 'finished', header: m.job_finished(), priority: 3, cell: (job) => <Instant at={job.finishedAt} /> },
];

/** Long work: what waits, runs, ended, failed. */
export default function JobsPage() {
  const [search, setSearch] = useUrlState(schema);
  const list = useList(
    jobsRoutes.listJobs,
    { query: { state: search.state, mine: search.mine === undefined ? undefined : true } },
    { refetchMs: 5000 },
  );
  return (
    <div className="x-page">
      <PageHeader title={m.page_jobs()} lead={m.jobs_lead()} />
      <FilterBar
        values={search}
        onChange={setSearch}
        filters={[
          {
            kind: 'select',
            name: 'state',
            label: m.field_state(),
            options: states.map((state) => ({ value: state, label: jobStateLabel(state) })),
          },
          {
            kind: 'select',
            name: 'mine',
            label: m.jobs_whose(),
            options: [{ value: 'true', label: m.jobs_mine() }],
          },
        ]}
      />
      <DataTable
        caption={m.page_jobs()}
        columns={columns()}
        list={list}
        rowKey={(job) => job.id}
        rowTarget={(job) => ({ to: '/jobs/$id', params: { id: job.id } })}
        empty={
          <EmptyState icon="jobs" title={m.jobs_none()}>
            {m.jobs_none_text()}
          </EmptyState>
        }
      />
    </div>
  );
}
