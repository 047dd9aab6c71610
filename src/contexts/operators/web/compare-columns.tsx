import { m } from 'virtual:messages';
import type { AnswerOf } from '#platform/http/contract';
import { count, pick, StatusBadge, Ubn, type Column } from '#web/index';
import type { routes } from '../contract.ts';
import { StatusMark } from './marks.tsx';

type Comparison = AnswerOf<typeof routes.compareRuns>;
interface Days {
  readonly before: string;
  readonly after: string;
}

/** Steps of the funnel side by side, with the difference as sign and number. */
export function funnelColumns(days: Days): Column<Comparison['funnel'][number]>[] {
  return [
    { key: 'step', header: m.operators_step(), isName: true, cell: (row) => pick(row) },
    {
      key: 'before',
      header: m.operators_before_of({ day: days.before }),
      numeric: true,
      cell: (row) => count(row.before),
    },
    {
      key: 'after',
      header: m.operators_after_of({ day: days.after }),
      numeric: true,
      cell: (row) => count(row.after),
    },
    {
      key: 'difference',
      header: m.operators_difference(),
      numeric: true,
      cell: (row) => <Delta before={row.before} after={row.after} />,
    },
  ];
}

function Delta({ before, after }: { readonly before: number | null; readonly after: number | null }) {
  if (before === null || after === null) return <span className="x-muted">—</span>;
  const difference = after - before;
  if (difference === 0) return <span className="x-muted">0</span>;
  return <strong>{difference > 0 ? `▲ +${count(difference)}` : `▼ −${count(-difference)}`}</strong>;
}

/** Operators whose state differs. */
export function changedStatusColumns(days: Days): Column<Comparison['operators'][number]>[] {
  return [
    { key: 'name', header: m.operators_f_name(), isName: true, cell: (row) => row.name },
    { key: 'ubn', header: m.operators_f_ubn(), priority: 2, cell: (row) => <Ubn value={row.ubn} /> },
    {
      key: 'before',
      header: m.operators_before_of({ day: days.before }),
      cell: (row) => <StatusMark status={row.before} />,
    },
    {
      key: 'after',
      header: m.operators_after_of({ day: days.after }),
      cell: (row) => <StatusMark status={row.after} />,
    },
  ];
}

/** Findings that came and went. */
export function changedFindingColumns(): Column<Comparison['findings'][number]>[] {
  return [
    { key: 'name', header: m.operators_who(), isName: true, cell: (row) => row.name },
    {
      key: 'change',
      header: m.operators_change(),
      cell: (row) =>
        row.change === 'vanished' ? (
          <StatusBadge tone="success" label={m.operators_vanished()} />
        ) : (
          <StatusBadge tone="accent" label={m.operators_appeared()} />
        ),
    },
    { key: 'rule', header: m.operators_what(), cell: (row) => pick(row.title) },
    { key: 'ubn', header: m.operators_f_ubn(), priority: 2, cell: (row) => <Ubn value={row.ubn} /> },
  ];
}
