import './operators.css';
import { useState } from 'react';
import { m } from 'virtual:messages';
import {
  bytes,
  ButtonLink,
  count,
  DataTable,
  EmptyState,
  Instant,
  PageHeader,
  StatusBadge,
  useList,
  useMay,
  type Column,
} from '#web/index';
import { routes, type ImportDetail } from '../contract.ts';
import { importStateWord } from './import-words.ts';
import { POLL_MS } from './run-data.ts';

/** Every import, the newest first. */
export default function ImportsPage() {
  const mayImport = useMay('operators.import');
  const [isBusy, setBusy] = useState(false);
  const list = useList(routes.listImports, {}, { refetchMs: isBusy ? POLL_MS * 2 : false });
  const running = list.rows?.some((row) => row.state === 'running') ?? false;
  if (running !== isBusy) setBusy(running);
  const start = mayImport ? (
    <ButtonLink to="/imports/new" kind="primary">
      {m.operators_import_start()}
    </ButtonLink>
  ) : null;
  return (
    <div className="x-page">
      <PageHeader title={m.operators_page_imports()} lead={m.operators_imports_lead()} actions={start} />
      <DataTable<ImportDetail>
        caption={m.operators_page_imports()}
        list={list}
        rowKey={(row) => row.id}
        rowTarget={(row) => ({ to: '/imports/$id', params: { id: row.id } })}
        columns={columns()}
        empty={
          <EmptyState icon="import" title={m.operators_imports_none()} action={start}>
            {m.operators_imports_none_text()}
          </EmptyState>
        }
      />
    </div>
  );
}

const sum = (row: ImportDetail, of: (file: ImportDetail['files'][number]) => number | null): number =>
  row.files.reduce((total, file) => total + (of(file) ?? 0), 0);

function columns(): Column<ImportDetail>[] {
  return [
    {
      key: 'at',
      header: m.operators_import_at(),
      isName: true,
      cell: (row) => <Instant at={row.createdAt} />,
    },
    {
      key: 'state',
      header: m.operators_state(),
      cell: (row) => {
        const { tone, label } = importStateWord(row.state);
        return <StatusBadge tone={tone} label={label} />;
      },
    },
    {
      key: 'files',
      header: m.operators_files(),
      priority: 2,
      cell: (row) => (
        <>
          {m.operators_files_count({ count: row.files.length })}
          <small className="op-sub op-clamp">
            {row.files.map((file) => file.name).join(m.list_separator())}
          </small>
        </>
      ),
    },
    {
      key: 'size',
      header: m.operators_size(),
      numeric: true,
      priority: 3,
      cell: (row) => bytes(sum(row, (file) => file.bytes)),
    },
    {
      key: 'good',
      header: m.operators_good_rows(),
      numeric: true,
      priority: 2,
      cell: (row) => (row.state === 'done' ? count(sum(row, (file) => file.goodRows)) : '—'),
    },
    {
      key: 'rejected',
      header: m.operators_rejected_rows(),
      numeric: true,
      cell: (row) => (row.state === 'done' ? count(sum(row, (file) => file.rejectedRows)) : '—'),
    },
  ];
}
