import './operators.css';
import { m } from 'virtual:messages';
import {
  AppLink,
  ButtonLink,
  DataTable,
  EmptyState,
  FilterBar,
  PageHeader,
  ProblemError,
  StatusBadge,
  Ubn,
  useList,
  useUrlState,
  type Column,
} from '#web/index';
import { routes, type MatchRow } from '../contract.ts';
import { Judged } from './match-card.tsx';
import { firmsOf, rowTitle } from './match-firms.ts';
import { NoRun } from './no-run.tsx';
import { Recomputed } from './recomputed.tsx';
import { matchesSearch } from './search-schemas.ts';
import { optionsOf, outcomeWord, sourceWord, tierWord } from './words.ts';

const outcomes = ['conflict', 'ambiguous', 'not-found', 'unsure', 'matched'] as const;

/** Rows that a person has to look at, and all the others that were matched by name. */
export default function MatchesPage() {
  const [search, setSearch] = useUrlState(matchesSearch);
  const isAll = search.show === 'all';
  const list = useList(routes.listMatches, {
    query: { outcome: search.outcome, ...(isAll ? {} : { toJudge: true }) },
  });
  const isWithoutRun = list.error instanceof ProblemError && list.error.code === 'operators.no_run_yet';
  return (
    <div className="x-page">
      <PageHeader
        title={m.operators_page_matches()}
        lead={m.operators_matches_lead()}
        actions={<ButtonLink to="/judgements">{m.operators_page_judgements()}</ButtonLink>}
      />
      <Recomputed run={search.run} before={search.before} />
      <nav className="op-tabs" aria-label={m.operators_matches_which()}>
        <AppLink
          to="/matches"
          search={{ outcome: search.outcome }}
          className={isAll ? 'op-tab' : 'op-tab op-tab--on'}
        >
          {m.operators_to_judge()}
        </AppLink>
        <AppLink
          to="/matches"
          search={{ outcome: search.outcome, show: 'all' }}
          className={isAll ? 'op-tab op-tab--on' : 'op-tab'}
        >
          {m.operators_state_all()}
        </AppLink>
      </nav>
      <FilterBar
        values={search}
        onChange={setSearch}
        filters={[
          {
            kind: 'select',
            name: 'outcome',
            label: m.operators_outcome(),
            options: optionsOf(outcomes, outcomeWord),
          },
        ]}
      />
      {isWithoutRun && list.error !== null ? (
        <NoRun error={list.error} retry={list.reload} />
      ) : (
        <DataTable<MatchRow>
          caption={m.operators_page_matches()}
          list={list}
          rowKey={(row) => row.key}
          rowTarget={(row) => ({ to: '/matches/judge', search: { key: row.key } })}
          columns={columns()}
          empty={
            <EmptyState icon="check" title={m.operators_matches_none()}>
              {m.operators_matches_none_text()}
            </EmptyState>
          }
        />
      )}
    </div>
  );
}

function columns(): Column<MatchRow>[] {
  return [
    {
      key: 'given',
      header: m.operators_given_row(),
      isName: true,
      cell: (row) => rowTitle(row) || m.operators_nameless(),
    },
    {
      key: 'firm',
      header: m.operators_firms(),
      cell: (row) => {
        const [first, ...others] = firmsOf(row);
        if (first === undefined) return <span className="x-muted">{m.operators_firms_none()}</span>;
        return (
          <>
            {first.name}
            <small className="op-sub">
              <Ubn value={first.ubn} />
              {others.length === 0 ? null : ` ${m.operators_and_more({ count: others.length })}`}
            </small>
          </>
        );
      },
    },
    {
      key: 'outcome',
      header: m.operators_outcome(),
      cell: (row) => {
        const { tone, label } = outcomeWord(row.outcome);
        return (
          <>
            <StatusBadge tone={tone} label={label} /> <Judged match={row} />
          </>
        );
      },
    },
    {
      key: 'tier',
      header: m.operators_tier(),
      priority: 2,
      cell: (row) =>
        row.explanation === null ? (
          <span className="x-muted">—</span>
        ) : (
          <>
            {tierWord(row.explanation.tier).label}
            <small className="op-sub x-numbers">
              {m.operators_likeness({ score: row.explanation.score.toFixed(2) })}
            </small>
          </>
        ),
    },
    {
      key: 'source',
      header: m.operators_source(),
      priority: 3,
      cell: (row) => (
        <>
          {sourceWord(row.row.source).label}
          <small className="op-sub">{m.operators_file_row({ file: row.row.file, row: row.row.row })}</small>
        </>
      ),
    },
  ];
}
