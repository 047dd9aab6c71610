import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { AnswerOf } from '#platform/http/contract';
import { jobsRoutes } from '#platform/jobs/contract';
import { call } from './call.ts';

export type Job = AnswerOf<typeof jobsRoutes.readJob>;

/** Key of the person's own newest jobs. */
const key = [jobsRoutes.listJobs.url, 'mine'];
/** Where the stream cannot be held open, the list is asked for this often. */
const POLL_MS = 4000;

/**
 * The person's newest jobs, kept up to date by the server's stream; where that fails, by asking. `onEnd` is called for
 * each job that ends while this is in use.
 */
export function useOwnJobs(onEnd?: (job: Job) => void): readonly Job[] {
  const client = useQueryClient();
  const [isStreaming, setStreaming] = useState(false);
  const jobs = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) =>
      (await call(jobsRoutes.listJobs, { query: { mine: true, limit: 10 } }, { signal })).items,
    refetchInterval: ({ state }) => (!isStreaming && (state.data ?? []).some(isActive) ? POLL_MS : false),
  });
  useEffect(() => {
    const stream = new EventSource(jobsRoutes.watchJobs.url);
    stream.addEventListener('open', () => setStreaming(true));
    stream.addEventListener('error', () => setStreaming(false));
    stream.addEventListener('job', (event: MessageEvent<string>) => {
      const job = JSON.parse(event.data) as Job;
      const known = client.getQueryData<readonly Job[]>(key) ?? [];
      const before = known.find(({ id }) => id === job.id);
      client.setQueryData<readonly Job[]>(
        key,
        [job, ...known.filter(({ id }) => id !== job.id)].slice(0, 10),
      );
      if (!isActive(job) && (before === undefined || isActive(before))) onEnd?.(job);
    });
    return () => stream.close();
  }, [client, onEnd]);
  return jobs.data ?? [];
}

/** Whether a job still waits or runs. */
export function isActive(job: Job): boolean {
  return job.state === 'waiting' || job.state === 'running';
}
