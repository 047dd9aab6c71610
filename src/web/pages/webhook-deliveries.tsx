import { webhooksRoutes } from '#platform/webhooks/contract';
import type { AnswerOf } from '#platform/http/contract';
import { m } from 'virtual:messages';
import { useList } from '../client/list.ts';
import { useUrlState } from '../client/url-state.ts';
import { DataTable, type Column } from '../components/data-table.tsx';
import { Instant } from '../components/figures.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { duration } from '../components/format.ts';
import { EmptyState } from '../components/states.tsx';
import { StatusBadge, type Tone } from '../components/status-badge.tsx';
import { deliverySearch } from './delivery-search.ts';

type Delivery = AnswerOf<typeof webhooksRoutes.listWebhookDeliveries>['items'][number];

const states: Readonly<Record<Delivery['state'], { readonly tone: Tone; readonly label: () => string }>> = {
  waiting: { tone: 'info', label: () => m.delivery_waiting() },
  delivered: { tone: 'success', label: () => m.delivery_delivered() },
  failed: { tone: 'danger', label: () => m.delivery_failed() },
};

/** How a delivery stands. */
export function DeliveryState({ state }: { readonly state: Delivery['state'] }) {
  return <StatusBadge tone={states[state].tone} label={states[state].label()} />;
}

const columns = (): readonly Column<Delivery>[] => [
  {
    key: 'type',
    header: m.webhook_event(),
    isName: true,
    cell: (delivery) => <span className="x-code">{delivery.eventType}</span>,
  },
  { key: 'state', header: m.field_state(), cell: (delivery) => <DeliveryState state={delivery.state} /> },
  {
    key: 'answer',
    header: m.request_status(),
    priority: 2,
    cell: (delivery) => delivery.lastStatus ?? delivery.lastErrorCode ?? '—',
  },
  {
    key: 'attempts',
    header: m.job_attempts(),
    priority: 2,
    numeric: true,
    cell: (delivery) => delivery.attempts,
  },
  {
    key: 'latency',
    header: m.request_duration(),
    priority: 3,
    numeric: true,
    cell: (delivery) => (delivery.lastLatencyMs === null ? '—' : duration(delivery.lastLatencyMs)),
  },
  { key: 'at', header: m.audit_at(), priority: 2, cell: (delivery) => <Instant at={delivery.createdAt} /> },
];

/** Deliveries of the last 30 days, of one endpoint or of all. */
export function Deliveries({ endpointId }: { readonly endpointId?: string }) {
  const [search, setSearch] = useUrlState(deliverySearch);
  const list = useList(
    webhooksRoutes.listWebhookDeliveries,
    { query: { ...search, endpointId } },
    { refetchMs: 10_000 },
  );
  return (
    <>
      <FilterBar
        values={search}
        onChange={setSearch}
        filters={[
          {
            kind: 'select',
            name: 'state',
            label: m.field_state(),
            options: Object.entries(states).map(([value, { label }]) => ({ value, label: label() })),
          },
          { kind: 'text', name: 'type', label: m.webhook_event(), placeholder: 'operators.finding_opened' },
        ]}
      />
      <DataTable
        caption={m.webhook_deliveries()}
        columns={columns()}
        list={list}
        rowKey={(delivery) => delivery.id}
        rowTarget={(delivery) => ({ to: '/developer/deliveries/$id', params: { id: delivery.id } })}
        empty={
          <EmptyState icon="webhook" title={m.deliveries_none()}>
            {m.deliveries_none_text()}
          </EmptyState>
        }
      />
    </>
  );
}
