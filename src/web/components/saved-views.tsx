import { Menu } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { m } from 'virtual:messages';
import { readAddress, writeAddress } from '../client/search-params.ts';
import type { SearchValues } from '../client/url-state.ts';
import { Icon } from './icon.tsx';

export interface SavedView {
  readonly id: string;
  readonly name: string;
  /** Filters as an address writes them, `?state=open`. */
  readonly query: string;
  readonly shared?: boolean;
}

/** Where views are kept: the API of a context, or this browser (`useLocalViews`). */
export interface SavedViews {
  readonly views: readonly SavedView[];
  readonly save: (name: string, query: string) => Promise<void> | void;
  readonly remove: (id: string) => Promise<void> | void;
}

/** Views of one page kept in this browser. */
export function useLocalViews(page: string): SavedViews {
  const key = `xinlai.views.${page}`;
  const [views, setViews] = useState<SavedView[]>(
    () => JSON.parse(localStorage.getItem(key) ?? '[]') as SavedView[],
  );
  const keep = (next: SavedView[]): void => {
    localStorage.setItem(key, JSON.stringify(next));
    setViews(next);
  };
  return {
    views,
    save: (name, query) => keep([...views.filter((view) => view.name !== name), { id: name, name, query }]),
    remove: (id) => keep(views.filter((view) => view.id !== id)),
  };
}

/** Saved filters: apply one, keep the present ones under a name, remove one. */
export function SavedViewsMenu({
  views,
  current,
  names,
  onApply,
}: {
  readonly views: SavedViews;
  readonly current: SearchValues;
  readonly names: readonly string[];
  readonly onApply: (change: SearchValues) => void;
}) {
  const [name, setName] = useState('');
  const apply = (view: SavedView): void => {
    onApply({ ...Object.fromEntries(names.map((name) => [name, undefined])), ...readAddress(view.query) });
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== '')
      void Promise.resolve(views.save(name.trim(), writeAddress(current))).then(() => setName(''));
  };
  return (
    <Menu position="bottom-end" width={280} closeOnItemClick>
      <Menu.Target>
        <button type="button" className="x-button x-button--quiet">
          <Icon name="star" size={16} />
          {m.views_button()}
          {views.views.length === 0 ? null : <span className="x-count">{views.views.length}</span>}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {views.views.length === 0 ? <Menu.Label>{m.views_none()}</Menu.Label> : null}
        {views.views.map((view) => (
          <Menu.Item
            key={view.id}
            onClick={() => apply(view)}
            rightSection={view.shared === true ? m.views_shared() : undefined}
          >
            {view.name}
          </Menu.Item>
        ))}
        {views.views.length === 0 ? null : (
          <>
            <Menu.Divider />
            {views.views
              .filter((view) => view.shared !== true)
              .map((view) => (
                <Menu.Item key={view.id} color="red" onClick={() => void views.remove(view.id)}>
                  {m.views_remove({ name: view.name })}
                </Menu.Item>
              ))}
          </>
        )}
        <Menu.Divider />
        <form className="x-views__save" onSubmit={save}>
          <label htmlFor="view-name">{m.views_save_label()}</label>
          <div>
            <input
              id="view-name"
              className="x-input"
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.target.value)}
              onKeyDown={(event) => event.stopPropagation()}
            />
            <button type="submit" className="x-button x-button--quiet">
              {m.views_save()}
            </button>
          </div>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
