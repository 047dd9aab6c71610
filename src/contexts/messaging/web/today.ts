import { m } from 'virtual:messages';
import { call, type TodayItem, type TodaySource } from '#web/index';
import { routes } from '../contract.ts';

/** A page of each; more is told as that many. */
const MOST = 200;

/** What 111 has for today: approvals that wait, batches under way or stuck, a quota that runs low, the ministry's decisions. */
export const todaySources: readonly TodaySource[] = [
  { id: 'messaging-approvals', order: 11, access: 'messaging.approve', load: approvals },
  { id: 'messaging-batches', order: 12, access: 'messaging.send', load: batches },
  { id: 'messaging-quota', order: 13, access: 'messaging.read', kinds: ['agency', 'police'], load: quota },
  { id: 'messaging-oversight', order: 14, access: 'messaging.oversee', kinds: ['ministry'], load: oversight },
];

async function approvals(signal: AbortSignal): Promise<readonly TodayItem[]> {
  const [sealed, submitted] = await Promise.all([
    call(routes.listBatches, { query: { state: 'sealed', limit: MOST } }, { signal }),
    call(routes.listVersions, { query: { state: 'submitted', limit: MOST } }, { signal }),
  ]);
  return [
    {
      id: 'messaging-approvals',
      count: sealed.items.length + submitted.items.length,
      text: m.messaging_today_approvals(),
      detail: m.messaging_today_approvals_detail(),
      tone: 'warning',
      target: { to: '/messaging/approvals' },
    },
  ];
}

async function batches(signal: AbortSignal): Promise<readonly TodayItem[]> {
  const of = async (state: 'sending' | 'paused' | 'checked') =>
    (await call(routes.listBatches, { query: { state, limit: MOST } }, { signal })).items;
  const [sending, paused, checked] = await Promise.all([of('sending'), of('paused'), of('checked')]);
  const item = (
    id: string,
    found: readonly { readonly id: string }[],
    state: string,
    texts: { readonly text: string; readonly detail: string; readonly tone: TodayItem['tone'] },
  ): TodayItem => ({
    id,
    count: found.length,
    ...texts,
    target:
      found.length === 1 && found[0] !== undefined
        ? { to: '/messaging/batches/$id', params: { id: found[0].id } }
        : { to: '/messaging/batches', search: { state } },
  });
  return [
    item('messaging-paused', paused, 'paused', {
      text: m.messaging_today_paused(),
      detail: m.messaging_today_paused_detail(),
      tone: 'danger',
    }),
    item('messaging-checked', checked, 'checked', {
      text: m.messaging_today_checked(),
      detail: m.messaging_today_checked_detail(),
      tone: 'info',
    }),
    item('messaging-sending', sending, 'sending', {
      text: m.messaging_today_sending(),
      detail: m.messaging_today_sending_detail(),
      tone: 'info',
    }),
  ];
}

async function quota(signal: AbortSignal): Promise<readonly TodayItem[]> {
  const { used, limit, policy } = await call(routes.getQuota, {}, { signal });
  const percent = limit === 0 ? 100 : Math.floor((used / limit) * 100);
  return [
    {
      id: 'messaging-quota',
      count: percent >= policy.warnPercent ? percent : 0,
      text: m.messaging_today_quota(),
      detail: m.messaging_today_quota_detail(),
      tone: 'danger',
      target: { to: '/messaging/quota' },
    },
  ];
}

async function oversight(signal: AbortSignal): Promise<readonly TodayItem[]> {
  const { items } = await call(routes.listVersionsToDecide, { query: { limit: MOST } }, { signal });
  return [
    {
      id: 'messaging-first-templates',
      count: items.length,
      text: m.messaging_today_first(),
      detail: m.messaging_today_first_detail(),
      tone: 'warning',
      target: { to: '/messaging/agencies' },
    },
  ];
}
