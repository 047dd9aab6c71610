import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import type { EndpointRow } from './endpoints.ts';
import { send, type SendOutcome } from './send.ts';
import type { WebhooksContext } from './webhooks.ts';

/** Seconds before each next attempt: 13 attempts in 72 hours. */
export const gaps: readonly number[] = [
  5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200, 64_800, 93_645,
];
/** An endpoint that has failed for this long without one success is switched off. */
const DISABLE_AFTER = { hours: 24 * 5 };
const ROUND = 40;
const PER_ENDPOINT = 4;

interface Due extends EndpointRow {
  readonly delivery_id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly body: string;
  readonly attempts: number;
}

export interface Dispatcher {
  /** Claims what is due and begins to send it; answers how many. */
  round(): Promise<number>;
  /** Waits for what is being sent. */
  settle(): Promise<void>;
}

/** Sends due deliveries, a few at a time for each endpoint, so that a slow one keeps only its own places. */
export function createDispatcher(context: WebhooksContext, onSent: () => void): Dispatcher {
  const connection = context.database.of('webhooks');
  const underWay = new Map<string, number>();
  const work = new Set<Promise<void>>();

  async function round(): Promise<number> {
    const room = ROUND - work.size;
    if (room <= 0) return 0;
    const full = [...underWay].filter(([, count]) => count >= PER_ENDPOINT).map(([id]) => id);
    // The lease frees a delivery whose process dies while sending; the receiver knows a repeat by its webhook-id.
    const { rows } = await sql<Due>`
      with due as (
        select d.id from webhooks.endpoint e cross join lateral (
          select id from webhooks.delivery where endpoint_id = e.id and state = 'waiting'
            and next_at <= ${context.clock.now().toString()}::timestamptz and (leased_until is null or leased_until < now())
          order by next_at limit ${PER_ENDPOINT} for update skip locked) as d
        where e.enabled and e.id <> all(${full}::text[]) limit ${room}
      ), claimed as (
        update webhooks.delivery set leased_until = now() + interval '1 minute', attempts = attempts + 1
        where id in (select id from due) returning *
      )
      select e.*, claimed.id as delivery_id, event_id, event_type, body, attempts
      from claimed join webhooks.endpoint e on e.id = claimed.endpoint_id`.execute(connection);
    for (const due of rows) {
      underWay.set(due.id, (underWay.get(due.id) ?? 0) + 1);
      const one = deliver(due)
        .catch((error: unknown) =>
          context.log.error({ err: error, delivery: due.delivery_id }, 'webhook delivery failed'),
        )
        .finally(() => {
          const left = (underWay.get(due.id) ?? 1) - 1;
          if (left === 0) underWay.delete(due.id);
          else underWay.set(due.id, left);
          work.delete(one);
          onSent();
        });
      work.add(one);
    }
    return rows.length;
  }

  async function deliver(due: Due): Promise<void> {
    // Receivers compare the timestamp with their own clock: never the test clock.
    const at = new Date();
    const secrets = [context.secretBox.open(due.secret_sealed)];
    const overlaps =
      due.previous_until !== null && due.previous_until.getTime() > context.clock.now().epochMilliseconds;
    if (overlaps && due.previous_secret_sealed !== null)
      secrets.push(context.secretBox.open(due.previous_secret_sealed));
    const outcome = await send(
      due.url,
      {
        'content-type': 'application/json',
        'user-agent': 'Xinlai-Webhooks/1',
        'webhook-id': due.event_id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': secrets
          .map((secret) => new Webhook(secret).sign(due.event_id, at, due.body))
          .join(' '),
      },
      due.body,
      context.guard,
    );
    await settleOutcome(due, outcome);
  }

  async function settleOutcome(due: Due, outcome: SendOutcome): Promise<void> {
    const now = context.clock.now();
    const gap = gaps[due.attempts - 1];
    const gone = outcome.status === 410;
    const failed = !outcome.ok && (gap === undefined || gone);
    const seconds = Math.max(
      (gap ?? 0) * (0.95 + Math.random() * 0.1),
      Math.min(outcome.retryAfter ?? 0, 86_400),
    );
    const nextAt = now.add({ milliseconds: Math.round(seconds * 1000) }).toString();
    await connection.transaction().execute(async (trx) => {
      await sql`
        insert into webhooks.attempt (delivery_id, number, latency_ms, status, error_code, response_excerpt)
        select ${due.delivery_id}, coalesce(max(number), 0) + 1, ${outcome.latencyMs}, ${outcome.status}, ${outcome.errorCode}, ${outcome.excerpt}
        from webhooks.attempt where delivery_id = ${due.delivery_id}
          having exists (select from webhooks.delivery where id = ${due.delivery_id})`.execute(trx);
      await sql`
        update webhooks.delivery set leased_until = null,
          state = ${outcome.ok ? 'delivered' : failed ? 'failed' : 'waiting'},
          finished_at = ${outcome.ok || failed ? sql`now()` : null}, next_at = ${nextAt}::timestamptz
        where id = ${due.delivery_id}`.execute(trx);
      if (outcome.ok) {
        await sql`update webhooks.endpoint set failing_since = null where id = ${due.id} and failing_since is not null`.execute(
          trx,
        );
        return;
      }
      await sql`update webhooks.endpoint set failing_since = ${now.toString()}::timestamptz where id = ${due.id} and failing_since is null`.execute(
        trx,
      );
      const { rows } = await sql<EndpointRow>`
        update webhooks.endpoint set enabled = false, disabled_reason = ${gone ? 'gone' : 'failing'}, updated_at = now()
        where id = ${due.id} and enabled and (${gone} or failing_since <= ${now.subtract(DISABLE_AFTER).toString()}::timestamptz) returning *`.execute(
        trx,
      );
      if (rows[0] === undefined) return;
      await context.notifications.notify(trx, {
        organisationId: due.organisation_id,
        role: 'developer',
        space: due.space,
        kind: 'webhooks.endpoint_disabled',
        text: gone
          ? {
              zh: '一個 Webhook 端點回覆已不存在（410），已停用。',
              en: 'A webhook endpoint answered that it is gone (410) and was disabled.',
            }
          : {
              zh: '一個 Webhook 端點連續 5 天傳送失敗，已停用。',
              en: 'A webhook endpoint failed for 5 days and was disabled.',
            },
        link: `/developer/webhooks/${due.id}`,
      });
    });
  }

  return {
    round,
    async settle() {
      while (work.size > 0) await Promise.all(work);
    },
  };
}
