import { useEffect } from 'react';
import { m } from 'virtual:messages';
import {
  addressOf,
  ButtonLink,
  count,
  dayParts,
  ExportMenu,
  Instant,
  Loading,
  Notice,
  PageHeader,
  RocDate,
  Section,
  useMay,
  useUrlState,
} from '#web/index';
import { routes, type RunDetail } from '../contract.ts';
import { FunnelPicture } from './funnel-picture.tsx';
import { JobProgress } from './job-progress.tsx';
import { NoRun } from './no-run.tsx';
import { RuleCounts } from './rule-counts.tsx';
import './operators.css';
import { reconciliationSearch } from './search-schemas.ts';
import { useRun, useRuns } from './run-data.ts';
import { RunSelect } from './run-select.tsx';
import { ShopMatrix } from './shop-matrix.tsx';
import { SourcesUsed } from './sources-used.tsx';

/** A run as a picture: the funnel, its findings by rule, the high-risk shops against the measures, the sources. */
export default function ReconciliationPage() {
  const [search, setSearch] = useUrlState(reconciliationSearch);
  const run = useRun(search.run);
  const runs = useRuns();
  const mayRun = useMay('operators.reconcile');
  const again = mayRun ? (
    <ButtonLink to="/reconciliation/new" kind="primary">
      {m.operators_run_again()}
    </ButtonLink>
  ) : null;
  if (run.data === undefined) {
    return (
      <div className="x-page">
        <PageHeader title={m.operators_page_funnel()} lead={m.operators_funnel_lead()} />
        {run.error === null ? (
          <Loading rows={10} />
        ) : (
          <NoRun error={run.error} retry={() => void run.refetch()} />
        )}
      </div>
    );
  }
  const { data } = run;
  return (
    <div className="x-page">
      <PageHeader
        title={m.operators_page_funnel()}
        lead={m.operators_funnel_lead()}
        actions={
          <>
            {data.state === 'done' ? <ExportMenu formats={exportsOf(data.id)} /> : null}
            {again}
          </>
        }
      />
      <div className="op-runhead x-card">
        <p className="op-runhead__day">
          <span>{m.operators_as_of()}</span>
          <strong>
            <RocDate day={data.asOf} />
          </strong>
        </p>
        <p className="op-runhead__meta x-muted">
          {m.operators_run_at()} <Instant at={data.startedAt} />
        </p>
        <RunSelect
          label={m.operators_run_select()}
          runs={runs}
          value={data.id}
          onChange={(id) => setSearch({ run: id, part: undefined })}
        />
      </div>
      <RunState run={data} />
      {data.state === 'done' ? <Result run={data} part={search.part} /> : null}
    </div>
  );
}

function Result({ run, part }: { readonly run: RunDetail; readonly part: string | undefined }) {
  useEffect(() => {
    if (part !== undefined) document.getElementById(part)?.scrollIntoView({ block: 'start' });
  }, [part]);
  const [rows, operating] = ['register-rows', 'operating'].map(
    (name) => run.funnel.find(({ step }) => step === name)?.count ?? 0,
  );
  return (
    <>
      <Section
        title={m.operators_funnel_title()}
        lead={m.operators_funnel_sentence({
          day: dayParts(run.asOf).main,
          rows: count(rows),
          operating: count(operating),
          findings: count(run.findings),
        })}
      >
        <FunnelPicture funnel={run.funnel} run={run.id} />
      </Section>
      <Section title={m.operators_by_rule()} lead={m.operators_by_rule_lead()} id="rules">
        <RuleCounts counts={run.findingsByRule} />
      </Section>
      <Section title={m.operators_matrix_title()} lead={m.operators_matrix_lead()} id="shops">
        <ShopMatrix shops={run.shops} />
      </Section>
      <Section title={m.operators_sources_title()} lead={m.operators_sources_lead()} id="sources">
        <SourcesUsed sources={run.sources} />
      </Section>
    </>
  );
}

function RunState({ run }: { readonly run: RunDetail }) {
  if (run.state === 'done') return null;
  if (run.state === 'running' && run.jobId !== null)
    return (
      <JobProgress jobId={run.jobId} title={m.operators_run_working({ day: dayParts(run.asOf).main })} />
    );
  if (run.state === 'running') return <Notice>{m.operators_working()}</Notice>;
  return run.jobId === null ? (
    <Notice tone="danger">{m.operators_run_failed()}</Notice>
  ) : (
    <JobProgress jobId={run.jobId} title={m.operators_run_failed()} />
  );
}

function exportsOf(id: string) {
  return (['xlsx', 'ods', 'json'] as const).map((format) => ({
    label: format.toUpperCase(),
    href: addressOf(routes.exportRun, { params: { id }, query: { format } }),
  }));
}
