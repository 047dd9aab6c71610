import { m } from 'virtual:messages';
import { addressOf, ErrorState, Icon, Loading, pick, StatusBadge, useAnswer } from '#web/index';
import { routes } from '../contract.ts';

/** What is known by its headers, and the templates of what agencies hand over. */
export function SourceKinds() {
  const kinds = useAnswer(routes.listSourceKinds, {});
  if (kinds.data === undefined)
    return kinds.error === null ? (
      <Loading rows={6} />
    ) : (
      <ErrorState error={kinds.error} retry={() => void kinds.refetch()} />
    );
  return (
    <ul className="op-kinds">
      {kinds.data.items.map((kind) => (
        <li key={kind.kind} className="x-card">
          <div className="x-row">
            <strong>{pick(kind.title)}</strong>
            {kind.open ? (
              <StatusBadge tone="success" label={m.operators_open_data()} icon="globe" />
            ) : (
              <StatusBadge tone="neutral" label={m.operators_closed_data()} icon="lock" />
            )}
          </div>
          <p className="x-muted">{pick(kind.publisher)}</p>
          <p className="op-kinds__headers">
            {kind.headers.map((header) => (
              <span key={header.key} data-required={header.required}>
                {header.name}
                {header.required ? <span className="x-hidden"> {m.operators_required()}</span> : null}
              </span>
            ))}
          </p>
          {kind.template ? (
            <a
              className="x-link op-kinds__template"
              href={addressOf(routes.downloadTemplate, { params: { kind: kind.kind } })}
              download
            >
              <Icon name="download" size={15} />
              {m.operators_template()}
            </a>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
