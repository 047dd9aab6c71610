import { Suspense, type ReactNode } from 'react';
import { Loading } from '../components/states.tsx';
import { ForbiddenPage } from '../pages/forbidden.tsx';
import { isFor, type Page } from './registry.ts';
import { useViewer } from './viewer.tsx';

/** Shows a page to those it is for. The server decides again at every call. */
export function PageGate({ page, children }: { readonly page: Page; readonly children: ReactNode }) {
  const viewer = useViewer();
  if (viewer !== null && !isFor(page, viewer)) return <ForbiddenPage />;
  return <Suspense fallback={<Loading rows={8} />}>{children}</Suspense>;
}
