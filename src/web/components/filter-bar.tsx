import { useEffect, useState } from 'react';
import { m } from 'virtual:messages';
import type { SearchValues } from '../client/url-state.ts';
import { SavedViewsMenu, type SavedViews } from './saved-views.tsx';
import { Icon } from './icon.tsx';

export type Filter =
  | { readonly kind: 'text'; readonly name: string; readonly label: string; readonly placeholder?: string }
  | { readonly kind: 'day'; readonly name: string; readonly label: string }
  | {
      readonly kind: 'select';
      readonly name: string;
      readonly label: string;
      readonly options: readonly { readonly value: string; readonly label: string }[];
    };

export interface FilterBarProps {
  readonly filters: readonly Filter[];
  readonly values: SearchValues;
  /** As `useUrlState` gives it. */
  readonly onChange: (change: SearchValues, options?: { replace?: boolean }) => void;
  readonly views?: SavedViews;
}

/** Filters of a list, held by the address; after clearing, one press brings them back. */
export function FilterBar({ filters, values, onChange, views }: FilterBarProps) {
  const [cleared, setCleared] = useState<SearchValues | null>(null);
  const set = Object.fromEntries(
    filters.map(({ name }) => [name, values[name]]).filter(([, value]) => value !== undefined),
  ) as SearchValues;
  const isSet = Object.keys(set).length > 0;
  const clear = (): void => {
    setCleared(set);
    onChange(Object.fromEntries(filters.map(({ name }) => [name, undefined])));
  };
  return (
    <search className="x-filters x-no-print" aria-label={m.filter_label()}>
      {filters.map((filter) => (
        <Control key={filter.name} filter={filter} value={values[filter.name]} onChange={onChange} />
      ))}
      <div className="x-filters__actions">
        {isSet ? (
          <button type="button" className="x-button x-button--quiet" onClick={clear}>
            <Icon name="close" size={16} />
            {m.filter_clear()}
          </button>
        ) : null}
        {views === undefined ? null : (
          <SavedViewsMenu
            views={views}
            current={set}
            onApply={onChange}
            names={filters.map(({ name }) => name)}
          />
        )}
      </div>
      <p className="x-filters__cleared" role="status">
        {cleared !== null && !isSet ? (
          <>
            {m.filter_cleared()}{' '}
            <button
              type="button"
              className="x-textbutton"
              onClick={() => (onChange(cleared), setCleared(null))}
            >
              <Icon name="undo" size={15} />
              {m.filter_undo()}
            </button>
          </>
        ) : null}
      </p>
    </search>
  );
}

function Control({
  filter,
  value,
  onChange,
}: {
  readonly filter: Filter;
  readonly value: SearchValues[string];
  readonly onChange: FilterBarProps['onChange'];
}) {
  const id = `filter-${filter.name}`;
  const given = value === undefined ? '' : String(value);
  return (
    <div className={`x-filter x-filter--${filter.kind}`}>
      <label htmlFor={id}>{filter.label}</label>
      {filter.kind === 'select' ? (
        <select
          id={id}
          className="x-input x-input--select"
          value={given}
          onChange={(event) =>
            onChange({ [filter.name]: event.target.value === '' ? undefined : event.target.value })
          }
        >
          <option value="">{m.filter_any()}</option>
          {filter.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : (
        <TypedControl key={filter.name} id={id} filter={filter} given={given} onChange={onChange} />
      )}
    </div>
  );
}

/** Waits for a pause in typing, and for the input method to finish. */
function TypedControl({
  id,
  filter,
  given,
  onChange,
}: {
  readonly id: string;
  readonly filter: Exclude<Filter, { kind: 'select' }>;
  readonly given: string;
  readonly onChange: FilterBarProps['onChange'];
}) {
  const [typed, setTyped] = useState(given);
  const [composing, setComposing] = useState(false);
  useEffect(() => setTyped(given), [given]);
  useEffect(() => {
    if (composing || typed === given) return;
    const timer = setTimeout(
      () =>
        onChange({ [filter.name]: typed === '' ? undefined : typed.normalize('NFKC') }, { replace: true }),
      350,
    );
    return () => clearTimeout(timer);
  }, [typed, given, composing, filter.name, onChange]);
  return (
    <input
      id={id}
      className="x-input"
      type={filter.kind === 'day' ? 'date' : 'search'}
      value={typed}
      autoComplete="off"
      placeholder={filter.kind === 'text' ? filter.placeholder : undefined}
      onChange={(event) => setTyped(event.target.value)}
      onCompositionStart={() => setComposing(true)}
      onCompositionEnd={() => setComposing(false)}
    />
  );
}
