import { m } from 'virtual:messages';
import { count, DataTable, EmptyState, RocDate, StatusBadge } from '#web/index';
import type { RunDetail } from '../contract.ts';
import { staticList } from './static-list.ts';
import { sourceWord } from './words.ts';

type Source = RunDetail['sources'][number];

/** The files that a run read, with their day and what was left out. */
export function SourcesUsed({ sources }: { readonly sources: readonly Source[] }) {
  return (
    <DataTable<Source>
      caption={m.operators_sources_title()}
      list={staticList(sources)}
      rowKey={(row) => String(sources.indexOf(row))}
      columns={[
        { key: 'file', header: m.operators_file(), isName: true, cell: (row) => row.file },
        {
          key: 'kind',
          header: m.operators_source(),
          cell: (row) =>
            row.kind === null ? (
              <StatusBadge tone="warning" label={m.operators_kind_unknown()} />
            ) : (
              sourceWord(row.kind).label
            ),
        },
        {
          key: 'date',
          header: m.operators_data_date(),
          priority: 2,
          cell: (row) => <RocDate day={row.dataDate} />,
        },
        { key: 'good', header: m.operators_good_rows(), numeric: true, cell: (row) => count(row.goodRows) },
        {
          key: 'rejected',
          header: m.operators_rejected_rows(),
          numeric: true,
          priority: 2,
          cell: (row) => count(row.rejectedRows),
        },
        {
          key: 'used',
          header: m.operators_source_use(),
          priority: 3,
          cell: (row) =>
            row.superseded ? (
              <StatusBadge tone="neutral" label={m.operators_superseded()} />
            ) : (
              <StatusBadge tone="success" label={m.operators_in_use()} />
            ),
        },
      ]}
      empty={<EmptyState icon="import" title={m.operators_sources_none()} />}
    />
  );
}
