import './operators.css';
import { useQuery } from '@tanstack/react-query';
import { m } from 'virtual:messages';
import {
  call,
  Chart,
  count,
  dayParts,
  DataTable,
  EmptyState,
  ErrorState,
  Loading,
  Notice,
  PageHeader,
  pick,
  Section,
  StatusBadge,
  useUrlState,
  type ChartData,
} from '#web/index';
import type { AnswerOf } from '#platform/http/contract';
import { routes } from '../contract.ts';
import { changedFindingColumns, changedStatusColumns, funnelColumns } from './compare-columns.tsx';
import { useRuns } from './run-data.ts';
import { RunSelect } from './run-select.tsx';
import { compareSearch } from './search-schemas.ts';
import { staticList } from './static-list.ts';

type Comparison = AnswerOf<typeof routes.compareRuns>;

/** Two runs: the funnel side by side, operators whose state changed, findings that came and went. */
export default function ComparePage() {
  const [search, setSearch] = useUrlState(compareSearch);
  const runs = useRuns();
  const done = runs.filter((run) => run.state === 'done');
  const after = search.after ?? done[0]?.id;
  const before = search.before ?? done.find((run) => run.id !== after)?.id;
  const answer = useQuery({
    queryKey: [routes.compareRuns.url, before, after],
    queryFn: ({ signal }) =>
      call(routes.compareRuns, { params: { id: before ?? '', other: after ?? '' } }, { signal }),
    enabled: before !== undefined && after !== undefined,
  });
  return (
    <div className="x-page">
      <PageHeader
        title={m.operators_page_compare()}
        lead={m.operators_compare_lead()}
        back={{ label: m.operators_page_runs(), to: '/runs' }}
      />
      <div className="op-pair">
        <RunSelect
          label={m.operators_run_before()}
          runs={runs}
          onlyDone
          value={before}
          onChange={(id) => setSearch({ before: id })}
        />
        <RunSelect
          label={m.operators_run_after()}
          runs={runs}
          onlyDone
          value={after}
          onChange={(id) => setSearch({ after: id })}
        />
      </div>
      {done.length < 2 && runs.length > 0 ? (
        <div className="x-card">
          <EmptyState icon="compare" title={m.operators_compare_too_few()}>
            {m.operators_compare_too_few_text()}
          </EmptyState>
        </div>
      ) : null}
      {answer.error === null ? null : <ErrorState error={answer.error} retry={() => void answer.refetch()} />}
      {answer.isLoading ? <Loading rows={8} /> : null}
      {answer.data === undefined ? null : <Compared data={answer.data} />}
    </div>
  );
}

/** A difference with its sign. */
const signed = (now: number | null, was: number | null): string => {
  const difference = (now ?? 0) - (was ?? 0);
  return difference > 0 ? `+${count(difference)}` : count(difference);
};

function Compared({ data }: { readonly data: Comparison }) {
  const steps = data.funnel.filter(({ step }) => !step.startsWith('finding:'));
  const findings = data.funnel.filter(({ step }) => step.startsWith('finding:'));
  const days = { before: dayParts(data.before.asOf).main, after: dayParts(data.after.asOf).main };
  const vanished = data.findings.filter(({ change }) => change === 'vanished').length;
  return (
    <>
      {data.truncated ? <Notice tone="warning">{m.operators_compare_truncated()}</Notice> : null}
      <Chart
        title={m.operators_compare_findings()}
        sentence={m.operators_compare_sentence({
          ...days,
          operating: signed(data.after.operating, data.before.operating),
          findings: signed(data.after.findings, data.before.findings),
        })}
        kind="bar-horizontal"
        height={Math.max(200, 70 + findings.length * 44)}
        format={count}
        data={chartOf(findings, days)}
      />
      <Section title={m.operators_compare_funnel()}>
        <DataTable
          caption={m.operators_compare_funnel()}
          list={staticList(steps)}
          rowKey={(row) => row.step}
          columns={funnelColumns(days)}
          empty={<EmptyState icon="funnel" title={m.operators_no_run()} />}
        />
      </Section>
      <Section
        title={m.operators_compare_operators()}
        aside={<StatusBadge tone="info" label={count(data.operators.length)} />}
      >
        <DataTable
          caption={m.operators_compare_operators()}
          list={staticList(data.operators)}
          rowKey={(row) => `${row.ubn}.${row.name}`}
          rowTarget={(row) => (row.ubn === null ? null : { to: '/operators/$ubn', params: { ubn: row.ubn } })}
          columns={changedStatusColumns(days)}
          empty={<EmptyState icon="check" title={m.operators_compare_no_operators()} />}
        />
      </Section>
      <Section
        title={m.operators_compare_came_went()}
        lead={m.operators_compare_came_went_lead({
          appeared: count(data.findings.length - vanished),
          vanished: count(vanished),
        })}
      >
        <DataTable
          caption={m.operators_compare_came_went()}
          list={staticList(data.findings)}
          rowKey={(row) => `${row.change}.${row.rule}.${row.ubn}.${row.name}`}
          rowTarget={(row) => ({
            to: '/findings',
            search: { rule: row.rule, q: row.ubn ?? row.name, state: 'all' },
          })}
          columns={changedFindingColumns()}
          empty={<EmptyState icon="check" title={m.operators_compare_no_findings()} />}
        />
      </Section>
    </>
  );
}

function chartOf(findings: Comparison['funnel'], days: { before: string; after: string }): ChartData {
  const isSame = days.before === days.after;
  return {
    categoryLabel: m.operators_rule(),
    categories: findings.map((step) => pick(step)),
    series: [
      {
        name: isSame ? m.operators_run_before() : days.before,
        values: findings.map((step) => step.before),
      },
      { name: isSame ? m.operators_run_after() : days.after, values: findings.map((step) => step.after) },
    ],
  };
}
