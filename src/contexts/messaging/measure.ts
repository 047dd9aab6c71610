/** What of texts is watched from outside: how much waits, how late it is, how many binds stand, what is unknown. */
import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Metrics } from '#platform/observability/metrics';
import type { MessagingTables } from './tables.ts';

export function measureTexts(db: Kysely<MessagingTables>, metrics: Pick<Metrics, 'gauge'>): void {
  const read = async (query: RawBuilder<{ value: number }>): Promise<number> =>
    (await query.execute(db)).rows[0]?.value ?? 0;
  metrics.gauge('xinlai_messaging_chunks_waiting', 'Chunks of texts that wait for a link', () =>
    read(
      sql`select count(*)::int as value from messaging.chunk_queue where link_id is null and not_before <= now()`,
    ),
  );
  metrics.gauge('xinlai_messaging_oldest_seconds', 'Age of the oldest due chunk that no link has', () =>
    read(sql`select coalesce(extract(epoch from now() - min(not_before)), 0)::float8 as value
      from messaging.chunk_queue where link_id is null and not_before <= now()`),
  );
  metrics.gauge('xinlai_messaging_binds_up', 'Binds to telecoms that stand', () =>
    read(sql`select count(*)::int as value from messaging.link_health
      where state = 'bound' and at > now() - interval '10 seconds'`),
  );
  metrics.gauge('xinlai_messaging_unknown', 'Texts of the last day whose outcome is unknown', () =>
    read(sql`select coalesce(sum(messages), 0)::int as value from messaging.tally
      where kind = 'unknown' and hour > now() - interval '1 day'`),
  );
  metrics.gauge('xinlai_messaging_receipts_loose', 'Receipts that wait for their text', () =>
    read(sql`select count(*)::int as value from messaging.receipt where settled_at is null`),
  );
}
