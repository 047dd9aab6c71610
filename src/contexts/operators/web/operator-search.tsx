import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { m } from 'virtual:messages';
import { AppLink, call, ErrorState, Ubn } from '#web/index';
import { routes, type SearchHit } from '../contract.ts';
import { StatusMark } from './marks.tsx';
import { registerClassWord } from './words.ts';

/** Pause in typing before the server is asked. */
const PAUSE_MS = 180;
const SHOWN = 12;

/** Finds any operator on file while one types, by UBN, part of a name, or brand; waits for input methods to finish. */
export function OperatorSearch() {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [composing, setComposing] = useState(false);
  const [wanted, setWanted] = useState('');
  useEffect(() => {
    if (composing) return;
    const timer = setTimeout(() => setWanted(typed.normalize('NFKC').trim().slice(0, 80)), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed, composing]);
  const found = useQuery({
    queryKey: [routes.searchOperators.url, wanted],
    queryFn: ({ signal }) => call(routes.searchOperators, { query: { q: wanted, limit: SHOWN } }, { signal }),
    enabled: wanted !== '',
    placeholderData: keepPreviousData,
  });
  const hits = wanted === '' ? [] : (found.data?.items ?? []);
  return (
    <search className="op-search x-card">
      <label htmlFor={id}>{m.operators_search_label()}</label>
      <input
        id={id}
        className="x-input"
        type="search"
        value={typed}
        autoComplete="off"
        placeholder={m.operators_search_hint()}
        onChange={(event) => setTyped(event.target.value)}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
      />
      <p className="x-hidden" role="status">
        {wanted === '' || found.isFetching ? '' : m.operators_search_count({ count: hits.length })}
      </p>
      {found.error === null ? null : <ErrorState error={found.error} retry={() => void found.refetch()} />}
      {wanted !== '' && hits.length === 0 && !found.isFetching && found.error === null ? (
        <p className="x-muted">{m.operators_search_none({ text: wanted })}</p>
      ) : null}
      {hits.length === 0 ? null : (
        <ul className="op-hits" aria-busy={found.isPlaceholderData}>
          {hits.map((hit) => (
            <li key={`${hit.ubn}.${hit.name}`}>
              <Hit hit={hit} />
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}

function Hit({ hit }: { readonly hit: SearchHit }) {
  const content = (
    <>
      <span className="op-hits__name">
        <strong>{hit.name}</strong>
        {hit.matchedName === null ? null : (
          <span className="x-muted">{m.operators_matched_name({ name: hit.matchedName })}</span>
        )}
      </span>
      <span className="op-hits__more">
        <Ubn value={hit.ubn} />
        {hit.status === null ? (
          <span>{registerClassWord(hit.registerClass).label}</span>
        ) : (
          <StatusMark status={hit.status} />
        )}
        <span className="x-muted">{hit.address}</span>
      </span>
    </>
  );
  if (hit.ubn === null) return <div className="op-hits__link">{content}</div>;
  return (
    <AppLink to="/operators/$ubn" params={{ ubn: hit.ubn }} className="op-hits__link">
      {content}
    </AppLink>
  );
}
