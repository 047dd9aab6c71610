/** Parts that an agency may still send this month: reserved where texts are accepted, in the same transaction. */
import { sql } from 'kysely';
import type { Clock } from '#platform/clock';
import type { AnyTransaction } from '#platform/database';
import type { Notifications } from '#platform/notifications/notifications';
import type { Outbox } from '#platform/outbox/outbox';
import type { Space } from '../tables.ts';
import { catalogueErrors } from './catalogue-errors.ts';

export interface QuotaDeps {
  readonly clock: Clock;
  readonly outbox: Pick<Outbox, 'publish'>;
  readonly notifications: Pick<Notifications, 'notify'>;
}

export interface Reservation {
  readonly organisationId: string;
  readonly space: Space;
  readonly parts: number;
}

interface Reserved {
  readonly limit_parts: number;
  readonly used: number;
  readonly taken: boolean;
  readonly warns: boolean;
  readonly warn_percent: number;
}

/** First day of the month that a text counts in, Asia/Taipei. */
export const quotaMonth = (day: Temporal.PlainDate): string => day.with({ day: 1 }).toString();

/**
 * Takes parts off the month's quota, or throws `messaging.quota_exceeded`; without a policy `messaging.quota_not_set`.
 * The limit is the smaller of the parts and of what the budget pays. One statement; it holds the agency's row until the
 * commit, so it comes late in a transaction, and agencies in the order of their ids. At the warning level it tells the
 * agency once a month.
 */
export async function reserveParts(
  { clock, outbox, notifications }: QuotaDeps,
  trx: AnyTransaction,
  { organisationId, space, parts }: Reservation,
): Promise<void> {
  const month = quotaMonth(clock.today());
  const { rows } = await sql<Reserved>`
    with policy as (
      select least(month_parts, month_ntd::bigint * 100 / nullif(part_price_cents, 0)) as most, warn_percent
      from messaging.agency_policy where organisation_id = ${organisationId} and space = ${space}
    ), taken as (
      insert into messaging.quota_use as q (organisation_id, space, month, parts, warned_at)
      select ${organisationId}, ${space}, ${month}::date, ${parts}::bigint,
        case when ${parts}::bigint * 100 >= most * warn_percent then ${clock.now().toString()}::timestamptz end
      from policy where ${parts}::bigint <= most
      on conflict (organisation_id, space, month) do update set parts = q.parts + excluded.parts,
        warned_at = coalesce(q.warned_at, case
          when (q.parts + excluded.parts) * 100 >= (select most * warn_percent from policy)
          then ${clock.now().toString()}::timestamptz end)
      where q.parts + excluded.parts <= (select most from policy)
      returning new.parts, old.warned_at is null and new.warned_at is not null as warns
    )
    select policy.most as limit_parts, policy.warn_percent, taken.parts is not null as taken,
      coalesce(taken.warns, false) as warns, coalesce(taken.parts, q.parts, 0) as used
    from policy left join taken on true
    left join messaging.quota_use q on q.organisation_id = ${organisationId} and q.space = ${space}
      and q.month = ${month}::date`.execute(trx);
  const [row] = rows;
  if (row === undefined) throw catalogueErrors.quota_not_set();
  const { limit_parts: limit, used } = row;
  if (!row.taken) throw catalogueErrors.quota_exceeded({ limit, used, parts });
  if (!row.warns) return;
  await outbox.publish(trx, {
    type: 'messaging.quota_warning',
    payload: { month, used, limit, warnPercent: row.warn_percent },
    organisationId,
    space,
  });
  await notifications.notify(trx, {
    organisationId,
    space,
    kind: 'messaging.quota_warning',
    text: {
      zh: `本月簡訊額度 ${limit} 則已用 ${used} 則（警示線 ${row.warn_percent}%）`,
      en: `${used} of ${limit} parts of this month are used (warning at ${row.warn_percent} %)`,
    },
    link: '/console/messaging/quota',
  });
}

/** Gives parts back that were reserved on a day and never sent; never below nothing. One statement. */
export async function returnParts(
  { clock }: Pick<QuotaDeps, 'clock'>,
  trx: AnyTransaction,
  { organisationId, space, parts, reservedOn }: Reservation & { readonly reservedOn?: Temporal.PlainDate },
): Promise<void> {
  await sql`
    update messaging.quota_use set parts = greatest(0, parts - ${parts}::bigint)
    where organisation_id = ${organisationId} and space = ${space}
      and month = ${quotaMonth(reservedOn ?? clock.today())}::date`.execute(trx);
}
