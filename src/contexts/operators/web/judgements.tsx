import './operators.css';
import { m } from 'virtual:messages';
import {
  AppLink,
  DataTable,
  EmptyState,
  Instant,
  PageHeader,
  StatusBadge,
  Ubn,
  useList,
  useMay,
  useUrlState,
  type Column,
  type List,
} from '#web/index';
import { routes } from '../contract.ts';
import { Recomputed } from './recomputed.tsx';
import { matchesSearch } from './search-schemas.ts';
import { verdictWord } from './words.ts';

type RowOf<L> = L extends List<infer Row> ? Row : never;

/** Every judgement, those taken back too. */
export default function JudgementsPage() {
  const [search] = useUrlState(matchesSearch);
  const mayJudge = useMay('operators.judge');
  const list = useList(routes.listJudgements, {});
  return (
    <div className="x-page">
      <PageHeader
        title={m.operators_page_judgements()}
        lead={m.operators_judgements_lead()}
        back={{ label: m.operators_page_matches(), to: '/matches' }}
      />
      <Recomputed run={search.run} before={search.before} />
      <DataTable
        caption={m.operators_page_judgements()}
        list={list}
        rowKey={(row) => row.id}
        columns={columns(mayJudge)}
        empty={
          <EmptyState icon="scale" title={m.operators_judgements_none()}>
            {m.operators_judgements_none_text()}
          </EmptyState>
        }
      />
    </div>
  );
}

type Judgement = RowOf<ReturnType<typeof useList<typeof routes.listJudgements>>>;

function columns(mayJudge: boolean): Column<Judgement>[] {
  return [
    {
      key: 'name',
      header: m.operators_f_name(),
      isName: true,
      cell: (row) => (
        <>
          {row.name}
          {row.ubn === null ? null : (
            <small className="op-sub">
              <AppLink to="/operators/$ubn" params={{ ubn: row.ubn }}>
                <Ubn value={row.ubn} />
              </AppLink>
            </small>
          )}
        </>
      ),
    },
    {
      key: 'verdict',
      header: m.operators_f_verdict(),
      cell: (row) => {
        const { tone, label } = verdictWord(row.verdict);
        return <StatusBadge tone={tone} label={label} />;
      },
    },
    { key: 'reason', header: m.confirm_reason(), priority: 2, cell: (row) => row.reason },
    {
      key: 'at',
      header: m.operators_judged_at(),
      priority: 2,
      cell: (row) => (
        <>
          <Instant at={row.at} />
          <small className="op-sub">
            <code className="x-code">{row.by}</code>
          </small>
        </>
      ),
    },
    {
      key: 'state',
      header: m.operators_state(),
      cell: (row) => {
        if (row.undoneAt !== null)
          return (
            <>
              <StatusBadge tone="neutral" label={m.operators_undone()} />
              <small className="op-sub">
                <Instant at={row.undoneAt} />
              </small>
            </>
          );
        return (
          <>
            <StatusBadge tone="success" label={m.operators_in_force()} />{' '}
            {mayJudge ? (
              <AppLink
                to="/judgements/$id/undo"
                params={{ id: row.id }}
                label={m.operators_undo_of({ name: row.name })}
              >
                {m.operators_undo()}
              </AppLink>
            ) : null}
          </>
        );
      },
    },
  ];
}
