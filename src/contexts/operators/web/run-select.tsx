import { useId } from 'react';
import { count, dayShort, instantShort } from '#web/index';
import { m } from 'virtual:messages';
import type { RunRow } from '../contract.ts';

/** Which run is looked at, by the select of the system. */
export function RunSelect({
  label,
  runs,
  value,
  onChange,
  onlyDone = false,
}: {
  readonly label: string;
  readonly runs: readonly RunRow[];
  readonly value: string | undefined;
  readonly onChange: (id: string) => void;
  readonly onlyDone?: boolean;
}) {
  const id = useId();
  const shown = onlyDone ? runs.filter(({ state }) => state === 'done') : runs;
  const known = value === undefined || shown.some((run) => run.id === value);
  return (
    <div className="x-filter op-runselect">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="x-input x-input--select"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value)}
      >
        {known ? null : <option value={value}>{value}</option>}
        {value === undefined ? <option value="">{m.operators_choose()}</option> : null}
        {shown.map((run) => (
          <option key={run.id} value={run.id}>
            {m.operators_run_option({ day: dayShort(run.asOf), at: instantShort(run.startedAt) })}
            {run.state === 'done'
              ? m.operators_run_option_done({
                  operating: count(run.operating),
                  findings: count(run.findings),
                })
              : ''}
            {run.state === 'running' ? m.operators_run_option_running() : ''}
            {run.state === 'failed' ? m.operators_run_option_failed() : ''}
          </option>
        ))}
      </select>
    </div>
  );
}
