import { m } from 'virtual:messages';
import type { Job } from '../client/jobs.ts';
import { StatusBadge, type Tone } from './status-badge.tsx';

const states: Readonly<Record<string, { readonly tone: Tone; readonly label: () => string }>> = {
  waiting: { tone: 'neutral', label: () => m.job_waiting() },
  running: { tone: 'info', label: () => m.job_running() },
  done: { tone: 'success', label: () => m.job_done() },
  failed: { tone: 'danger', label: () => m.job_failed() },
  cancelled: { tone: 'warning', label: () => m.job_cancelled() },
};

/** The state of a job in a word. */
export function jobStateLabel(state: Job['state']): string {
  return states[state]?.label() ?? state;
}

/** The state of a job as mark and word. */
export function JobState({ state }: { readonly state: Job['state'] }) {
  return (
    <StatusBadge
      tone={states[state]?.tone ?? 'neutral'}
      label={jobStateLabel(state)}
      {...(state === 'running' && { icon: 'refresh' as const })}
    />
  );
}
