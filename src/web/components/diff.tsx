import { m } from 'virtual:messages';

export interface Change {
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Before and after, field by field; only what differs. Marked by words and strokes, not by colour alone. */
export function Diff({
  changes,
  caption,
}: {
  readonly changes: readonly Change[];
  readonly caption: string;
}) {
  const differing = changes.filter((change) => change.before !== change.after);
  if (differing.length === 0) return <p className="x-muted">{m.diff_none()}</p>;
  return (
    <div className="x-table__scroll" role="region" aria-label={caption} tabIndex={0}>
      <table className="x-diff">
        <caption className="x-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{m.diff_field()}</th>
            <th scope="col">{m.diff_before()}</th>
            <th scope="col">{m.diff_after()}</th>
          </tr>
        </thead>
        <tbody>
          {differing.map((change) => (
            <tr key={change.label}>
              <th scope="row">{change.label}</th>
              <td>
                {change.before === null ? (
                  <span className="x-muted">{m.diff_absent()}</span>
                ) : (
                  <del>{change.before}</del>
                )}
              </td>
              <td>
                {change.after === null ? (
                  <span className="x-muted">{m.diff_absent()}</span>
                ) : (
                  <ins>{change.after}</ins>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
