import { m } from 'virtual:messages';
import type { Contribution } from '#web/index';
import { operatorHits } from './palette-search.ts';
import {
  compareSearch,
  findingsSearch,
  importSearch,
  judgeSearch,
  matchesSearch,
  operatorSearch,
  operatorsSearch,
  reconciliationSearch,
  rulesSearch,
} from './search-schemas.ts';
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
    {
      path: '/matches',
      title: () => m.operators_page_matches(),
      load: () => import('./matches.tsx'),
      access,
      search: matchesSearch,
      nav: { group: 'act', order: 3, icon: 'link' },
      words: 'matches judge 比對',
    },
    {
      path: '/matches/judge',
      title: () => m.operators_page_judge(),
      load: () => import('./judge.tsx'),
      access,
      search: judgeSearch,
    },
    {
      path: '/judgements',
      title: () => m.operators_page_judgements(),
      load: () => import('./judgements.tsx'),
      access,
      search: matchesSearch,
    },
    {
      path: '/judgements/$id/undo',
      title: () => m.operators_page_undo(),
      load: () => import('./undo-judgement.tsx'),
      access: 'operators.judge',
    },
    {
      path: '/operators',
      title: () => m.operators_page_operators(),
      load: () => import('./operators.tsx'),
      access,
      search: operatorsSearch,
      nav: { group: 'data', order: 1, icon: 'building' },
      words: 'operators firms register 統一編號 公司',
    },
    {
      path: '/operators/$ubn',
      title: () => m.operators_page_operator(),
      load: () => import('./operator.tsx'),
      access,
      search: operatorSearch,
    },
    {
      path: '/operators/$ubn/declare',
      title: () => m.operators_page_declare(),
      load: () => import('./declare.tsx'),
      access: 'operators.judge',
    },
    {
      path: '/imports',
      title: () => m.operators_page_imports(),
      load: () => import('./imports.tsx'),
      access,
      nav: { group: 'data', order: 2, icon: 'import' },
      words: 'imports upload sources 上傳 來源',
    },
    {
      path: '/imports/new',
      title: () => m.operators_page_import_new(),
      load: () => import('./import-new.tsx'),
      access: 'operators.import',
    },
    {
      path: '/imports/$id',
      title: () => m.operators_page_import(),
      load: () => import('./import.tsx'),
      access,
      search: importSearch,
    },
    {
      path: '/runs',
      title: () => m.operators_page_runs(),
      load: () => import('./runs.tsx'),
      access,
      nav: { group: 'data', order: 3, icon: 'compare' },
      words: 'runs history compare 比較',
    },
    {
      path: '/runs/compare',
      title: () => m.operators_page_compare(),
      load: () => import('./compare.tsx'),
      access,
      search: compareSearch,
    },
    {
      path: '/rules',
      title: () => m.operators_page_rules(),
      load: () => import('./rules.tsx'),
      access,
      search: rulesSearch,
      nav: { group: 'data', order: 4, icon: 'scale' },
      words: 'rules weights law 法規 權重',
    },
    {
      path: '/rules/weights',
      title: () => m.operators_page_weights(),
      load: () => import('./weights.tsx'),
      access: 'operators.rules',
    },
    {
      path: '/own',
      title: () => m.operators_page_own(),
      load: () => import('./own.tsx'),
      access: 'operators.read-own',
      kinds: ['operator'],
      nav: { group: 'act', order: 1, icon: 'building' },
      words: 'own register entry 登記',
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
