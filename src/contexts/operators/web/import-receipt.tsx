import { m } from 'virtual:messages';
import {
  addressOf,
  AppLink,
  count,
  DataTable,
  EmptyState,
  Icon,
  pick,
  RocDate,
  Section,
  StatusBadge,
  useList,
  useUrlState,
  type Column,
} from '#web/index';
import { routes, type ImportDetail, type ImportFile } from '../contract.ts';
import { ImportChanges } from './import-changes.tsx';
import { Recomputed } from './recomputed.tsx';
import { importSearch } from './search-schemas.ts';
import { staticList } from './static-list.ts';
import { sourceWord } from './words.ts';

/** What an import took: rows by file, what appeared, changed and vanished, and every cell that could not be read. */
export function ImportReceipt({ data }: { readonly data: ImportDetail }) {
  const [search, setSearch] = useUrlState(importSearch);
  const rejected = useList(routes.listRejectedCells, { params: { id: data.id } }, { cursorName: 'rejected' });
  const hasChanges = data.files.some((file) => file.changes !== null);
  return (
    <>
      {data.runId === null ? null : <Recomputed run={data.runId} />}
      {data.runId === null ? null : (
        <p>
          <AppLink to="/reconciliation" search={{ run: data.runId }} className="x-button x-button--primary">
            {m.operators_open_result()}
          </AppLink>
        </p>
      )}
      <Section title={m.operators_receipt()} lead={m.operators_receipt_lead()}>
        <DataTable<ImportFile>
          caption={m.operators_receipt()}
          list={staticList(data.files)}
          rowKey={(row) => String(row.id)}
          columns={fileColumns()}
          empty={<EmptyState icon="import" title={m.operators_sources_none()} />}
        />
      </Section>
      {hasChanges ? (
        <Section title={m.operators_changes()} lead={m.operators_changes_lead()} id="changes">
          <ImportChanges id={data.id} change={search.change} onChange={setSearch} />
        </Section>
      ) : null}
      <Section
        title={m.operators_rejected_title()}
        lead={m.operators_rejected_lead()}
        id="rejected"
        aside={
          (rejected.rows?.length ?? 0) === 0 ? null : (
            <a
              className="x-button x-button--quiet"
              href={addressOf(routes.downloadRejected, { params: { id: data.id } })}
              download
            >
              <Icon name="download" size={16} />
              {m.operators_rejected_download()}
            </a>
          )
        }
      >
        <DataTable
          caption={m.operators_rejected_title()}
          list={rejected}
          rowKey={(row) => `${row.file}.${row.row}.${row.column}.${row.code}`}
          columns={[
            {
              key: 'where',
              header: m.operators_file(),
              isName: true,
              cell: (row) =>
                row.row === null ? row.file : m.operators_file_row({ file: row.file, row: row.row }),
            },
            { key: 'column', header: m.operators_column(), priority: 2, cell: (row) => row.column ?? '—' },
            {
              key: 'value',
              header: m.operators_value(),
              cell: (row) => <code className="x-code">{row.value ?? '—'}</code>,
            },
            { key: 'reason', header: m.operators_why_rejected(), cell: (row) => pick(row.reason) },
            {
              key: 'kept',
              header: m.operators_row_state(),
              priority: 2,
              cell: (row) =>
                row.rowKept ? (
                  <StatusBadge tone="info" label={m.operators_row_kept()} />
                ) : (
                  <StatusBadge tone="warning" label={m.operators_row_rejected()} />
                ),
            },
          ]}
          empty={
            <EmptyState icon="check" title={m.operators_rejected_none()}>
              {m.operators_rejected_none_text()}
            </EmptyState>
          }
        />
      </Section>
    </>
  );
}

const changed = (row: ImportFile, of: 'appeared' | 'changed' | 'vanished'): string =>
  count(row.changes?.[of]);

function fileColumns(): Column<ImportFile>[] {
  return [
    {
      key: 'file',
      header: m.operators_file(),
      isName: true,
      cell: (row) => (
        <>
          {row.name}
          <small className="op-sub">
            {row.kind === null ? m.operators_not_taken() : sourceWord(row.kind).label}
          </small>
        </>
      ),
    },
    {
      key: 'date',
      header: m.operators_data_date(),
      priority: 3,
      cell: (row) => <RocDate day={row.dataDate} />,
    },
    { key: 'good', header: m.operators_good_rows(), numeric: true, cell: (row) => count(row.goodRows) },
    {
      key: 'rejected',
      header: m.operators_rejected_rows(),
      numeric: true,
      cell: (row) => count(row.rejectedRows),
    },
    {
      key: 'appeared',
      header: m.operators_change_appeared(),
      numeric: true,
      priority: 2,
      cell: (row) => changed(row, 'appeared'),
    },
    {
      key: 'changed',
      header: m.operators_change_changed(),
      numeric: true,
      priority: 2,
      cell: (row) => changed(row, 'changed'),
    },
    {
      key: 'vanished',
      header: m.operators_change_vanished(),
      numeric: true,
      priority: 2,
      cell: (row) => changed(row, 'vanished'),
    },
  ];
}
