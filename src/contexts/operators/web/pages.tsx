import { m } from 'virtual:messages';
import type { Contribution } from '#web/index';
import { operatorHits } from './palette-search.ts';
import { findingsSearch, reconciliationSearch } from './search-schemas.ts';
import { todaySources } from './today.ts';

const access = 'operators.read';

/** The register and its reconciliation in the console. */
const operators: Contribution = {
  pages: [
    {
      path: '/reconciliation',
      title: () => m.operators_page_funnel(),
      load: () => import('./reconciliation.tsx'),
      access,
      search: reconciliationSearch,
      nav: { group: 'act', order: 1, icon: 'funnel' },
      words: 'funnel reconciliation run 漏斗 基準日',
    },
    {
      path: '/reconciliation/new',
      title: () => m.operators_page_run_new(),
      load: () => import('./run-new.tsx'),
      access: 'operators.reconcile',
    },
    {
      path: '/findings',
      title: () => m.operators_page_findings(),
      load: () => import('./findings.tsx'),
      access,
      search: findingsSearch,
      nav: { group: 'act', order: 2, icon: 'flag' },
      words: 'findings risk 風險',
    },
    {
      path: '/findings/$id',
      title: () => m.operators_page_finding(),
      load: () => import('./finding.tsx'),
      access,
    },
    {
      path: '/findings/$id/dismiss',
      title: () => m.operators_page_dismiss(),
      load: () => import('./dismiss-finding.tsx'),
      access: 'operators.judge',
    },
  ],
  today: todaySources,
  panels: [{ id: 'funnel', order: 10, access, load: () => import('./funnel-panel.tsx') }],
  search: [
    {
      id: 'operators',
      label: () => m.operators_page_operators(),
      access,
      search: operatorHits,
    },
  ],
};

export default operators;
