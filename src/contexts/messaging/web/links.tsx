import './messaging.css';
import { m } from 'virtual:messages';
import {
  AppLink,
  count,
  EmptyState,
  ErrorState,
  Icon,
  Loading,
  PageHeader,
  StatusBadge,
  useAnswer,
  type Tone,
} from '#web/index';
import type { LinkView } from '../dispatch/links-contract.ts';
import { routes } from '../contract.ts';
import { LinkActs } from './link-acts.tsx';
import { linkStateWord, telecomWord } from './words.ts';

const REFRESH_MS = 1000;
type Bind = LinkView['health'][number];

/** Every link to a telecom with the figures of its binds, asked for every second. */
export default function LinksPage() {
  const { data, error, refetch } = useAnswer(routes.listLinks, {}, { refetchMs: REFRESH_MS });
  return (
    <div className="x-page">
      <PageHeader title={m.messaging_page_links()} lead={m.messaging_links_lead()} />
      {data === undefined ? (
        error === null ? (
          <Loading />
        ) : (
          <ErrorState error={error} retry={() => void refetch()} />
        )
      ) : data.items.length === 0 ? (
        <div className="x-card">
          <EmptyState icon="antenna" title={m.messaging_links_none()}>
            {m.messaging_links_none_text()}
          </EmptyState>
        </div>
      ) : (
        <div className="x-stack">
          {data.items.map((link) => (
            <LinkCard key={link.id} link={link} />
          ))}
        </div>
      )}
    </div>
  );
}

function LinkCard({ link }: { readonly link: LinkView }) {
  const sum = (figure: (bind: Bind) => number): number =>
    link.health.reduce((total, bind) => total + figure(bind), 0);
  const rate = sum(({ partsLastSecond }) => partsLastSecond);
  const contracted = link.partsPerSecond * link.binds;
  const lag = Math.max(0, ...link.health.map(({ receiptLagMs }) => receiptLagMs));
  const figures = [
    [m.messaging_link_rate(), `${count(rate)} / ${count(contracted)}`],
    [m.messaging_link_window(), `${count(sum((b) => b.windowUsed))} / ${count(sum((b) => b.windowSize))}`],
    [m.messaging_link_throttles(), count(sum((b) => b.throttles))],
    [m.messaging_link_lag(), m.messaging_milliseconds({ count: count(lag) })],
    [m.messaging_state_unknown(), count(sum((b) => b.unknown))],
    [m.messaging_link_awaited(), count(sum((b) => b.awaitedReceipts))],
    [m.messaging_link_orphans(), count(sum((b) => b.orphanReceipts))],
    [m.messaging_link_waiting(), count(link.waitingChunks)],
  ] as const;
  return (
    <section className="x-card x-card--padded x-stack x-stack--tight" aria-label={link.name}>
      <div className="ms-link__head">
        <div>
          <h2>
            <AppLink to="/messaging/links/$id" params={{ id: link.id }}>
              {link.name}
            </AppLink>
          </h2>
          <p className="ms-lead x-muted">
            {telecomWord(link.telecom).label} ·{' '}
            <code className="x-code">
              {link.host}:{link.port}
            </code>
            {link.tls ? ' · TLS' : ''}
          </p>
        </div>
        <StatusBadge {...linkStateWord(link.state)} />
        <LinkActs link={link} />
      </div>
      <progress
        className="ms-link__rate"
        max={contracted}
        value={Math.min(contracted, rate)}
        aria-label={m.messaging_link_rate()}
      />
      <dl className="ms-tiles ms-tiles--small">
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Binds link={link} />
    </section>
  );
}

const bindTones: Readonly<Record<string, Tone>> = {
  bound: 'success',
  draining: 'warning',
  down: 'danger',
  unheard: 'danger',
};

/** The binds of a link, one a row. */
export function Binds({ link }: { readonly link: LinkView }) {
  if (link.health.length === 0)
    return (
      <p className="ms-lead x-muted">
        <Icon name="info" size={16} /> {m.messaging_binds_none()}
      </p>
    );
  return (
    <div
      className="x-table__scroll"
      role="region"
      aria-label={m.messaging_binds_of({ name: link.name })}
      tabIndex={0}
    >
      <table>
        <caption className="x-hidden">{m.messaging_binds_of({ name: link.name })}</caption>
        <thead>
          <tr>
            <th scope="col">{m.messaging_bind()}</th>
            <th scope="col">{m.messaging_state()}</th>
            {[
              m.messaging_link_rate(),
              m.messaging_link_window(),
              m.messaging_link_throttles(),
              m.messaging_link_lag(),
              m.messaging_state_unknown(),
              m.messaging_link_receipts(),
            ].map((header) => (
              <th key={header} scope="col" data-numeric="">
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {link.health.map((bind) => (
            <tr key={bind.bind}>
              <th scope="row">{m.messaging_bind_number({ number: bind.bind })}</th>
              <td>
                <StatusBadge tone={bindTones[bind.state] ?? 'neutral'} label={bindState(bind.state)} />
                {bind.problem === null ? null : <small className="ms-sub">{bind.problem}</small>}
              </td>
              <td data-numeric="">
                {count(bind.partsLastSecond)} / {count(bind.rate)}
              </td>
              <td data-numeric="">
                {count(bind.windowUsed)} / {count(bind.windowSize)}
              </td>
              <td data-numeric="">{count(bind.throttles)}</td>
              <td data-numeric="">{m.messaging_milliseconds({ count: count(bind.receiptLagMs) })}</td>
              <td data-numeric="">{count(bind.unknown)}</td>
              <td data-numeric="">{count(bind.receipts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function bindState(state: string): string {
  switch (state) {
    case 'bound':
      return m.messaging_bind_bound();
    case 'draining':
      return m.messaging_link_draining();
    case 'down':
      return m.messaging_bind_down();
    case 'unheard':
      return m.messaging_bind_unheard();
    default:
      return state;
  }
}
