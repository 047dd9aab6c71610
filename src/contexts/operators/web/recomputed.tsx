import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { m } from 'virtual:messages';
import { AppLink, count, Loading, Notice, pick, useAnswer } from '#web/index';
import { routes, type RunDetail } from '../contract.ts';
import { JobProgress } from './job-progress.tsx';
import { useRun } from './run-data.ts';

/** Differences told in full; the rest stands on the page of the comparison. */
const TOLD = 5;

/**
 * After a judgement or a change of weights: how far the new run is, and, when it is done, which findings and states
 * differ from the run before. `run` and `before` come from the address, so that a reload keeps them.
 */
export function Recomputed({
  run,
  before,
}: {
  readonly run?: string | undefined;
  readonly before?: string | undefined;
}) {
  return run === undefined ? null : <Watch key={run} id={run} before={before} />;
}

function Watch({ id, before }: { readonly id: string; readonly before: string | undefined }) {
  const client = useQueryClient();
  const run = useRun(id);
  const state = run.data?.id === id ? run.data.state : undefined;
  const last = useRef(state);
  useEffect(() => {
    // Lists on this page were read from the run before.
    if (last.current === 'running' && state === 'done') void client.invalidateQueries();
    last.current = state;
  }, [state, client]);
  if (run.data === undefined || state === undefined) return run.error === null ? <Loading rows={1} /> : null;
  if (state === 'done') return before === undefined ? null : <Differences run={run.data} before={before} />;
  const title = state === 'failed' ? m.operators_run_failed() : m.operators_recomputing();
  return run.data.jobId === null ? (
    <Notice>{title}</Notice>
  ) : (
    <JobProgress jobId={run.data.jobId} title={title} />
  );
}

function Differences({ run, before }: { readonly run: RunDetail; readonly before: string | undefined }) {
  const isOther = before !== undefined && before !== run.id;
  const compared = useAnswer(
    routes.compareRuns,
    { params: { id: before ?? run.id, other: run.id } },
    { enabled: isOther },
  );
  const findings = compared.data?.findings ?? [];
  const operators = compared.data?.operators ?? [];
  const vanished = findings.filter(({ change }) => change === 'vanished');
  const appeared = findings.filter(({ change }) => change === 'appeared');
  return (
    <Notice tone="success" title={m.operators_recomputed()}>
      {compared.data === undefined ? null : (
        <p>
          {m.operators_recomputed_text({
            vanished: count(vanished.length),
            appeared: count(appeared.length),
            operators: count(operators.length),
          })}{' '}
          <AppLink to="/runs/compare" search={{ before, after: run.id }}>
            {m.operators_compare_open()}
          </AppLink>
        </p>
      )}
      <ul className="op-differences">
        {[...vanished, ...appeared].slice(0, TOLD).map((one) => (
          <li key={`${one.rule}.${one.ubn}.${one.name}`}>
            <strong>{one.change === 'vanished' ? m.operators_vanished() : m.operators_appeared()}</strong>{' '}
            {pick(one.title)}
            {m.operators_colon()}
            {one.name}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
