import { m } from 'virtual:messages';
import { AppLink, DataTable, EmptyState, type Column } from '#web/index';
import type { FindingDetail } from '../contract.ts';
import { staticList } from './static-list.ts';
import { CellPairs } from './values.tsx';
import { sourceWord } from './words.ts';

type EvidenceRow = FindingDetail['evidence'][number];

/** The rows that prove something: the file as given, the row in it, and the cells that matter. */
export function EvidenceTable({ rows }: { readonly rows: readonly EvidenceRow[] }) {
  return (
    <DataTable<EvidenceRow>
      caption={m.operators_evidence_title()}
      list={staticList(rows)}
      rowKey={(row) => String(rows.indexOf(row))}
      columns={columns()}
      empty={<EmptyState icon="table" title={m.operators_evidence_none()} />}
    />
  );
}

function columns(): Column<EvidenceRow>[] {
  return [
    {
      key: 'source',
      header: m.operators_source(),
      isName: true,
      cell: (row) => (
        <>
          {sourceWord(row.source).label}
          <small className="op-sub">{m.operators_file_row({ file: row.file, row: row.row })}</small>
        </>
      ),
    },
    {
      key: 'values',
      header: m.operators_values(),
      cell: (row) => <CellPairs values={row.values} without={['ubn']} />,
    },
    {
      key: 'firm',
      header: m.operators_f_ubn(),
      priority: 2,
      cell: (row) => {
        const { ubn } = row.values;
        if (typeof ubn !== 'string' || !/^[0-9]{8}$/.test(ubn)) return <span className="x-muted">—</span>;
        return (
          <AppLink to="/operators/$ubn" params={{ ubn }}>
            {ubn}
          </AppLink>
        );
      },
    },
  ];
}
