import { webhooksRoutes } from '#platform/webhooks/contract';
import type { AnswerOf } from '#platform/http/contract';
import { m } from 'virtual:messages';
import { useList } from '../client/list.ts';
import { ButtonLink } from '../components/app-link.tsx';
import { DataTable, type Column } from '../components/data-table.tsx';
import { Instant } from '../components/figures.tsx';
import { Icon } from '../components/icon.tsx';
import { PageHeader, Section } from '../components/page-header.tsx';
import { EmptyState } from '../components/states.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { Deliveries } from './webhook-deliveries.tsx';

type Endpoint = AnswerOf<typeof webhooksRoutes.listWebhookEndpoints>['items'][number];

/** Whether messages go out to an endpoint. */
export function EndpointState({
  endpoint,
}: {
  readonly endpoint: Pick<Endpoint, 'enabled' | 'disabledReason' | 'failingSince'>;
}) {
  if (!endpoint.enabled)
    return (
      <StatusBadge
        tone={endpoint.disabledReason === 'manual' ? 'neutral' : 'danger'}
        label={endpoint.disabledReason === 'manual' ? m.webhook_off() : m.webhook_off_failing()}
      />
    );
  if (endpoint.failingSince !== null) return <StatusBadge tone="warning" label={m.webhook_failing()} />;
  return <StatusBadge tone="success" label={m.webhook_on()} />;
}

const columns = (): readonly Column<Endpoint>[] => [
  {
    key: 'url',
    header: m.webhook_url(),
    isName: true,
    cell: (endpoint) => <span className="x-code">{endpoint.url}</span>,
  },
  { key: 'state', header: m.field_state(), cell: (endpoint) => <EndpointState endpoint={endpoint} /> },
  {
    key: 'types',
    header: m.webhook_types(),
    priority: 2,
    cell: (endpoint) => <span className="x-code">{endpoint.types.join(', ')}</span>,
  },
  {
    key: 'created',
    header: m.job_created(),
    priority: 3,
    cell: (endpoint) => <Instant at={endpoint.createdAt} />,
  },
];

/** Where the organisation is told of events, and how that went. */
export default function WebhooksPage() {
  const list = useList(webhooksRoutes.listWebhookEndpoints, {});
  const create = (
    <ButtonLink to="/developer/webhooks/new" kind="primary">
      <Icon name="plus" size={16} />
      {m.webhook_create()}
    </ButtonLink>
  );
  return (
    <div className="x-page">
      <PageHeader title={m.page_webhooks()} lead={m.webhooks_lead()} actions={create} />
      <DataTable
        caption={m.page_webhooks()}
        columns={columns()}
        list={list}
        rowKey={(endpoint) => endpoint.id}
        rowTarget={(endpoint) => ({ to: '/developer/webhooks/$id', params: { id: endpoint.id } })}
        empty={
          <EmptyState icon="webhook" title={m.webhooks_none()} action={create}>
            {m.webhooks_none_text()}
          </EmptyState>
        }
      />
      <Section title={m.webhook_deliveries()}>
        <Deliveries />
      </Section>
    </div>
  );
}
