import { Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { m } from 'virtual:messages';
import { isActive, useOwnJobs, type Job } from '../client/jobs.ts';
import { pick } from '../client/language.ts';
import { Icon } from '../components/icon.tsx';
import { Progress } from '../components/progress.tsx';
import { jobStateLabel } from '../components/job-state.tsx';
import { useMay } from './viewer.tsx';

/** Long work of the person: how many run, how far each is, and a word aloud when one ends. */
export function JobTray() {
  return useMay('jobs.read') ? <Tray /> : null;
}

function Tray() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [said, setSaid] = useState('');
  const onEnd = useCallback(
    (job: Job) => {
      setSaid(m.jobs_ended({ title: pick(job.title), state: jobStateLabel(job.state) }));
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== 'mine' });
    },
    [client],
  );
  const jobs = useOwnJobs(onEnd);
  const running = jobs.filter(isActive);
  const shown = [...running, ...jobs.filter((job) => !isActive(job))].slice(0, 6);
  return (
    <>
      <Menu position="bottom-end" width={340}>
        <Menu.Target>
          <button
            type="button"
            className="x-bar__button"
            aria-label={m.jobs_tray({ count: running.length })}
            data-busy={running.length > 0}
          >
            <Icon name="jobs" size={18} />
            {running.length > 0 ? <span className="x-bar__count">{running.length}</span> : null}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{m.page_jobs()}</Menu.Label>
          {shown.length === 0 ? <p className="x-tray__empty">{m.jobs_none_short()}</p> : null}
          {shown.map((job) => (
            <Menu.Item
              key={job.id}
              onClick={() => void navigate({ to: '/jobs/$id', params: { id: job.id } })}
            >
              <TrayRow job={job} />
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => void navigate({ to: '/jobs' })}>{m.jobs_all()}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <span className="x-hidden" role="status">
        {said}
      </span>
    </>
  );
}

function TrayRow({ job }: { readonly job: Job }) {
  return (
    <span className="x-tray__row">
      <span>{pick(job.title)}</span>
      {isActive(job) ? (
        <Progress label={pick(job.title)} done={job.progress.done} total={job.progress.total} />
      ) : (
        <span className="x-muted">{jobStateLabel(job.state)}</span>
      )}
    </span>
  );
}
