import { m } from 'virtual:messages';
import { call, type TodayItem, type TodaySource } from '#web/index';
import { routes } from '../contract.ts';

/** Imports older than this no longer need anybody. */
const RECENT_MS = 30 * 24 * 3600 * 1000;
/** A page of matches at most; more is told as that many. */
const MATCHES = 200;

/** What the register has for today: grave findings, matches to judge, imports that wait, failed or lost rows. */
export const todaySources: readonly TodaySource[] = [
  { id: 'operators-findings', order: 10, access: 'operators.read', load: findings },
  { id: 'operators-matches', order: 20, access: 'operators.judge', load: matches },
  { id: 'operators-imports', order: 30, access: 'operators.import', load: imports },
];

async function findings(signal: AbortSignal): Promise<readonly TodayItem[]> {
  const { items } = await call(routes.countFindings, {}, { signal });
  const open = (severity: string): number =>
    items
      .filter((one) => one.state === 'open' && one.severity === severity)
      .reduce((sum, one) => sum + one.count, 0);
  return [
    {
      id: 'findings-critical',
      count: open('critical'),
      text: m.operators_today_critical(),
      detail: m.operators_today_critical_detail(),
      tone: 'danger',
      target: { to: '/findings', search: { severity: 'critical' } },
    },
    {
      id: 'findings-high',
      count: open('high'),
      text: m.operators_today_high(),
      detail: m.operators_today_high_detail(),
      tone: 'warning',
      target: { to: '/findings', search: { severity: 'high' } },
    },
  ];
}

async function matches(signal: AbortSignal): Promise<readonly TodayItem[]> {
  const { items } = await call(routes.listMatches, { query: { toJudge: true, limit: MATCHES } }, { signal });
  return [
    {
      id: 'matches',
      count: items.length,
      text: m.operators_today_matches(),
      detail: m.operators_today_matches_detail(),
      tone: 'warning',
      target: { to: '/matches' },
    },
  ];
}

/** The one import that a count means, or the list of them. */
const to = (found: readonly { id: string }[]): TodayItem['target'] =>
  found.length === 1 && found[0] !== undefined
    ? { to: '/imports/$id', params: { id: found[0].id } }
    : { to: '/imports' };

async function imports(signal: AbortSignal): Promise<readonly TodayItem[]> {
  const { items } = await call(routes.listImports, { query: { limit: 50 } }, { signal });
  const recent = items.filter((one) => Date.now() - Date.parse(one.createdAt) < RECENT_MS);
  const [newest] = recent.filter((one) => one.state === 'done');
  const rejected = newest?.files.reduce((sum, file) => sum + (file.rejectedRows ?? 0), 0) ?? 0;
  const state = (wanted: string) => recent.filter((one) => one.state === wanted);
  return [
    {
      id: 'imports-failed',
      count: state('failed').length,
      text: m.operators_today_failed(),
      detail: m.operators_today_failed_detail(),
      tone: 'danger',
      target: to(state('failed')),
    },
    {
      id: 'imports-waiting',
      count: state('previewed').length,
      text: m.operators_today_waiting(),
      detail: m.operators_today_waiting_detail(),
      tone: 'info',
      target: to(state('previewed')),
    },
    {
      id: 'imports-rejected',
      count: rejected,
      text: m.operators_today_rejected(),
      detail: m.operators_today_rejected_detail(),
      tone: 'info',
      target: to(newest === undefined ? [] : [newest]),
    },
  ];
}
