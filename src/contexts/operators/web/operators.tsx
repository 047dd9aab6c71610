import './operators.css';
import { m } from 'virtual:messages';
import {
  AppLink,
  count,
  DataTable,
  EmptyState,
  FilterBar,
  moneyShort,
  PageHeader,
  pick,
  ProblemError,
  Section,
  Ubn,
  useList,
  useUrlState,
  type Column,
} from '#web/index';
import { routes, type OperatorRow } from '../contract.ts';
import { RegistrationMark, StatusMark } from './marks.tsx';
import { OperatorSearch } from './operator-search.tsx';
import { NoRun } from './no-run.tsx';
import { useRun, useRuns } from './run-data.ts';
import { RunSelect } from './run-select.tsx';
import { useSavedViews } from './saved-views.ts';
import { operatorsSearch } from './search-schemas.ts';
import { itemWord, registerClassWord, statuses, statusWord } from './words.ts';

/** Any operator by a search, and the candidates of a run by status and step of the funnel. */
export default function OperatorsPage() {
  const [search, setSearch] = useUrlState(operatorsSearch);
  const run = useRun(search.run);
  const runs = useRuns();
  const { status = search.step === undefined ? 'operating' : 'all', ...others } = search;
  const list = useList(routes.listOperators, {
    query: { ...others, status: status === 'all' ? undefined : status },
  });
  const views = useSavedViews('operators');
  const steps = (run.data?.funnel ?? []).filter((step) => step.opens?.list === 'operators');
  const isWithoutRun = list.error instanceof ProblemError && list.error.code === 'operators.no_run_yet';
  const step = steps.find((one) => one.step === search.step);
  return (
    <div className="x-page">
      <PageHeader title={m.operators_page_operators()} lead={m.operators_operators_lead()} />
      <OperatorSearch />
      <Section
        title={step === undefined ? m.operators_candidates() : pick(step)}
        lead={
          step === undefined
            ? m.operators_candidates_lead()
            : m.operators_step_lead({ count: count(step.count) })
        }
        aside={
          <RunSelect
            label={m.operators_run_select()}
            runs={runs}
            onlyDone
            value={search.run ?? run.data?.id}
            onChange={(id) => setSearch({ run: id })}
          />
        }
      >
        {isWithoutRun && list.error !== null ? (
          <NoRun error={list.error} retry={list.reload} />
        ) : (
          <>
            <nav className="op-tabs" aria-label={m.operators_whether()}>
              {([...statuses, 'all'] as const).map((one) => (
                <AppLink
                  key={one}
                  to="/operators"
                  search={{ ...others, status: one }}
                  className={one === status ? 'op-tab op-tab--on' : 'op-tab'}
                >
                  {one === 'all' ? m.operators_state_all() : statusWord(one).label}
                </AppLink>
              ))}
            </nav>
            <FilterBar
              values={search}
              onChange={setSearch}
              views={views}
              filters={[
                {
                  kind: 'text',
                  name: 'q',
                  label: m.operators_find(),
                  placeholder: m.operators_find_hint(),
                },
                {
                  kind: 'select',
                  name: 'step',
                  label: m.operators_step(),
                  options: steps.map((one) => ({
                    value: one.step,
                    label: `${pick(one)} (${count(one.count)})`,
                  })),
                },
              ]}
            />
            <DataTable<OperatorRow>
              caption={m.operators_candidates()}
              list={list}
              rowKey={(row) => row.ubn ?? row.name}
              rowTarget={(row) =>
                row.ubn === null ? null : { to: '/operators/$ubn', params: { ubn: row.ubn } }
              }
              columns={columns()}
              empty={
                <EmptyState icon="building" title={m.operators_candidates_none()}>
                  {m.operators_candidates_none_text()}
                </EmptyState>
              }
            />
          </>
        )}
      </Section>
    </div>
  );
}

function columns(): Column<OperatorRow>[] {
  return [
    {
      key: 'name',
      header: m.operators_f_name(),
      isName: true,
      cell: (row) => row.name,
    },
    { key: 'ubn', header: m.operators_f_ubn(), cell: (row) => <Ubn value={row.ubn} /> },
    { key: 'status', header: m.operators_whether(), cell: (row) => <StatusMark status={row.status} /> },
    {
      key: 'register',
      header: m.operators_register(),
      priority: 2,
      cell: (row) => (
        <>
          {row.registerStatus ?? registerClassWord(row.registerClass).label}
          <small className="op-sub">{itemWord(row.item).label}</small>
        </>
      ),
    },
    {
      key: 'registration',
      header: m.operators_f_registration(),
      priority: 3,
      cell: (row) => <RegistrationMark registration={row.registration} />,
    },
    {
      key: 'balance',
      header: m.operators_f_balance(),
      numeric: true,
      priority: 3,
      cell: (row) => moneyShort(row.balance),
    },
    {
      key: 'sales',
      header: m.operators_f_sales(),
      numeric: true,
      priority: 3,
      cell: (row) => moneyShort(row.sales),
    },
    {
      key: 'findings',
      header: m.operators_page_findings(),
      numeric: true,
      priority: 2,
      cell: (row) =>
        row.findings === 0 || row.ubn === null ? (
          count(row.findings)
        ) : (
          <AppLink to="/findings" search={{ q: row.ubn, state: 'all' }}>
            {count(row.findings)}
          </AppLink>
        ),
    },
  ];
}
