import { lazy, Suspense, useId, useRef, useState } from 'react';
import { m } from 'virtual:messages';
import type { ChartHandle } from './chart-canvas.tsx';
import { csvOf } from './csv.ts';
import { Icon } from './icon.tsx';

const ChartCanvas = lazy(() => import('./chart-canvas.tsx'));

export interface ChartData {
  /** What the categories are: 季別, 門檻. */
  readonly categoryLabel: string;
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

export interface ChartProps {
  readonly title: string;
  /** What the picture says, in one sentence; it stands above and is read in its place. */
  readonly sentence: string;
  readonly kind: 'bar' | 'bar-horizontal' | 'line';
  readonly data: ChartData;
  /** Height in px; 280. */
  readonly height?: number;
  readonly format?: (value: number) => string;
  /** Where a press on a bar leads. */
  readonly onSelect?: (category: number) => void;
}

/** A picture with its sentence above, its data as a table below, and both to take away. Loads the chart code when shown. */
export function Chart(props: ChartProps) {
  const { title, sentence, data, height = 280, format = String } = props;
  const [showsTable, setShowsTable] = useState(false);
  const handle = useRef<ChartHandle>(null);
  const id = useId();
  return (
    <figure className="x-card x-chart" aria-labelledby={`${id}-title`}>
      <figcaption>
        <strong id={`${id}-title`}>{title}</strong>
        <p>{sentence}</p>
      </figcaption>
      <Suspense fallback={<div style={{ height }} className="x-loading__bar" />}>
        <ChartCanvas {...props} height={height} format={format} ref={handle} />
      </Suspense>
      <div className="x-chart__foot x-no-print">
        <button
          type="button"
          className="x-textbutton"
          aria-expanded={showsTable}
          aria-controls={`${id}-table`}
          onClick={() => setShowsTable(!showsTable)}
        >
          <Icon name="table" size={15} />
          {showsTable ? m.chart_hide_table() : m.chart_show_table()}
        </button>
        <button
          type="button"
          className="x-textbutton"
          onClick={() => save(`${title}.csv`, new Blob([csvOf(data)], { type: 'text/csv' }))}
        >
          <Icon name="download" size={15} />
          CSV
        </button>
        <button
          type="button"
          className="x-textbutton"
          onClick={() => void handle.current?.png().then((png) => save(`${title}.png`, png))}
        >
          <Icon name="download" size={15} />
          PNG
        </button>
      </div>
      <div
        id={`${id}-table`}
        className={showsTable ? 'x-table__scroll' : 'x-table__scroll x-chart__table--folded'}
        role="region"
        aria-label={title}
        tabIndex={showsTable ? 0 : -1}
      >
        <table>
          <caption className="x-hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{data.categoryLabel}</th>
              {data.series.map((series) => (
                <th key={series.name} scope="col" data-numeric="">
                  {series.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.categories.map((category, row) => (
              <tr key={category}>
                <th scope="row">{category}</th>
                {data.series.map((series) => (
                  <td key={series.name} data-numeric="">
                    {series.values[row] === null || series.values[row] === undefined
                      ? '—'
                      : format(series.values[row])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function save(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
