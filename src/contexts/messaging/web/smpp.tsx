import './messaging.css';
import { m } from 'virtual:messages';
import {
  AppLink,
  ButtonLink,
  count,
  DataTable,
  EmptyState,
  ErrorState,
  Instant,
  Loading,
  PageHeader,
  Section,
  StatusBadge,
  SummaryList,
  useAnswer,
  useMay,
  type Column,
} from '#web/index';
import type { AnswerOf } from '#platform/http/contract';
import { routes } from '../contract.ts';
import { useServiceNames, type ServiceNames } from './service-names.ts';
import { staticList } from './static-list.ts';
import { listed } from './listed.ts';

type Account = AnswerOf<typeof routes.listSmppAccounts>['items'][number];
const REFRESH_MS = 4000;

/** Accounts of agencies that send by SMPP, and where they bind. */
export default function SmppPage() {
  const answer = useAnswer(routes.listSmppAccounts, {}, { refetchMs: REFRESH_MS });
  const services = useServiceNames();
  const mayMake = useMay('messaging.services');
  const add = mayMake ? (
    <ButtonLink to="/messaging/smpp/new" kind="primary">
      {m.messaging_page_smpp_new()}
    </ButtonLink>
  ) : null;
  return (
    <div className="x-page">
      <PageHeader title={m.messaging_page_smpp()} lead={m.messaging_smpp_lead()} actions={add} />
      {answer.data === undefined ? (
        answer.error === null ? (
          <Loading />
        ) : (
          <ErrorState error={answer.error} retry={() => void answer.refetch()} />
        )
      ) : (
        <>
          <DataTable<Account>
            caption={m.messaging_page_smpp()}
            list={staticList(answer.data.items)}
            rowKey={(row) => row.id}
            columns={columns(services, mayMake)}
            empty={
              <EmptyState icon="link" title={m.messaging_smpp_none()} action={add}>
                {m.messaging_smpp_none_text()}
              </EmptyState>
            }
          />
          <Section title={m.messaging_smpp_connect()} lead={m.messaging_smpp_connect_lead()}>
            <div className="x-card x-card--padded">
              <SummaryList items={connection(answer.data.server)} />
            </div>
          </Section>
        </>
      )}
    </div>
  );
}

/** What a client has to set up. */
export function connection(server: { readonly port: number | null; readonly tls: boolean }) {
  return [
    { label: m.messaging_smpp_host(), value: <code className="x-code">{location.hostname}</code> },
    {
      label: m.messaging_smpp_port(),
      value:
        server.port === null ? m.messaging_smpp_no_port() : <code className="x-code">{server.port}</code>,
    },
    { label: 'TLS', value: server.tls ? m.messaging_yes() : m.messaging_no() },
    { label: m.messaging_smpp_version(), value: 'SMPP 3.4, 5.0' },
    { label: m.messaging_smpp_bind(), value: 'transceiver, transmitter, receiver' },
    { label: m.messaging_smpp_source(), value: m.messaging_smpp_source_text() },
    { label: m.messaging_smpp_text(), value: m.messaging_smpp_text_text() },
  ];
}

function columns(services: ServiceNames, mayClose: boolean): Column<Account>[] {
  return [
    {
      key: 'systemId',
      header: 'system_id',
      isName: true,
      cell: (row) => <code className="x-code">{row.systemId}</code>,
    },
    {
      key: 'state',
      header: m.messaging_state(),
      cell: (row) => (
        <StatusBadge
          tone={row.state === 'active' ? 'success' : 'neutral'}
          label={row.state === 'active' ? m.messaging_smpp_active() : m.messaging_smpp_closed()}
        />
      ),
    },
    {
      key: 'bound',
      header: m.messaging_smpp_bound(),
      numeric: true,
      cell: (row) => `${row.bound} / ${row.maxBinds}`,
    },
    {
      key: 'service',
      header: m.messaging_service(),
      priority: 2,
      cell: (row) => (
        <>
          {services.nameOf(row.serviceId)}
          <small className="ms-sub">
            <AppLink to="/messaging/versions/$id" params={{ id: row.templateVersionId }}>
              {m.messaging_version()}
            </AppLink>
          </small>
        </>
      ),
    },
    {
      key: 'networks',
      header: m.messaging_smpp_networks(),
      priority: 3,
      cell: (row) => <span className="x-code">{listed(row.networks)}</span>,
    },
    {
      key: 'rate',
      header: m.messaging_smpp_rate(),
      numeric: true,
      priority: 3,
      cell: (row) => count(row.partsPerSecond),
    },
    {
      key: 'created',
      header: m.messaging_created_at(),
      priority: 3,
      cell: (row) => <Instant at={row.createdAt} />,
    },
    ...(mayClose
      ? [
          {
            key: 'close',
            header: m.field_acts(),
            cell: (row: Account) =>
              row.state === 'closed' ? (
                '—'
              ) : (
                <AppLink
                  to="/messaging/smpp/$id/close"
                  params={{ id: row.id }}
                  label={m.messaging_smpp_close_one({ name: row.systemId })}
                >
                  {m.messaging_smpp_close()}
                </AppLink>
              ),
          },
        ]
      : []),
  ];
}
