import { useState } from 'react';
import { m } from 'virtual:messages';
import {
  count,
  DataTable,
  dayShort,
  EmptyState,
  FilterBar,
  instantShort,
  type Column,
  type SearchValues,
} from '#web/index';
import type { FactRow } from '../contract.ts';
import { staticList } from './static-list.ts';
import { CellPairs } from './values.tsx';
import { sourceWord } from './words.ts';

/** Rows before the first press of "show all". */
const FIRST = 40;

/** Facts with the days on which they are true and known, the file and the row. `filter` asks for another day. */
export function OperatorFacts({
  facts,
  filter,
}: {
  readonly facts: readonly FactRow[];
  readonly filter?: {
    readonly values: SearchValues;
    readonly onChange: (change: SearchValues) => void;
  };
}) {
  const [all, setAll] = useState(false);
  const shown = all ? facts : facts.slice(0, FIRST);
  const attributions = [...new Set(facts.map((fact) => fact.attribution))].filter((text) => text !== null);
  return (
    <>
      {filter === undefined ? null : (
        <FilterBar
          values={filter.values}
          onChange={filter.onChange}
          filters={[
            { kind: 'day', name: 'validOn', label: m.operators_true_on() },
            { kind: 'day', name: 'knownOn', label: m.operators_known_at() },
          ]}
        />
      )}
      <DataTable<FactRow>
        caption={m.operators_facts()}
        list={staticList(shown)}
        rowKey={(row) => `${row.source}.${row.file}.${row.row}.${row.knownFrom}`}
        columns={columns()}
        empty={
          <EmptyState icon="table" title={m.operators_facts_none()}>
            {filter === undefined ? null : m.operators_facts_none_text()}
          </EmptyState>
        }
      />
      {shown.length < facts.length ? (
        <button type="button" className="x-textbutton" onClick={() => setAll(true)}>
          {m.operators_show_all({ count: count(facts.length) })}
        </button>
      ) : null}
      {attributions.length === 0 ? null : (
        <details className="op-attributions">
          <summary>{m.operators_attribution()}</summary>
          <ul>
            {attributions.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function columns(): Column<FactRow>[] {
  return [
    {
      key: 'source',
      header: m.operators_source(),
      isName: true,
      cell: (row) => (
        <>
          {sourceWord(row.source).label}
          <small className="op-sub">
            {row.row === null ? row.file : m.operators_file_row({ file: row.file, row: row.row })}
          </small>
        </>
      ),
    },
    { key: 'values', header: m.operators_values(), cell: (row) => <CellPairs values={row.values} /> },
    {
      key: 'valid',
      header: m.operators_true(),
      priority: 2,
      cell: (row) => (
        <Span from={row.validFrom && dayShort(row.validFrom)} to={row.validTo && dayShort(row.validTo)} />
      ),
    },
    {
      key: 'known',
      header: m.operators_known(),
      priority: 3,
      cell: (row) => (
        <Span
          from={instantShort(row.knownFrom)}
          to={row.knownTo === null ? null : instantShort(row.knownTo)}
        />
      ),
    },
  ];
}

function Span({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  if (from === null && to === null) return <span className="x-muted">{m.operators_undated()}</span>;
  return (
    <span className="x-numbers op-span">
      <span>{from === null ? '—' : m.operators_from({ day: from })}</span>
      {to === null ? null : <span>{m.operators_to({ day: to })}</span>}
    </span>
  );
}
