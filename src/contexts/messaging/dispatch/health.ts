/** What a link says of itself each second, and which telecoms nobody reaches. */
import { sql } from 'kysely';
import type { Database } from '#platform/database';
import type { MessagingTables, Space } from '../tables.ts';
import type { LinkRunner } from './link-runner.ts';

/** Figures of one bind, as `link_health.figures` keeps them. */
export interface BindFigures {
  /** Parts written in the last second, and the rate aimed at now. */
  readonly partsLastSecond: number;
  readonly rate: number;
  readonly windowUsed: number;
  readonly windowSize: number;
  /** Times that the telecom asked for less, since the bind was made ready. */
  readonly throttles: number;
  /** Milliseconds from response to receipt, and of the telecom's clock before ours. */
  readonly receiptLagMs: number;
  readonly clockSkewMs: number;
  /** Since this process took the link: outcomes that became unknown, texts refused, receipts, those of unknown messages. */
  readonly unknown: number;
  readonly rejected: number;
  readonly receipts: number;
  readonly orphanReceipts: number;
  readonly awaitedReceipts: number;
  readonly commits: number;
  /** What stands in the way of a bind that is down. */
  readonly problem: string | null;
}

/** Seconds after which a figure is too old to count. */
export const HEALTH_HOLDS_SECONDS = 5;

/** Writes the figures of every bind of a link in one statement. */
export async function writeHealth(database: Database, linkId: string, runner: LinkRunner): Promise<void> {
  const { desk, counts, commits, windowSize, state } = runner;
  const { received, loose, lagMs, skewMs } = desk.figures;
  const rows = runner.binds.map((bind) => {
    const { session, rate } = bind;
    const figures: BindFigures = {
      partsLastSecond: rate.lastSecond,
      rate: Math.round(rate.current),
      windowUsed: session === null ? 0 : windowSize - session.room,
      windowSize,
      throttles: rate.throttles,
      receiptLagMs: lagMs,
      clockSkewMs: skewMs,
      unknown: counts.unknown,
      rejected: counts.rejected,
      receipts: received,
      orphanReceipts: loose,
      awaitedReceipts: desk.awaited.size,
      commits,
      problem: bind.problem,
    };
    const shown = session === null ? 'down' : state === 'draining' ? 'draining' : 'bound';
    return { number: bind.number, state: shown, figures: JSON.stringify(figures) };
  });
  await sql`
    insert into messaging.link_health (link_id, bind_no, at, state, figures)
    select ${linkId}, bind_no, now(), state, figures::jsonb
    from unnest(${rows.map(({ number }) => number)}::integer[], ${rows.map((row) => row.state)}::text[],
      ${rows.map(({ figures }) => figures)}::text[]) as fresh (bind_no, state, figures)
    on conflict (link_id, bind_no) do update
      set at = excluded.at, state = excluded.state, figures = excluded.figures`.execute(
    database.of<MessagingTables>('messaging'),
  );
}

/** Telecoms of a space that an enabled link reaches now. */
export async function telecomsUp(database: Database, space: Space): Promise<Set<string>> {
  const { rows } = await sql<{ telecom: string }>`
    select distinct link.telecom from messaging.link
    join messaging.link_health as health on health.link_id = link.id
    where link.space = ${space} and link.state = 'enabled' and health.state = 'bound'
      and health.at > now() - ${HEALTH_HOLDS_SECONDS} * interval '1 second'`.execute(
    database.of<MessagingTables>('messaging'),
  );
  return new Set(rows.map(({ telecom }) => telecom));
}
