import { useEffect, useRef, useState, type ReactNode } from 'react';
import { m } from 'virtual:messages';
import { count, Instant, money } from '#web/index';
import { endedOf, failedOf, outcome, type Batch, type Report } from './batch-data.ts';
import { lasting } from './lasting.ts';
import { listed } from './listed.ts';
import { RateLine } from './rate-line.tsx';

/** How far a batch is: a bar of what became of its texts, their figures, the pace of the last two minutes. */
export function BatchProgress({
  batch,
  report,
  children,
}: {
  readonly batch: Batch;
  readonly report: Report;
  readonly children: ReactNode;
}) {
  const isLive = batch.state === 'sending';
  const handed = report.submitted + endedOf(report);
  const rates = useRates(handed, isLive);
  const rate = rates.at(-1) ?? 0;
  const left = report.waiting + report.sending;
  const total = Math.max(1, report.accepted);
  const shares = [
    { key: 'delivered', label: m.messaging_state_delivered(), rows: outcome(report, 'delivered') },
    { key: 'submitted', label: m.messaging_state_submitted(), rows: report.submitted },
    { key: 'failed', label: m.messaging_fig_failed(), rows: failedOf(report) },
    { key: 'unknown', label: m.messaging_state_unknown(), rows: outcome(report, 'unknown') },
    { key: 'cancelled', label: m.messaging_state_cancelled(), rows: outcome(report, 'cancelled') },
    { key: 'waiting', label: m.messaging_fig_waiting(), rows: left },
  ];
  return (
    <section className="x-card x-card--padded x-stack x-stack--tight" aria-label={m.messaging_progress()}>
      <div className="ms-progress__head">
        <p className="ms-progress__share">
          <strong className="x-numbers">{Math.floor((handed / total) * 100)}%</strong>{' '}
          {m.messaging_handed({ done: count(handed), total: count(report.accepted) })}
        </p>
        {children}
      </div>
      <div
        className="ms-share"
        role="img"
        aria-label={listed(shares.map(({ label, rows }) => `${label} ${count(rows)}`))}
      >
        {shares.map(({ key, rows }) =>
          rows === 0 ? null : (
            <span key={key} data-kind={key} style={{ flexGrow: rows / total, flexBasis: '2px' }} />
          ),
        )}
      </div>
      <dl className="ms-legend">
        {shares.map(({ key, label, rows }) => (
          <div key={key} data-kind={key}>
            <dt>{label}</dt>
            <dd className="x-numbers">{count(rows)}</dd>
          </div>
        ))}
      </dl>
      {isLive ? (
        <RateLine
          rates={rates}
          text={
            rate > 0
              ? m.messaging_rate({ rate: count(rate), left: lasting(left / rate) })
              : m.messaging_rate_none()
          }
        />
      ) : null}
      <p className="ms-lead x-muted">
        {batch.startedAt === null ? null : (
          <>
            {m.messaging_started_at()} <Instant at={batch.startedAt} />
          </>
        )}
        {batch.endedAt === null ? null : (
          <>
            {' · '}
            {m.messaging_ended()} <Instant at={batch.endedAt} />
          </>
        )}
        {report.costCents === null
          ? null
          : ` · ${m.messaging_cost_so_far({ cost: money(Math.round(report.costCents / 100)) })}`}
      </p>
    </section>
  );
}

const SAMPLES = 80;
const SAMPLE_MS = 1500;

/** Texts a second over the last two minutes that the page watched. */
function useRates(handed: number, isLive: boolean): readonly number[] {
  const [rates, setRates] = useState<readonly number[]>([]);
  const latest = useRef(handed);
  useEffect(() => {
    latest.current = handed;
  }, [handed]);
  useEffect(() => {
    if (!isLive) return;
    let last = { at: performance.now(), handed: latest.current };
    const timer = setInterval(() => {
      const now = { at: performance.now(), handed: latest.current };
      const rate = ((now.handed - last.handed) * 1000) / Math.max(1, now.at - last.at);
      last = now;
      setRates((known) => [...known, Math.max(0, Math.round(rate))].slice(-SAMPLES));
    }, SAMPLE_MS);
    return () => clearInterval(timer);
  }, [isLive]);
  return rates;
}
