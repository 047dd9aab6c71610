import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SearchValues } from '../client/url-state.ts';

export interface Target {
  /** Path below `/console`, with `$parameters`: `/operators/$ubn`. */
  readonly to: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly search?: SearchValues;
}

/** A link within the console. */
export function AppLink({
  to,
  params,
  search,
  className,
  children,
  label,
}: Target & { readonly className?: string; readonly children: ReactNode; readonly label?: string }) {
  return (
    <Link
      to={to}
      params={params ?? {}}
      search={search ?? {}}
      className={className ?? 'x-link'}
      {...(label !== undefined && { 'aria-label': label })}
    >
      {children}
    </Link>
  );
}

/** A link that looks like a button: it goes somewhere, it does nothing. */
export function ButtonLink({
  kind = 'quiet',
  ...target
}: Target & { readonly kind?: 'primary' | 'quiet'; readonly children: ReactNode }) {
  return <AppLink {...target} className={`x-button x-button--${kind}`} />;
}
