import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  type AnyRoute,
  type AnyRouter,
} from '@tanstack/react-router';
import { lazy } from 'react';
import { parseSearch, readAddress, text, writeAddress, type SearchSchema } from '../client/search-params.ts';
import { FailedPage } from '../pages/failed.tsx';
import NotFoundPage from '../pages/not-found.tsx';
import { pages, publicPages } from './all-pages.ts';
import type { Page } from './registry.ts';
import { PageGate } from './page-gate.tsx';
import { Shell } from './shell.tsx';

const everywhere: SearchSchema = { cursor: text(400) };

/** The router over the pages of the shell and of every context. */
export function createConsoleRouter(): AnyRouter {
  const root = createRootRoute({
    component: Outlet,
    notFoundComponent: NotFoundPage,
    errorComponent: FailedPage,
  });
  const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });
  const inside = pages.map((page) => routeOf(page, shell));
  const outside = publicPages.map((page) => routeOf(page, root));
  const tree = root.addChildren([...outside, shell.addChildren(inside)] as AnyRoute[]);
  return createRouter({
    routeTree: tree,
    basepath: '/console',
    defaultPreload: 'intent',
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: FailedPage,
    scrollRestoration: true,
    parseSearch: (search) => readAddress(search),
    stringifySearch: (values) => writeAddress(values),
  }) as AnyRouter;
}

function routeOf(page: Page, parent: AnyRoute): AnyRoute {
  const Content = lazy(page.load);
  const schema = { ...everywhere, ...page.search };
  return createRoute({
    getParentRoute: () => parent,
    path: page.path,
    validateSearch: (raw: Record<string, unknown>) => parseSearch(schema, raw),
    component: () => (
      <PageGate page={page}>
        <Content />
      </PageGate>
    ),
    loader: async () => {
      await page.load();
    },
  });
}
