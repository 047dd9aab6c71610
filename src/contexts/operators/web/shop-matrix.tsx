import { useState } from 'react';
import { m } from 'virtual:messages';
import { AppLink, count, EmptyState, Icon, StatusBadge } from '#web/index';
import type { ShopRow } from '../contract.ts';
import { knownMeasures as known } from './known-measures.ts';

/** Rows before the first press of "show all". */
const FIRST = 30;

/** High-risk shops against hardening measures. A shop without any stands out by its ground, a mark and a word. */
export function ShopMatrix({ shops }: { readonly shops: readonly ShopRow[] }) {
  const [all, setAll] = useState(false);
  if (shops.length === 0) {
    return (
      <div className="x-card">
        <EmptyState icon="shield" title={m.operators_matrix_none()}>
          {m.operators_matrix_none_text()}
        </EmptyState>
      </div>
    );
  }
  const measures = columnsOf(shops);
  const quarters = [...new Set(shops.flatMap((shop) => shop.quarters))].sort();
  const ordered = [...shops].sort(
    (a, b) =>
      Number(a.measures.length > 0) - Number(b.measures.length > 0) ||
      b.quarters.length - a.quarters.length ||
      (b.monthlyVisits ?? 0) - (a.monthlyVisits ?? 0),
  );
  const shown = all ? ordered : ordered.slice(0, FIRST);
  const bare = shops.filter((shop) => shop.measures.length === 0).length;
  return (
    <div className="x-card x-table op-matrix">
      <p className="op-matrix__sentence">
        {m.operators_matrix_sentence({ shops: count(shops.length), bare: count(bare) })}
      </p>
      <div className="x-table__scroll" role="region" aria-label={m.operators_matrix_title()} tabIndex={0}>
        <table>
          <caption className="x-hidden">{m.operators_matrix_title()}</caption>
          <thead>
            <tr>
              <th scope="col">{m.operators_shop()}</th>
              <th scope="col">
                {m.operators_quarters({ from: quarters[0] ?? '', to: quarters.at(-1) ?? '' })}
              </th>
              {measures.map((measure) => (
                <th key={measure} scope="col" className="op-matrix__measure">
                  {measure}
                </th>
              ))}
              <th scope="col" data-numeric="" data-priority="2">
                {m.operators_visits()}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((shop) => (
              <Row key={`${shop.name}.${shop.domain}`} shop={shop} measures={measures} quarters={quarters} />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < ordered.length ? (
        <p className="x-table__foot">
          <button type="button" className="x-textbutton" onClick={() => setAll(true)}>
            {m.operators_show_all({ count: count(ordered.length) })}
          </button>
        </p>
      ) : null}
    </div>
  );
}

function Row({
  shop,
  measures,
  quarters,
}: {
  readonly shop: ShopRow;
  readonly measures: readonly string[];
  readonly quarters: readonly string[];
}) {
  const isBare = shop.measures.length === 0;
  return (
    <tr className={isBare ? 'op-matrix__bare' : undefined}>
      <th scope="row">
        {shop.ubn === null ? (
          <AppLink to="/findings" search={{ q: shop.name, state: 'all' }}>
            {shop.name}
          </AppLink>
        ) : (
          <AppLink to="/operators/$ubn" params={{ ubn: shop.ubn }}>
            {shop.name}
          </AppLink>
        )}
        {shop.domain === null ? null : <small className="op-sub">{shop.domain}</small>}
        {isBare ? <StatusBadge tone="danger" label={m.operators_matrix_bare()} /> : null}
      </th>
      <td>
        <Quarters of={shop.quarters} all={quarters} />
      </td>
      {measures.map((measure) => (
        <td key={measure} className="op-matrix__measure">
          {shop.measures.includes(measure) ? (
            <span className="op-matrix__has">
              <Icon name="check" size={18} />
              <span className="x-hidden">{m.operators_matrix_takes()}</span>
            </span>
          ) : (
            <span className="x-muted" aria-label={m.operators_matrix_lacks()} role="img">
              –
            </span>
          )}
        </td>
      ))}
      <td data-numeric="" data-priority="2">
        {count(shop.monthlyVisits)}
      </td>
    </tr>
  );
}

/** One small square a quarter, filled where the shop was on the list; the words say the same. */
function Quarters({ of, all }: { readonly of: readonly string[]; readonly all: readonly string[] }) {
  return (
    <span className="op-quarters">
      <span className="op-quarters__boxes" aria-hidden="true">
        {all.map((quarter) => (
          <span key={quarter} data-on={of.includes(quarter)} title={quarter} />
        ))}
      </span>
      <span className="x-numbers">{m.operators_quarter_times({ count: of.length })}</span>
      <span className="x-hidden">{[...of].sort().join(m.list_separator())}</span>
    </span>
  );
}

function columnsOf(shops: readonly ShopRow[]): string[] {
  const others = new Set(
    shops.flatMap((shop) => shop.measures).filter((measure) => !known.includes(measure)),
  );
  return [...known, ...[...others].sort()];
}
