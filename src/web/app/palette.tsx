import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/spotlight/styles.css';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useState } from 'react';
import { m } from 'virtual:messages';
import { Icon } from '../components/icon.tsx';
import { pages, searchSources } from './all-pages.ts';
import { isFor, type SearchHit, type SearchSource } from './registry.ts';
import { useSignedIn, type Viewer } from './viewer.tsx';

const [store, palette] = createSpotlight();

/** The global search: pages at once, and what the contexts find by their API. */
export default function Palette({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) {
  const viewer = useSignedIn();
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const wanted = useDeferredValue(query.normalize('NFKC').trim());
  useEffect(() => {
    if (isOpen) palette.open();
  }, [isOpen]);
  const go = (hit: SearchHit) => () =>
    void navigate({ to: hit.target.to, params: hit.target.params ?? {}, search: hit.target.search ?? {} });
  const groups = [
    { label: m.palette_pages(), hits: pagesFor(viewer, wanted), busy: false },
    ...useSources(viewer, wanted),
  ];
  const shown = groups.filter(({ hits }) => hits.length > 0);
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      onSpotlightClose={onClose}
      clearQueryOnClose
      scrollable
      maxHeight="min(28rem, 70vh)"
      transitionProps={{ duration: 0 }}
      aria-label={m.shell_search()}
    >
      <Spotlight.Search
        placeholder={m.palette_placeholder()}
        aria-label={m.shell_search()}
        leftSection={<Icon name="search" />}
      />
      <Spotlight.ActionsList>
        {shown.map((group) => (
          <Spotlight.ActionsGroup key={group.label} label={group.label}>
            {group.hits.map((hit) => (
              <Spotlight.Action
                key={hit.id}
                onClick={go(hit)}
                label={hit.title}
                {...(hit.detail !== undefined && { description: hit.detail })}
                leftSection={<Icon name={hit.icon} />}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {shown.length === 0 ? (
          <Spotlight.Empty>
            {groups.some(({ busy }) => busy) ? m.loading() : m.palette_nothing({ text: wanted })}
          </Spotlight.Empty>
        ) : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function pagesFor(viewer: Viewer, wanted: string): SearchHit[] {
  const text = wanted.toLowerCase();
  return pages
    .filter((page) => page.nav !== undefined && isFor(page, viewer))
    .filter((page) => text === '' || `${page.title()} ${page.words ?? ''}`.toLowerCase().includes(text))
    .slice(0, 8)
    .map((page) => ({
      id: page.path,
      title: page.title(),
      icon: page.nav?.icon ?? 'dot',
      target: { to: page.path },
    }));
}

function useSources(
  viewer: Viewer,
  wanted: string,
): { label: string; hits: readonly SearchHit[]; busy: boolean }[] {
  const mine = searchSources.filter((source) => isFor(source, viewer));
  const found = useQuery<readonly Found[]>({
    queryKey: ['palette', wanted],
    enabled: wanted.length > 0,
    placeholderData: (before) => before,
    queryFn: ({ signal }) => Promise.all(mine.map((source) => ask(source, wanted, signal))),
  });
  if (wanted === '') return [];
  return (found.data ?? [])
    .map(({ source, hits }) => ({ label: source.label(), hits, busy: found.isFetching }))
    .concat(found.data === undefined ? [{ label: '', hits: [], busy: true }] : []);
}

interface Found {
  readonly source: SearchSource;
  readonly hits: readonly SearchHit[];
}

/** One source that fails leaves the others' answers standing. */
async function ask(source: SearchSource, text: string, signal: AbortSignal): Promise<Found> {
  try {
    return { source, hits: await source.search(text, signal) };
  } catch {
    return { source, hits: [] };
  }
}
