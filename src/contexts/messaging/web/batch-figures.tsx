import { m } from 'virtual:messages';
import { count, Instant, money } from '#web/index';
import type { Batch, BatchPreview } from './batch-data.ts';
import { lasting } from './lasting.ts';

/** The figures of a checked or sealed batch: who gets it, what it takes, what it costs, when the last one has it. */
export function BatchFigures({
  batch,
  preview,
}: {
  readonly batch: Batch;
  readonly preview: BatchPreview | undefined;
}) {
  const tiles = [
    { label: m.messaging_fig_good(), value: count(batch.rows) },
    { label: m.messaging_fig_bad(), value: count(batch.badRows), tone: batch.badRows > 0 ? 'danger' : '' },
    { label: m.messaging_fig_duplicates(), value: count(batch.duplicates) },
    { label: m.messaging_fig_parts(), value: count(batch.parts) },
    ...(preview === undefined
      ? []
      : [
          {
            label: m.messaging_fig_cost(),
            value: preview.costCents === null ? '—' : money(Math.round(preview.costCents / 100)),
          },
          {
            label: m.messaging_fig_time(),
            value: preview.seconds === null ? '—' : lasting(preview.seconds),
          },
        ]),
  ];
  return (
    <div className="x-card x-card--padded x-stack x-stack--tight">
      <dl className="ms-tiles">
        {tiles.map(({ label, value, ...rest }) => (
          <div key={label} data-tone={'tone' in rest ? rest.tone : undefined}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {preview === undefined ? null : (
        <>
          <PartsBar parts={preview.partsOfRows} />
          <p className="ms-lead x-muted">
            {preview.lastOutAt === null ? (
              m.messaging_last_out_unknown()
            ) : (
              <>
                {m.messaging_last_out()} <Instant at={preview.lastOutAt} />
                {preview.exceedsValidity ? ` ${m.messaging_exceeds()}` : null}
              </>
            )}
          </p>
        </>
      )}
    </div>
  );
}

/** How many recipients get one part, two, three. */
function PartsBar({ parts }: { readonly parts: Readonly<Record<string, number>> }) {
  const entries = Object.entries(parts).sort(([a], [b]) => Number(a) - Number(b));
  const most = Math.max(1, ...entries.map(([, rows]) => rows));
  if (entries.length < 2) return null;
  return (
    <ul className="ms-bars" aria-label={m.messaging_parts_of_rows()}>
      {entries.map(([number, rows]) => (
        <li key={number}>
          <span>{m.messaging_parts_each({ count: number })}</span>
          <span className="ms-bars__bar" style={{ inlineSize: `${Math.max(1, (rows / most) * 100)}%` }} />
          <span className="x-numbers">{count(rows)}</span>
        </li>
      ))}
    </ul>
  );
}
