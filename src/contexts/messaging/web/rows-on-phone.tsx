import { useState } from 'react';
import { m } from 'virtual:messages';
import { Icon } from '#web/index';
import type { BatchPreview } from './batch-data.ts';
import { Phone } from './phone.tsx';

/** The first rows of a batch as their recipients will see them, one phone at a time. */
export function RowsOnPhone({ rows }: { readonly rows: BatchPreview['preview'] }) {
  const [at, setAt] = useState(0);
  const row = rows[Math.min(at, rows.length - 1)];
  if (row === undefined) return <p className="x-muted">{m.messaging_no_good_rows()}</p>;
  return (
    <div className="x-stack x-stack--tight">
      <Phone
        label={m.messaging_phone_of({ number: row.number })}
        bubbles={[{ text: row.text }]}
        owner={
          <>
            <strong className="x-numbers">{row.number}</strong>
            <small className="ms-sub">
              {m.messaging_row_number({ row: row.row })} · {m.messaging_meter_parts({ count: row.parts })}
            </small>
          </>
        }
      />
      <div className="ms-turn" role="group" aria-label={m.messaging_first_rows()}>
        <button
          type="button"
          className="x-button x-button--quiet"
          disabled={at === 0}
          onClick={() => setAt(at - 1)}
        >
          <Icon name="back" size={16} />
          {m.messaging_previous_person()}
        </button>
        <span className="x-numbers" role="status">
          {Math.min(at, rows.length - 1) + 1} / {rows.length}
        </span>
        <button
          type="button"
          className="x-button x-button--quiet"
          disabled={at >= rows.length - 1}
          onClick={() => setAt(at + 1)}
        >
          {m.messaging_next_person()}
          <Icon name="next" size={16} />
        </button>
      </div>
    </div>
  );
}
