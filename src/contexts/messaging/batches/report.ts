/** What became of texts, from the tallies alone: of a batch, a service, an agency over a period. */
import { sql, type Kysely } from 'kysely';
import type { Caller } from '#platform/access';
import { TAIPEI } from '#platform/clock';
import { causeWords } from '../dispatch/status-cause.ts';
import type { MessagingTables } from '../tables.ts';
import { batchErrors } from './batch-errors.ts';
import { requireBatch } from './batch-row.ts';

const outcomes = ['delivered', 'undelivered', 'expired', 'rejected', 'unknown', 'cancelled'] as const;
type Outcome = (typeof outcomes)[number];

interface TallyRow {
  readonly link_id: string;
  readonly telecom: string | null;
  readonly hour: Date;
  readonly kind: string;
  readonly cause: string;
  readonly messages: number;
  readonly parts: number;
}

/** States add up: waiting + sending + submitted + every outcome = accepted. */
export interface Report {
  readonly accepted: number;
  readonly parts: number;
  readonly costCents: number | null;
  readonly waiting: number;
  readonly sending: number;
  readonly submitted: number;
  readonly outcomes: Record<Outcome, number>;
  readonly causes: { state: string; cause: string; zh: string; en: string; messages: number }[];
  readonly telecoms: { telecom: string; submitted: number; delivered: number; failed: number }[];
  readonly hours: { hour: string; submitted: number; delivered: number; failed: number }[];
}

export async function batchReport(db: Kysely<MessagingTables>, caller: Caller, id: string): Promise<Report> {
  const batch = await requireBatch(db, caller, id);
  const tallies = await sql<TallyRow>`
    select t.*, link.telecom from messaging.tally t left join messaging.link on link.id = t.link_id
    where t.subject_id = ${id} order by t.hour`.execute(db);
  const claimed = await sql<{ rows: number }>`
    select coalesce(sum(chunk.row_count), 0)::integer as rows from messaging.chunk_queue
    join messaging.chunk on chunk.id = chunk_queue.chunk_id
    where chunk_queue.batch_id = ${id} and chunk_queue.link_id is not null`.execute(db);
  return toReport(
    tallies.rows,
    claimed.rows[0]?.rows ?? 0,
    await priceOf(db, batch.organisation_id, batch.space),
  );
}

export interface Period {
  /** First and last legal day, `YYYY-MM-DD`. */
  readonly from: string;
  readonly until: string;
  readonly serviceId?: string;
}

/**
 * Of an agency over a period: its batches and single texts. A holder of `messaging.oversee` sees the whole space where it
 * asks for `all`: figures, never a number or a text.
 */
export async function periodReport(
  db: Kysely<MessagingTables>,
  caller: Caller,
  { from, until, serviceId }: Period,
  all: boolean,
): Promise<Report> {
  const first = Temporal.PlainDate.from(from);
  const last = Temporal.PlainDate.from(until);
  const days = first.until(last, { largestUnit: 'days' }).days;
  if (days < 0 || days > 365) throw batchErrors.report_period({ from, until });
  const begin = first.toZonedDateTime(TAIPEI).toInstant().toString();
  const end = last.add({ days: 1 }).toZonedDateTime(TAIPEI).toInstant().toString();
  const { organisation, space } = caller;
  const whose = all ? sql`true` : sql`organisation_id = ${organisation.id}`;
  const tallies = await sql<TallyRow>`
    with subject as (
      select id from messaging.batch where space = ${space} and ${whose}
        and (${serviceId ?? null}::text is null or service_id = ${serviceId ?? null})
      union all
      select id from messaging.service where space = ${space} and ${whose}
        and (${serviceId ?? null}::text is null or id = ${serviceId ?? null})
    )
    select t.link_id, link.telecom, t.hour, t.kind, t.cause, sum(t.messages)::bigint as messages, sum(t.parts)::bigint as parts
    from messaging.tally t join subject on subject.id = t.subject_id left join messaging.link on link.id = t.link_id
    where t.hour >= ${begin}::timestamptz and t.hour < ${end}::timestamptz
    group by 1, 2, 3, 4, 5 order by t.hour`.execute(db);
  return toReport(tallies.rows, 0, all ? null : await priceOf(db, organisation.id, space));
}

