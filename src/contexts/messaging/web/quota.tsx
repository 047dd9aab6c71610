import './messaging.css';
import { m } from 'virtual:messages';
import {
  addressOf,
  Chart,
  count,
  EmptyState,
  ErrorState,
  ExportMenu,
  FilterBar,
  Loading,
  money,
  Notice,
  PageHeader,
  ProblemError,
  Section,
  useAnswer,
  useUrlState,
} from '#web/index';
import type { Quota } from '../catalogue/shapes-contract.ts';
import { routes } from '../contract.ts';
import { Causes, ReportCharts } from './batch-report.tsx';
import { periodOf } from './period.ts';
import { QuotaBar } from './quota-bar.tsx';
import { quotaSearch } from './search-schemas.ts';
import { useServiceNames } from './service-names.ts';

/** What the agency may still send this month, what it spent, and what became of its texts over a period. */
export default function QuotaPage() {
  const answer = useAnswer(routes.getQuota, {});
  const isUnset = answer.error instanceof ProblemError && answer.error.code === 'messaging.quota_not_set';
  return (
    <div className="x-page">
      <PageHeader title={m.messaging_page_quota()} lead={m.messaging_quota_lead()} />
      {answer.data !== undefined ? (
        <QuotaParts quota={answer.data} />
      ) : isUnset ? (
        <div className="x-card">
          <EmptyState icon="coins" title={m.messaging_quota_unset()}>
            {m.messaging_quota_unset_text()}
          </EmptyState>
        </div>
      ) : answer.error === null ? (
        <Loading />
      ) : (
        <ErrorState error={answer.error} retry={() => void answer.refetch()} />
      )}
      <PeriodReport />
    </div>
  );
}

function QuotaParts({ quota }: { readonly quota: Quota }) {
  const { policy } = quota;
  const isOver = quota.used * 100 >= quota.limit * policy.warnPercent;
  const runsOut = quota.forecast !== null && quota.forecast > quota.limit;
  const months = [...quota.earlier].reverse();
  return (
    <>
      {isOver ? (
        <Notice tone="warning" title={m.messaging_quota_warning()}>
          {m.messaging_quota_warning_text({ percent: policy.warnPercent })}
        </Notice>
      ) : runsOut ? (
        <Notice tone="warning">{m.messaging_quota_forecast_over()}</Notice>
      ) : null}
      <div className="x-card x-card--padded x-stack x-stack--tight">
        <QuotaBar used={quota.used} limit={quota.limit} warnPercent={policy.warnPercent} />
        <dl className="ms-tiles">
          {[
            [m.messaging_quota_used(), count(quota.used)],
            [m.messaging_quota_left(), count(quota.left)],
            [m.messaging_quota_spent(), money(quota.spentNtd)],
            [m.messaging_quota_forecast(), quota.forecast === null ? '—' : count(quota.forecast)],
            [m.messaging_quota_price(), `NT$${(policy.partPriceCents / 100).toFixed(2)}`],
            [m.messaging_quota_four_eyes(), count(policy.fourEyesRows)],
          ].map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      {months.length === 0 ? null : (
        <Chart
          title={m.messaging_quota_months()}
          sentence={m.messaging_quota_months_says({
            month: monthOf(months.at(-1)?.month ?? quota.month),
            count: count(months.at(-1)?.parts ?? 0),
          })}
          kind="bar"
          data={{
            categoryLabel: m.messaging_month(),
            categories: [...months.map(({ month }) => monthOf(month)), monthOf(quota.month)],
            series: [
              {
                name: m.messaging_parts(),
                values: [...months.map(({ parts }) => parts), quota.used],
              },
            ],
          }}
          format={count}
        />
      )}
    </>
  );
}

const monthOf = (day: string): string => day.slice(0, 7);

/** What became of all texts of the agency, or of a service, from day to day. */
function PeriodReport() {
  const [search, setSearch] = useUrlState(quotaSearch);
  const services = useServiceNames();
  const query = { ...periodOf(search), serviceId: search.serviceId };
  const answer = useAnswer(routes.getMessagingReport, { query });
  return (
    <Section
      title={m.messaging_period_report()}
      lead={m.messaging_period_lead()}
      aside={
        <ExportMenu
          formats={(['xlsx', 'csv'] as const).map((format) => ({
            label: m.messaging_export_report({ format: format.toUpperCase() }),
            href: addressOf(routes.exportMessagingReport, { query: { ...query, format } }),
          }))}
        />
      }
    >
      <FilterBar
        values={search}
        onChange={setSearch}
        filters={[
          { kind: 'day', name: 'from', label: m.messaging_from_day() },
          { kind: 'day', name: 'until', label: m.messaging_until_day() },
          {
            kind: 'select',
            name: 'serviceId',
            label: m.messaging_service(),
            options: services.list.map(({ id, name }) => ({ value: id, label: name })),
          },
        ]}
      />
      {answer.data === undefined ? (
        answer.error === null ? (
          <Loading rows={4} />
        ) : (
          <ErrorState error={answer.error} retry={() => void answer.refetch()} />
        )
      ) : answer.data.accepted === 0 ? (
        <div className="x-card">
          <EmptyState icon="text" title={m.messaging_period_none()}>
            {m.messaging_period_none_text()}
          </EmptyState>
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
