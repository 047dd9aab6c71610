import { createContext, use, type ReactNode } from 'react';
import type { Me } from '../client/session.ts';

/** Who looks at the console, within the shell. */
export interface Viewer extends Me {
  readonly isSandbox: boolean;
}

const ViewerContext = createContext<Viewer | null>(null);

export function ViewerProvider({ me, children }: { readonly me: Me; readonly children: ReactNode }) {
  return <ViewerContext value={{ ...me, isSandbox: me.space === 'test' }}>{children}</ViewerContext>;
}

/** The person who is signed in; null on pages before that. */
export function useViewer(): Viewer | null {
  return use(ViewerContext);
}

/** The person who is signed in. Only below the shell. */
export function useSignedIn(): Viewer {
  const viewer = use(ViewerContext);
  if (viewer === null) throw new Error('this part stands within the shell only');
  return viewer;
}

/** Whether the person holds a permission. */
export function useMay(permission: string): boolean {
  return useViewer()?.permissions.includes(permission) ?? false;
}
