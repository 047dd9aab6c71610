/** What a batch will cost, and when its last recipient has it, before anybody approves it. */
import { sql, type Kysely } from 'kysely';
import type { MessagingTables } from '../tables.ts';
import { wayTo } from '../routing/route.ts';
import { telecoms, type Telecom } from '../routing/telecoms.ts';
import { lastOut, type SendingHours } from './quiet-hours.ts';

export interface Estimate {
  readonly costCents: number | null;
  /** Seconds of sending at the contracted rates; null where a telecom of some numbers has no link. */
  readonly seconds: number | null;
  readonly lastOutAt: string | null;
  /** The last text would go out after the batch is no longer valid. */
  readonly exceedsValidity: boolean;
}

export interface EstimateInput {
  readonly organisationId: string;
  readonly space: 'test' | 'live';
  readonly parts: number;
  readonly partsByTelecom: Readonly<Record<string, number>>;
  readonly startAt: Temporal.Instant;
  readonly validHours: number;
  readonly hours: SendingHours;
}

export async function estimate(db: Kysely<MessagingTables>, input: EstimateInput): Promise<Estimate> {
  const { organisationId, space, parts, startAt, hours } = input;
  const policy = await db
    .selectFrom('agency_policy')
    .select('part_price_cents')
    .where('organisation_id', '=', organisationId)
    .where('space', '=', space)
    .executeTakeFirst();
  const links = await db
    .selectFrom('link')
    .select(['telecom', 'options', 'parts_per_second'])
    .where('space', '=', space)
    .where('state', '=', 'enabled')
    .execute();
  const { rows } = await sql<{ telecom: string; rate: number }>`
    select telecom, sum(parts_per_second)::integer as rate from messaging.link
    where space = ${space} and state = 'enabled' group by telecom`.execute(db);
  const rates = new Map(rows.map(({ telecom, rate }) => [telecom, rate]));
  const byWay = new Map<string, number>();
  for (const [telecom, count] of Object.entries(input.partsByTelecom)) {
    const known = (telecoms as readonly string[]).includes(telecom);
    const way = known ? wayTo(telecom as Telecom, links) : telecom;
    byWay.set(way, (byWay.get(way) ?? 0) + count);
  }
  let seconds: number | null = 0;
  for (const [way, count] of byWay) {
    const rate = rates.get(way);
    seconds = rate === undefined || seconds === null ? null : Math.max(seconds, count / rate);
  }
  const lastAt = seconds === null ? null : lastOut(hours, startAt, seconds);
  const validUntil = startAt.add({ hours: input.validHours });
  return {
    costCents: policy === undefined ? null : parts * policy.part_price_cents,
    seconds: seconds === null ? null : Math.ceil(seconds),
    lastOutAt: lastAt?.toString() ?? null,
    exceedsValidity: lastAt !== null && Temporal.Instant.compare(lastAt, validUntil) > 0,
  };
}