async function priceOf(
  db: Kysely<MessagingTables>,
  organisationId: string,
  space: 'test' | 'live',
): Promise<number | null> {
  const policy = await db
    .selectFrom('agency_policy')
    .select('part_price_cents')
    .where('organisation_id', '=', organisationId)
    .where('space', '=', space)
    .executeTakeFirst();
  return policy?.part_price_cents ?? null;
}

/** Pure: tallies into a report. `claimed`: rows of chunks that links hold. */
export function toReport(rows: readonly TallyRow[], claimed: number, priceCents: number | null): Report {
  const total = (kind: string, of: 'messages' | 'parts' = 'messages'): number =>
    rows.reduce((sum, row) => sum + (row.kind === kind ? row[of] : 0), 0);
  const accepted = total('accepted');
  const counts = Object.fromEntries(outcomes.map((state) => [state, total(state)])) as Record<
    Outcome,
    number
  >;
  const open = Math.max(0, accepted - outcomes.reduce((sum, state) => sum + counts[state], 0));
  // An outcome that a link told came after the telecom took the text; others ended before it.
  const answered = rows.reduce(
    (sum, row) =>
      row.link_id !== '' && ['delivered', 'undelivered', 'expired'].includes(row.kind)
        ? sum + row.messages
        : sum,
    0,
  );
  const submitted = Math.min(open, Math.max(0, total('submitted') - answered));
  const sending = Math.min(open - submitted, claimed);
  const submittedParts = total('submitted', 'parts');
  return {
    accepted,
    parts: total('accepted', 'parts'),
    costCents: priceCents === null ? null : submittedParts * priceCents,
    waiting: open - submitted - sending,
    sending,
    submitted,
    outcomes: counts,
    causes: causesOf(rows),
    telecoms: [...Map.groupBy(rows, (row) => row.telecom ?? '')]
      .filter(([telecom]) => telecom !== '')
      .map(([telecom, own]) => ({ telecom, ...progressOf(own) })),
    hours: [...Map.groupBy(rows, (row) => row.hour.toISOString())].map(([hour, own]) => ({
      hour,
      ...progressOf(own),
    })),
  };
}

function progressOf(rows: readonly TallyRow[]): { submitted: number; delivered: number; failed: number } {
  const sum = (...kinds: string[]): number =>
    rows.reduce((total, row) => total + (kinds.includes(row.kind) ? row.messages : 0), 0);
  return {
    submitted: sum('submitted'),
    delivered: sum('delivered'),
    failed: sum('undelivered', 'expired', 'rejected', 'unknown'),
  };
}

function causesOf(rows: readonly TallyRow[]): Report['causes'] {
  const failed = rows.filter((row) => row.cause !== '' && row.kind !== 'delivered');
  return [...Map.groupBy(failed, (row) => `${row.kind} ${row.cause}`).values()]
    .map((own) => {
      const { kind, cause } = own[0] as TallyRow;
      return {
        state: kind,
        cause,
        ...causeWords(cause),
        messages: own.reduce((sum, row) => sum + row.messages, 0),
      };
    })
    .filter(({ messages }) => messages > 0)
    .toSorted((a, b) => b.messages - a.messages);
}

/** A report as rows of a spreadsheet. */
export function* reportRows(report: Report): Generator<string[]> {
  yield ['項目 item', '細項 detail', '數量 count'];
  const line = (item: string, detail: string, count: number): string[] => [item, detail, String(count)];
  yield line('受理 accepted', '', report.accepted);
  yield line('則數 parts', '', report.parts);
  yield line('等待 waiting', '', report.waiting);
  yield line('發送中 sending', '', report.sending);
  yield line('已交電信 submitted', '', report.submitted);
  for (const [state, count] of Object.entries(report.outcomes)) yield line('結果 outcome', state, count);
  for (const { zh, en, messages } of report.causes) yield line('原因 cause', `${zh} ${en}`, messages);
  for (const { telecom, submitted, delivered, failed } of report.telecoms) {
    yield line(`電信 telecom ${telecom}`, 'submitted', submitted);
    yield line(`電信 telecom ${telecom}`, 'delivered', delivered);
    yield line(`電信 telecom ${telecom}`, 'failed', failed);
  }
  for (const { hour, submitted, delivered, failed } of report.hours) {
    yield line(`時段 hour ${hour}`, 'submitted', submitted);
    yield line(`時段 hour ${hour}`, 'delivered', delivered);
    yield line(`時段 hour ${hour}`, 'failed', failed);
  }
}
