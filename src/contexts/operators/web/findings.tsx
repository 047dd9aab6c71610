import './operators.css';
import { m } from 'virtual:messages';
import {
  addressOf,
  AppLink,
  count,
  DataTable,
  dayShort,
  EmptyState,
  ExportMenu,
  FilterBar,
  PageHeader,
  pick,
  Ubn,
  useAnswer,
  useList,
  useUrlState,
  type Column,
} from '#web/index';
import { routes, type FindingRow } from '../contract.ts';
import { FindingStateMark, ScoreBar, SeverityMark } from './marks.tsx';
import { findingsSearch } from './search-schemas.ts';
import { useSavedViews } from './saved-views.ts';
import { findingStates, findingStateWord, optionsOf, severities, severityWord } from './words.ts';

/** Findings, highest risk first; open ones unless the address says otherwise. */
export default function FindingsPage() {
  const [search, setSearch] = useUrlState(findingsSearch);
  const { state = 'open', ...others } = search;
  const filter = { ...others, state: state === 'all' ? undefined : state };
  const list = useList(routes.listFindings, { query: filter });
  const counts = useAnswer(routes.countFindings, {});
  const views = useSavedViews('findings');
  const counted = counts.data?.items ?? [];
  const rules = new Map(counted.map((one) => [one.rule, pick(one.title)]));
  return (
    <div className="x-page">
      <PageHeader
        title={m.operators_page_findings()}
        lead={m.operators_findings_lead()}
        actions={
          <ExportMenu
            formats={(['csv', 'xlsx', 'ods'] as const).map((format) => ({
              label: format.toUpperCase(),
              href: addressOf(routes.exportFindings, { query: { ...filter, format } }),
            }))}
          />
        }
      />
      <nav className="op-tabs" aria-label={m.operators_state()}>
        {([...findingStates, 'all'] as const).map((one) => (
          <AppLink
            key={one}
            to="/findings"
            search={{ ...others, state: one === 'open' ? undefined : one }}
            className={one === state ? 'op-tab op-tab--on' : 'op-tab'}
          >
            {one === 'all' ? m.operators_state_all() : findingStateWord(one).label}
            <span className="x-count">{count(total(counted, one))}</span>
          </AppLink>
        ))}
      </nav>
      <FilterBar
        values={search}
        onChange={setSearch}
        views={views}
        filters={[
          { kind: 'text', name: 'q', label: m.operators_find(), placeholder: m.operators_find_hint() },
          {
            kind: 'select',
            name: 'rule',
            label: m.operators_rule(),
            options: [...rules].map(([value, label]) => ({ value, label })),
          },
          {
            kind: 'select',
            name: 'severity',
            label: m.operators_severity(),
            options: optionsOf(severities, severityWord),
          },
        ]}
      />
      <DataTable<FindingRow>
        caption={m.operators_page_findings()}
        list={list}
        rowKey={(row) => row.id}
        rowTarget={(row) => ({ to: '/findings/$id', params: { id: row.id } })}
        columns={columns()}
        empty={
          <EmptyState icon="flag" title={m.operators_findings_none()}>
            {counted.length === 0 ? m.operators_findings_none_yet() : m.operators_findings_none_text()}
          </EmptyState>
        }
      />
    </div>
  );
}

/** Made anew for each drawing: headers are in the language of the moment. */
function columns(): Column<FindingRow>[] {
  return [
    { key: 'score', header: m.operators_score(), cell: (row) => <ScoreBar score={row.score} /> },
    { key: 'name', header: m.operators_who(), isName: true, cell: (row) => row.name },
    {
      key: 'what',
      header: m.operators_what(),
      cell: (row) => (
        <>
          <strong className="op-what">{pick(row.title)}</strong>
          <span className="op-sub op-clamp">{pick(row.text)}</span>
        </>
      ),
    },
    {
      key: 'severity',
      header: m.operators_severity(),
      priority: 2,
      cell: (row) => <SeverityMark severity={row.severity} />,
    },
    { key: 'ubn', header: m.operators_f_ubn(), priority: 3, cell: (row) => <Ubn value={row.ubn} /> },
    {
      key: 'seen',
      header: m.operators_first_seen(),
      priority: 3,
      cell: (row) => <span className="op-nowrap">{dayShort(row.firstSeenOn)}</span>,
    },
    {
      key: 'state',
      header: m.operators_state(),
      priority: 3,
      cell: (row) => <FindingStateMark state={row.state} />,
    },
  ];
}

function total(counted: readonly { state: string; count: number }[], state: string): number {
  return counted
    .filter((one) => state === 'all' || one.state === state)
    .reduce((sum, one) => sum + one.count, 0);
}
