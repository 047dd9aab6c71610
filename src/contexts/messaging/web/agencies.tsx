import './messaging.css';
import { m } from 'virtual:messages';
import {
  AppLink,
  count,
  DataTable,
  EmptyState,
  ErrorState,
  Loading,
  PageHeader,
  Section,
  StatusBadge,
  useAnswer,
  useList,
  type Column,
} from '#web/index';
import type { AnswerOf } from '#platform/http/contract';
import type { Service } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import { useAgencyNames } from './agency-names.ts';
import { Causes, ReportCharts } from './batch-report.tsx';
import { periodOf } from './period.ts';
import { QuotaBar } from './quota-bar.tsx';
import { serviceStateWord } from './words.ts';
import { listed } from './listed.ts';

type AgencyQuota = AnswerOf<typeof routes.listQuotas>['items'][number];
type NewVersion = AnswerOf<typeof routes.listVersionsToDecide>['items'][number];

/** All agencies as the ministry sees them: what awaits it, quotas, services, results. Never a number or a text of a citizen. */
export default function AgenciesPage() {
  const nameOf = useAgencyNames();
  const waiting = useList(routes.listVersionsToDecide, {}, { cursorName: 'waiting' });
  const quotas = useList(routes.listQuotas, {}, { cursorName: 'quotas' });
  const services = useList(routes.listAgencyServices, {}, { cursorName: 'services' });
  return (
    <div className="x-page">
      <PageHeader title={m.messaging_page_agencies()} lead={m.messaging_agencies_lead()} />
      <Section title={m.messaging_first_templates()} lead={m.messaging_first_templates_lead()}>
        <DataTable<NewVersion>
          caption={m.messaging_first_templates()}
          list={waiting}
          rowKey={(row) => row.id}
          rowTarget={(row) => ({ to: '/messaging/agencies/versions/$id', params: { id: row.id } })}
          columns={[
            {
              key: 'agency',
              header: m.messaging_agency(),
              isName: true,
              cell: (row) => nameOf(row.organisationId),
            },
            { key: 'service', header: m.messaging_service(), priority: 2, cell: (row) => row.serviceName },
            {
              key: 'body',
              header: m.messaging_body(),
              cell: (row) => <span className="ms-clamp">{row.body}</span>,
            },
          ]}
          empty={<EmptyState icon="check" title={m.messaging_first_none()} />}
        />
      </Section>
      <Section title={m.messaging_quotas()}>
        <DataTable<AgencyQuota>
          caption={m.messaging_quotas()}
          list={quotas}
          rowKey={(row) => row.organisationId}
          rowTarget={(row) => ({
            to: '/messaging/agencies/$organisation/policy',
            params: { organisation: row.organisationId },
          })}
          columns={quotaColumns(nameOf)}
          empty={<EmptyState icon="coins" title={m.messaging_quotas_none()} />}
        />
        <p className="ms-lead">
          <AppLink to="/messaging/agencies/policy">{m.messaging_policy_other()}</AppLink>
        </p>
      </Section>
      <Section title={m.messaging_page_services()}>
        <DataTable<Service>
          caption={m.messaging_page_services()}
          list={services}
          rowKey={(row) => row.id}
          rowTarget={(row) => ({ to: '/messaging/agencies/services/$id', params: { id: row.id } })}
          columns={serviceColumns(nameOf)}
          empty={<EmptyState icon="building" title={m.messaging_services_none()} />}
        />
      </Section>
      <AllResults />
    </div>
  );
}

function quotaColumns(nameOf: (id: string) => string): Column<AgencyQuota>[] {
  return [
    {
      key: 'agency',
      header: m.messaging_agency(),
      isName: true,
      cell: (row) => nameOf(row.organisationId),
    },
    {
      key: 'used',
      header: m.messaging_quota_bar(),
      cell: (row) => <QuotaBar used={row.used} limit={row.limit} warnPercent={row.policy.warnPercent} />,
    },
    {
      key: 'price',
      header: m.messaging_quota_price(),
      numeric: true,
      priority: 3,
      cell: (row) => (row.policy.partPriceCents / 100).toFixed(2),
    },
    {
      key: 'four',
      header: m.messaging_quota_four_eyes(),
      numeric: true,
      priority: 3,
      cell: (row) => count(row.policy.fourEyesRows),
    },
  ];
}

function serviceColumns(nameOf: (id: string) => string): Column<Service>[] {
  return [
    { key: 'name', header: m.messaging_service_name(), isName: true, cell: (row) => row.name },
    { key: 'agency', header: m.messaging_agency(), priority: 2, cell: (row) => nameOf(row.organisationId) },
    {
      key: 'state',
      header: m.messaging_state(),
      cell: (row) => <StatusBadge {...serviceStateWord(row.state)} />,
    },
    {
      key: 'contact',
      header: m.messaging_contact_numbers(),
      priority: 3,
      cell: (row) => <span className="x-numbers">{listed(row.contactNumbers.slice(0, 3)) || '—'}</span>,
    },
  ];
}

/** The last thirty days of all agencies together. */
function AllResults() {
  const answer = useAnswer(routes.getMessagingReport, { query: { ...periodOf({}), all: true } });
  return (
    <Section title={m.messaging_all_results()} lead={m.messaging_all_results_lead()}>
      {answer.data === undefined ? (
        answer.error === null ? (
          <Loading rows={4} />
        ) : (
          <ErrorState error={answer.error} retry={() => void answer.refetch()} />
        )
      ) : answer.data.accepted === 0 ? (
        <div className="x-card">
          <EmptyState icon="text" title={m.messaging_period_none()} />
        </div>
      ) : (
        <>
          <ReportCharts report={answer.data} />
          <Causes report={answer.data} />
        </>
      )}
    </Section>
  );
}
