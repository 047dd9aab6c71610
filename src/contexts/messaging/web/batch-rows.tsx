import { m } from 'virtual:messages';
import { AppLink, count, DataTable, EmptyState, pick, useList, useUrlState, type Column } from '#web/index';
import type { AnswerOf } from '#platform/http/contract';
import { routes } from '../contract.ts';
import type { Batch } from './batch-data.ts';
import { batchSearch } from './search-schemas.ts';

type Row = AnswerOf<typeof routes.listBatchRows>['items'][number];

/** Rows that are not sent, with row and column as the spreadsheet counts them; and rows to be looked at. */
export function BatchRows({ batch }: { readonly batch: Batch }) {
  const [search] = useUrlState(batchSearch);
  const which = search.which ?? (batch.badRows > 0 ? 'bad' : 'duplicates');
  const list = useList(routes.listBatchRows, {
    params: { id: batch.id },
    query: { which, limit: 20 },
  });
  const flagged = batch.files.reduce((sum, { reading }) => sum + (reading?.flagged ?? 0), 0);
  const tabs = [
    { which: 'bad', label: m.messaging_tab_bad(), rows: batch.badRows },
    { which: 'duplicates', label: m.messaging_tab_duplicates(), rows: batch.duplicates },
    { which: 'flagged', label: m.messaging_tab_flagged(), rows: flagged },
  ] as const;
  return (
    <>
      <nav className="ms-tabs" aria-label={m.messaging_rows_to_fix()}>
        {tabs.map((tab) => (
          <AppLink
            key={tab.which}
            to="/messaging/batches/$id"
            params={{ id: batch.id }}
            search={{ which: tab.which }}
            className={tab.which === which ? 'ms-tab ms-tab--on' : 'ms-tab'}
          >
            {tab.label} <span className="x-count">{count(tab.rows)}</span>
          </AppLink>
        ))}
      </nav>
      <DataTable<Row>
        caption={tabs.find((tab) => tab.which === which)?.label ?? ''}
        list={list}
        rowKey={(row) => `${row.file}-${row.row}`}
        columns={columns(batch.files.length > 1)}
        empty={<EmptyState icon="check" title={m.messaging_rows_none()} />}
      />
    </>
  );
}

function columns(severalFiles: boolean): Column<Row>[] {
  return [
    {
      key: 'row',
      header: m.messaging_row(),
      isName: true,
      cell: (row) => (
        <span className="x-numbers">
          {m.messaging_row_number({ row: count(row.row) })}
          {severalFiles ? (
            <small className="ms-sub">{m.messaging_file_number({ number: row.file })}</small>
          ) : null}
        </span>
      ),
    },
    {
      key: 'problems',
      header: m.messaging_what_is_wrong(),
      cell: (row) => (
        <ul className="ms-plain">
          {row.problems.map((problem, index) => (
            <li key={`${problem.code}-${index}`}>
              {problem.column === null ? null : (
                <strong>
                  {m.messaging_column_named({ column: problem.column })}{' '}
                  {problem.value === null || problem.value === '' ? null : (
                    <code className="x-code">{problem.value}</code>
                  )}{' '}
                </strong>
              )}
              {pick(problem)}
            </li>
          ))}
        </ul>
      ),
    },
  ];
}
