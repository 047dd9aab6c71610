import { useQueries } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, type ComponentType } from 'react';
import { m } from 'virtual:messages';
import { homePanels, todaySources } from '../app/all-pages.ts';
import { isFor, type HomePanel, type TodayItem, type TodaySource } from '../app/registry.ts';
import { useSignedIn } from '../app/viewer.tsx';
import { AppLink } from '../components/app-link.tsx';
import { RocDate } from '../components/figures.tsx';
import { count } from '../components/format.ts';
import { Icon } from '../components/icon.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { EmptyState, Loading } from '../components/states.tsx';
import { ownTodaySources } from './today-sources.ts';

const marks = { danger: 'stop', warning: 'alert', info: 'info' } as const;

/** What needs the person today, then the panels of the contexts. */
export default function HomePage() {
  const viewer = useSignedIn();
  const sources = [...ownTodaySources, ...todaySources]
    .filter((source) => isFor(source, viewer))
    .sort((a, b) => a.order - b.order);
  const panels = homePanels.filter((panel) => isFor(panel, viewer));
  const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Taipei' });
  return (
    <div className="x-page">
      <PageHeader
        title={m.home_title({ name: viewer.person?.name ?? viewer.organisation.nameZh })}
        lead={<RocDate day={today} />}
      />
      <Today sources={sources} />
      {panels.map((panel) => (
        <Panel key={panel.id} panel={panel} />
      ))}
    </div>
  );
}

function Today({ sources }: { readonly sources: readonly TodaySource[] }) {
  const results = useQueries({
    queries: sources.map((source) => ({
      queryKey: ['today', source.id],
      queryFn: ({ signal }: { signal: AbortSignal }) => source.load(signal),
    })),
  });
  const items = results.flatMap(({ data }) => data ?? []).filter((item) => item.count > 0);
  const isLoading = results.some(({ isPending }) => isPending);
  return (
    <section className="x-section" aria-labelledby="today-title">
      <h2 id="today-title">{m.home_today()}</h2>
      {items.length === 0 && isLoading ? <Loading rows={3} /> : null}
      {items.length === 0 && !isLoading ? (
        <div className="x-card">
          <EmptyState icon="check" title={m.home_nothing()}>
            {m.home_nothing_text()}
          </EmptyState>
        </div>
      ) : null}
      <ul className="x-today">
        {items.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}

function Item({ item }: { readonly item: TodayItem }) {
  return (
    <li>
      <AppLink {...item.target} className={`x-today__item x-today__item--${item.tone}`}>
        <Icon name={marks[item.tone]} />
        <span className="x-today__count x-numbers">{count(item.count)}</span>
        <span className="x-today__text">
          <strong>{item.text}</strong>
          {item.detail === undefined ? null : <span>{item.detail}</span>}
        </span>
        <Icon name="next" size={18} />
      </AppLink>
    </li>
  );
}

function Panel({ panel }: { readonly panel: HomePanel }) {
  const Content = useMemo<ComponentType>(() => lazy(panel.load), [panel]);
  return (
    <Suspense fallback={<Loading rows={6} />}>
      <Content />
    </Suspense>
  );
}
