/** What the ministry allows an agency: parts and money a month, the price of a part, when a second person is asked. */
import { sql, type Kysely, type Transaction } from 'kysely';
import type { Caller } from '#platform/access';
import { toPage, parseCursor } from '#platform/http/cursor';
import type { MessagingTables, Space } from '../tables.ts';
import { quotaMonth } from './quota.ts';

export interface AgencyPolicy {
  readonly monthParts: number;
  /** NT$; the smaller of what it pays and `monthParts` counts. */
  readonly monthNtd: number;
  /** Hundredths of NT$. */
  readonly partPriceCents: number;
  readonly warnPercent: number;
  /** A batch of so many rows or more is approved by another person. */
  readonly fourEyesRows: number;
}

/** The policy of an agency, or null where the ministry set none: then nothing can be sent. */
export async function agencyPolicy(
  db: Kysely<MessagingTables>,
  organisationId: string,
  space: Space,
): Promise<AgencyPolicy | null> {
  const row = await db
    .selectFrom('agency_policy')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('space', '=', space)
    .executeTakeFirst();
  return row === undefined
    ? null
    : {
        monthParts: row.month_parts,
        monthNtd: row.month_ntd,
        partPriceCents: row.part_price_cents,
        warnPercent: row.warn_percent,
        fourEyesRows: row.four_eyes_rows,
      };
}

/** Sets the policy; a warning of this month is given again at the new level. */
export async function setAgencyPolicy(
  trx: Transaction<MessagingTables>,
  organisationId: string,
  space: Space,
  policy: AgencyPolicy,
  today: Temporal.PlainDate,
): Promise<void> {
  const values = {
    month_parts: policy.monthParts,
    month_ntd: policy.monthNtd,
    part_price_cents: policy.partPriceCents,
    warn_percent: policy.warnPercent,
    four_eyes_rows: policy.fourEyesRows,
  };
  await trx
    .insertInto('agency_policy')
    .values({ organisation_id: organisationId, space, ...values })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'space']).doUpdateSet(values))
    .execute();
  await trx
    .updateTable('quota_use')
    .set({ warned_at: null })
    .where('organisation_id', '=', organisationId)
    .where('space', '=', space)
    .where('month', '=', quotaMonth(today))
    .execute();
}

/** Parts that a month allows: the smaller of the count and of what the budget pays. */
export function limitOf({ monthParts, monthNtd, partPriceCents }: AgencyPolicy): number {
  return partPriceCents === 0
    ? monthParts
    : Math.min(monthParts, Math.floor((monthNtd * 100) / partPriceCents));
}

export interface QuotaUse {
  readonly month: string;
  readonly used: number;
  readonly limit: number;
  readonly left: number;
  /** NT$, rounded up. */
  readonly spentNtd: number;
  /** Parts of the whole month if it goes on as on the days so far; null on its first day. */
  readonly forecast: number | null;
  readonly policy: AgencyPolicy;
  readonly earlier: { month: string; parts: number }[];
}

/** Use of the running month with a forecast, and of the eleven before; null without a policy. */
export async function quotaUse(
  db: Kysely<MessagingTables>,
  organisationId: string,
  space: Space,
  today: Temporal.PlainDate,
): Promise<QuotaUse | null> {
  const policy = await agencyPolicy(db, organisationId, space);
  if (policy === null) return null;
  const month = quotaMonth(today);
  const rows = await db
    .selectFrom('quota_use')
    .select(['month', 'parts'])
    .where('organisation_id', '=', organisationId)
    .where('space', '=', space)
    .where('month', '<=', month)
    .orderBy('month', 'desc')
    .limit(12)
    .execute();
  const used = rows.find((row) => row.month === month)?.parts ?? 0;
  const limit = limitOf(policy);
  return {
    month,
    used,
    limit,
    left: Math.max(0, limit - used),
    spentNtd: costNtd(used, policy.partPriceCents),
    forecast: today.day === 1 ? null : Math.round((used / today.day) * today.daysInMonth),
    policy,
    earlier: rows.filter((row) => row.month !== month).map((row) => ({ month: row.month, parts: row.parts })),
  };
}

/** NT$ of so many parts, rounded up. */
export const costNtd = (parts: number, partPriceCents: number): number =>
  Math.ceil((parts * partPriceCents) / 100);

/** Use of every agency in the space this month, by organisation: for the ministry. */
export async function listQuotaUse(
  db: Kysely<MessagingTables>,
  caller: Caller,
  today: Temporal.PlainDate,
  page: { limit?: number; cursor?: string },
) {
  const limit = page.limit ?? 50;
  const after = parseCursor(page.cursor, 'text')?.[0] ?? '';
  const { rows } = await sql<{
    organisation_id: string;
    most: number;
    used: number;
    month_parts: number;
    month_ntd: number;
    part_price_cents: number;
    warn_percent: number;
    four_eyes_rows: number;
  }>`
    select p.*, least(p.month_parts, p.month_ntd::bigint * 100 / nullif(p.part_price_cents, 0)) as most,
      coalesce(q.parts, 0) as used
    from messaging.agency_policy p left join messaging.quota_use q
      on q.organisation_id = p.organisation_id and q.space = p.space and q.month = ${quotaMonth(today)}::date
    where p.space = ${caller.space} and p.organisation_id > ${after}
    order by p.organisation_id limit ${limit + 1}`.execute(db);
  return toPage(
    rows,
    limit,
    (row) => [row.organisation_id],
    (row) => ({
      organisationId: row.organisation_id,
      used: row.used,
      limit: row.most,
      policy: {
        monthParts: row.month_parts,
        monthNtd: row.month_ntd,
        partPriceCents: row.part_price_cents,
        warnPercent: row.warn_percent,
        fourEyesRows: row.four_eyes_rows,
      },
    }),
  );
}
