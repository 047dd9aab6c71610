import { Outlet, useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { m } from 'virtual:messages';
import { ProblemError } from '../client/problem.ts';
import { useMe } from '../client/session.ts';
import { expectArrival } from '../components/arrival.ts';
import { ErrorState, Loading } from '../components/states.tsx';
import { Navigation } from './navigation.tsx';
import { useOwnLook } from './own-look.ts';
import { PaletteHost } from './palette-host.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
import { TopBar } from './top-bar.tsx';
import { ViewerProvider } from './viewer.tsx';

/** The frame around every page inside: navigation, bar, sandbox band, and the person whom they are for. */
export function Shell() {
  const me = useMe();
  const navigate = useNavigate();
  const here = useRouterState({ select: (state) => state.location.href });
  const isSignedOut = me.error instanceof ProblemError && me.error.status === 401;
  const missing = me.data?.secondFactor.missing ?? 'none';
  useOwnLook(me.data);
  useEffect(() => {
    if (isSignedOut) void navigate({ to: '/sign-in', search: { back: here }, replace: true });
    else if (missing !== 'none') void navigate({ to: '/second-factor', replace: true });
    // Only a change of the answer sends elsewhere; `here` is read at that moment.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isSignedOut, missing, navigate]);
  if (me.data === undefined || missing !== 'none') {
    return (
      <main className="x-alone">
        {me.error !== null && !isSignedOut ? (
          <ErrorState error={me.error} retry={() => void me.refetch()} />
        ) : (
          <Loading />
        )}
      </main>
    );
  }
  return (
    <ViewerProvider me={me.data}>
      <Frame isSandbox={me.data.space === 'test'} />
    </ViewerProvider>
  );
}

function Frame({ isSandbox }: { readonly isSandbox: boolean }) {
  const [menuOpen, setMenuOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useFocusOnArrival();
  useEffect(() => setMenuOpen(false), [path]);
  return (
    <div
      className="x-shell"
      data-menu={menuOpen ? 'open' : 'closed'}
      data-sandbox={isSandbox ? '' : undefined}
    >
      <a className="x-skip" href="#content">
        {m.shell_skip()}
      </a>
      {isSandbox ? (
        <aside className="x-sandbox" aria-label={m.sandbox_label()}>
          <strong>{m.sandbox_label()}</strong>
          <span>{m.sandbox_text()}</span>
        </aside>
      ) : null}
      <TopBar menuOpen={menuOpen} onMenu={() => setMenuOpen(!menuOpen)} />
      <Navigation />
      <button
        type="button"
        className="x-shell__veil"
        tabIndex={-1}
        aria-hidden="true"
        onClick={() => setMenuOpen(false)}
      />
      <main id="content" className="x-shell__main" tabIndex={-1}>
        <Outlet />
      </main>
      <PaletteHost />
      <ShortcutHelp />
    </div>
  );
}

/** Tells the headings that a move to another page is under way. */
function useFocusOnArrival(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onBeforeNavigate', ({ pathChanged }) => {
        if (pathChanged) expectArrival();
      }),
    [router],
  );
}
