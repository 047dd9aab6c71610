import type { ComponentType } from 'react';
import type { OrganisationKind, Permission } from '#platform/access';
import type { IconName } from '../components/icon.tsx';
import type { SearchSchema } from '../client/search-params.ts';
import type { Target } from '../components/app-link.tsx';

/** The navigation goes by job: what needs doing, where the facts come from, what went on, how to build on it. */
export const navGroups = ['today', 'act', 'texts', 'data', 'record', 'develop', 'settings'] as const;
export type NavGroup = (typeof navGroups)[number];

/** Who sees a page: anyone signed in, or holders of a permission; `kinds` narrows it to kinds of organisation. */
export interface Audience {
  readonly access?: Permission | undefined;
  readonly kinds?: readonly OrganisationKind[] | undefined;
  /** Only where the data are test data. */
  readonly sandboxOnly?: boolean | undefined;
}

export interface Page extends Audience {
  /** Path below `/console`, with `$parameters`: `/operators/$ubn`. */
  readonly path: string;
  /** For the navigation, the palette and until the page sets its own. */
  readonly title: () => string;
  /** The page's module; its default export is drawn. */
  readonly load: () => Promise<{ readonly default: ComponentType }>;
  /** Filters that the address may hold (`cursor` is always allowed); others are dropped. */
  readonly search?: SearchSchema;
  /** Its place in the navigation; pages without are reached from others. */
  readonly nav?: { readonly group: NavGroup; readonly order: number; readonly icon: IconName };
  /** Words beside the title under which the palette finds it. */
  readonly words?: string;
}

/** One thing that needs the person today, on the home page. */
export interface TodayItem {
  readonly id: string;
  readonly count: number;
  /** What it is: `項新的查核發現`. */
  readonly text: string;
  readonly detail?: string;
  readonly tone: 'danger' | 'warning' | 'info';
  readonly target: Target;
}

export interface TodaySource extends Audience {
  readonly id: string;
  readonly order: number;
  /** Items with a count of 0 are left out. */
  readonly load: (signal: AbortSignal) => Promise<readonly TodayItem[]>;
}

/** A part of the home page below today's items: a funnel, a ranking. */
export interface HomePanel extends Audience {
  readonly id: string;
  readonly order: number;
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

export interface SearchHit {
  readonly id: string;
  readonly title: string;
  readonly detail?: string;
  readonly icon: IconName;
  readonly target: Target;
}

/** Something that the global search asks. */
export interface SearchSource extends Audience {
  readonly id: string;
  readonly label: () => string;
  readonly search: (text: string, signal: AbortSignal) => Promise<readonly SearchHit[]>;
}

/** What a context adds to the console: the default export of its `web/pages.tsx`. */
export interface Contribution {
  readonly pages: readonly Page[];
  readonly today?: readonly TodaySource[];
  readonly panels?: readonly HomePanel[];
  readonly search?: readonly SearchSource[];
}

/** Whether a person sees something. */
export function isFor(
  audience: Audience,
  viewer: {
    readonly permissions: readonly string[];
    readonly organisation: { readonly kind: string };
    readonly isSandbox: boolean;
  },
): boolean {
  if (audience.sandboxOnly === true && !viewer.isSandbox) return false;
  if (audience.kinds !== undefined && !audience.kinds.some((kind) => kind === viewer.organisation.kind))
    return false;
  return audience.access === undefined || viewer.permissions.includes(audience.access);
}
