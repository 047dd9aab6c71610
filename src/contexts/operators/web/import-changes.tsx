import { m } from 'virtual:messages';
import {
  AppLink,
  DataTable,
  Diff,
  EmptyState,
  StatusBadge,
  useList,
  type Column,
  type List,
  type SearchValues,
} from '#web/index';
import { routes } from '../contract.ts';
import { fieldLabel } from './field-labels.ts';
import { sourceWord } from './words.ts';

type RowOf<L> = L extends List<infer Row> ? Row : never;
type Change = RowOf<ReturnType<typeof useList<typeof routes.listChanges>>>;
const changes = ['appeared', 'changed', 'vanished'] as const;

const words = {
  appeared: { label: () => m.operators_change_appeared(), tone: 'success' },
  changed: { label: () => m.operators_change_changed(), tone: 'info' },
  vanished: { label: () => m.operators_change_vanished(), tone: 'warning' },
} as const;

/** What an import brought, altered and took away, entry by entry. */
export function ImportChanges({
  id,
  change,
  onChange,
}: {
  readonly id: string;
  readonly change: (typeof changes)[number] | undefined;
  readonly onChange: (change: SearchValues) => void;
}) {
  const list = useList(
    routes.listChanges,
    { params: { id }, query: { change, limit: 20 } },
    { cursorName: 'changes' },
  );
  return (
    <>
      <div className="op-tabs" role="group" aria-label={m.operators_changes()}>
        {([undefined, ...changes] as const).map((one) => (
          <button
            key={one ?? 'all'}
            type="button"
            aria-pressed={one === change}
            className={one === change ? 'op-tab op-tab--on' : 'op-tab'}
            onClick={() => onChange({ change: one, changes: undefined })}
          >
            {one === undefined ? m.operators_state_all() : words[one].label()}
          </button>
        ))}
      </div>
      <DataTable<Change>
        caption={m.operators_changes()}
        list={list}
        rowKey={(row) => `${row.source}.${row.ubn}`}
        columns={columns()}
        empty={<EmptyState icon="compare" title={m.operators_changes_none()} />}
      />
    </>
  );
}

function columns(): Column<Change>[] {
  return [
    {
      key: 'name',
      header: m.operators_who(),
      isName: true,
      cell: (row) => (
        <>
          <AppLink to="/operators/$ubn" params={{ ubn: row.ubn }}>
            {row.name === '' ? row.ubn : row.name}
          </AppLink>
          <small className="op-sub">{sourceWord(row.source).label}</small>
        </>
      ),
    },
    {
      key: 'change',
      header: m.operators_change(),
      cell: (row) => {
        const word = changes.find((one) => one === row.change);
        return word === undefined ? (
          row.change
        ) : (
          <StatusBadge tone={words[word].tone} label={words[word].label()} />
        );
      },
    },
    { key: 'what', header: m.operators_values(), priority: 2, cell: (row) => <What row={row} /> },
  ];
}

function What({ row }: { readonly row: Change }) {
  const [before, after] = [row.before ?? {}, row.after ?? {}];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  if (row.before !== null && row.after !== null)
    return (
      <Diff
        caption={row.name}
        changes={keys.map((key) => ({
          label: fieldLabel(key),
          before: plain(before[key]),
          after: plain(after[key]),
        }))}
      />
    );
  const shown = row.after ?? row.before ?? {};
  return (
    <span className="op-sub">
      {['status', 'address', 'year', 'quarter', 'measure']
        .map((key) => plain(shown[key]))
        .filter((text) => text !== null)
        .join(' · ')}
    </span>
  );
}

function plain(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
