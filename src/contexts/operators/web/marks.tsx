import { StatusBadge } from '#web/index';
import { m } from 'virtual:messages';
import { findingStateWord, registrationWord, severityWord, statusWord } from './words.ts';

export function SeverityMark({ severity }: { readonly severity: string }) {
  const { label, tone } = severityWord(severity);
  return <StatusBadge tone={tone} label={label} />;
}

export function FindingStateMark({ state }: { readonly state: string }) {
  const { label, tone } = findingStateWord(state);
  return <StatusBadge tone={tone} label={label} />;
}

/** Whether a firm operates; a dash where it was no candidate of the run. */
export function StatusMark({ status }: { readonly status: string | null }) {
  if (status === null) return <StatusBadge tone="neutral" label={m.operators_status_none()} />;
  const { label, tone } = statusWord(status);
  return (
    <StatusBadge
      tone={tone}
      label={label}
      icon={status === 'operating' ? 'play' : status === 'unclear' ? 'alert' : 'pause'}
    />
  );
}

export function RegistrationMark({ registration }: { readonly registration: string }) {
  const { label, tone } = registrationWord(registration);
  return <StatusBadge tone={tone} label={label} />;
}

/** A score of 0..100 as a number and a bar; the bar repeats the number. */
export function ScoreBar({ score }: { readonly score: number }) {
  return (
    <span className="op-score">
      <span className="op-score__number x-numbers">{score.toFixed(1)}</span>
      <span className="op-score__track" aria-hidden="true">
        <span style={{ width: `${Math.max(0, Math.min(100, score))}%` }} />
      </span>
    </span>
  );
}
