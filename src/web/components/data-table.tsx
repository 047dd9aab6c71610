import { useEffect, useRef, type KeyboardEvent as ReactKeyboardEvent, type ReactNode } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import type { List } from '../client/list.ts';
import { AppLink, type Target } from './app-link.tsx';
import { Icon } from './icon.tsx';
import { isTyping } from './keys.ts';
import { ErrorState, Loading } from './states.tsx';

export interface Column<Row> {
  readonly key: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Digits aligned to the right. */
  readonly numeric?: boolean;
  /** 1 always shows, 2 from a tablet, 3 from a desk. Default 1. */
  readonly priority?: 1 | 2 | 3;
  /** The column that names the row; its cells are row headers and carry the link. */
  readonly isName?: boolean;
}

export interface DataTableProps<Row> {
  /** What the table holds, read aloud first; shown only where `showCaption`. */
  readonly caption: string;
  readonly showCaption?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly list: List<Row>;
  readonly rowKey: (row: Row) => string;
  /** Where Enter, and the link in the naming column, lead. */
  readonly rowTarget?: (row: Row) => Target | null;
  /** Shown in place of a table without rows. */
  readonly empty: ReactNode;
}

/**
 * A list page by page. j and k (or the arrows) move along the rows, Enter opens one; none of it while an input method
 * composes or a field has the focus.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { list, columns } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event) || (event.key !== 'j' && event.key !== 'k')) return;
      if (moveFocus(body.current, event.key === 'j' ? 1 : -1)) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  if (list.error !== null) return <ErrorState error={list.error} retry={list.reload} />;
  if (list.rows === undefined) return <Loading rows={8} />;
  if (list.rows.length === 0 && list.previous === null) return <div className="x-card">{props.empty}</div>;

  const open = (row: Row) => (event: ReactKeyboardEvent<HTMLTableRowElement>) => {
    if (isTyping(event.nativeEvent) || event.target !== event.currentTarget) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (moveFocus(body.current, event.key === 'ArrowDown' ? 1 : -1)) event.preventDefault();
      return;
    }
    const target = props.rowTarget?.(row);
    if (event.key === 'Enter' && target)
      void navigate({ to: target.to, params: target.params ?? {}, search: target.search ?? {} });
  };
  return (
    <div className="x-card x-table" aria-busy={list.isStale}>
      <div className="x-table__scroll" role="region" aria-label={props.caption} tabIndex={0}>
        <table>
          <caption className={props.showCaption === true ? undefined : 'x-hidden'}>{props.caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.key} scope="col" {...marks(column)}>
                  {column.header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body}>
            {list.rows.map((row, index) => (
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- rows take the focus of j and k
              <tr
                key={props.rowKey(row)}
                tabIndex={index === 0 && props.rowTarget ? 0 : -1}
                onKeyDown={open(row)}
              >
                {columns.map((column) => (
                  <Cell
                    key={column.key}
                    column={column}
                    row={row}
                    target={column.isName === true ? props.rowTarget?.(row) : null}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pager list={list} />
    </div>
  );
}

function Cell<Row>({
  column,
  row,
  target,
}: {
  readonly column: Column<Row>;
  readonly row: Row;
  readonly target: Target | null | undefined;
}) {
  const content = target ? <AppLink {...target}>{column.cell(row)}</AppLink> : column.cell(row);
  return column.isName === true ? (
    <th scope="row" {...marks(column)}>
      {content}
    </th>
  ) : (
    <td {...marks(column)}>{content}</td>
  );
}

function marks(column: { readonly numeric?: boolean; readonly priority?: number }): Record<string, unknown> {
  return { 'data-numeric': column.numeric === true ? '' : undefined, 'data-priority': column.priority ?? 1 };
}

function moveFocus(body: HTMLTableSectionElement | null, step: 1 | -1): boolean {
  const rows = [...(body?.rows ?? [])];
  if (rows.length === 0) return false;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  for (const row of rows) row.tabIndex = row === next ? 0 : -1;
  next?.focus();
  return true;
}

function Pager<Row>({ list }: { readonly list: List<Row> }) {
  if (list.next === null && list.previous === null) {
    return <p className="x-table__foot">{m.table_rows({ count: list.rows?.length ?? 0 })}</p>;
  }
  return (
    <nav className="x-table__foot x-no-print" aria-label={m.table_pages()}>
      <span>{m.table_page({ page: list.page, count: list.rows?.length ?? 0 })}</span>
      <span className="x-table__pager">
        <button
          type="button"
          className="x-button x-button--quiet"
          disabled={list.previous === null}
          onClick={() => list.previous?.()}
        >
          <Icon name="back" size={16} />
          {m.table_previous()}
        </button>
        <button
          type="button"
          className="x-button x-button--quiet"
          disabled={list.next === null}
          onClick={() => list.next?.()}
        >
          {m.table_next()}
          <Icon name="next" size={16} />
        </button>
      </span>
    </nav>
  );
}
