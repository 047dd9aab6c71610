import { useMemo } from 'react';
import { m } from 'virtual:messages';
import {
  addressOf,
  Chart,
  count,
  ExportMenu,
  instantShort,
  pick,
  Section,
  StatusBadge,
  useMay,
  type ChartData,
} from '#web/index';
import { routes } from '../contract.ts';
import { failedOf, outcome, type Batch, type Report } from './batch-data.ts';
import { messageStateWord, telecomWord } from './words.ts';

/** What became of a batch: by telecom, by hour, by cause, to look at and to take away. */
export function BatchReport({ batch, report }: { readonly batch: Batch; readonly report: Report }) {
  const mayExport = useMay('messaging.send');
  const params = { id: batch.id };
  const formats = (['xlsx', 'csv'] as const).flatMap((format) => [
    {
      label: m.messaging_export_report({ format: format.toUpperCase() }),
      href: addressOf(routes.exportBatchReport, { params, query: { format } }),
    },
    ...(mayExport && failedOf(report) > 0
      ? [
          {
            label: m.messaging_export_failed({ format: format.toUpperCase() }),
            href: addressOf(routes.exportFailedRows, { params, query: { format } }),
          },
        ]
      : []),
  ]);
  return (
    <Section title={m.messaging_report()} aside={<ExportMenu formats={formats} />}>
      <ReportCharts report={report} />
      <Causes report={report} />
    </Section>
  );
}

/** The pictures of a report; drawn anew only where its figures changed. */
export function ReportCharts({ report }: { readonly report: Report }) {
  const written = JSON.stringify([report.telecoms, report.hours]);
  const [telecoms, hours] = useMemo(() => {
    const [ofTelecoms, ofHours] = JSON.parse(written) as [Report['telecoms'], Report['hours']];
    return [
      dataOf(
        m.messaging_telecom(),
        ofTelecoms.map(({ telecom, ...rest }) => ({ name: telecomWord(telecom).label, ...rest })),
      ),
      dataOf(
        m.messaging_hour(),
        ofHours.map(({ hour, ...rest }) => ({ name: instantShort(hour), ...rest })),
      ),
    ];
  }, [written]);
  const delivered = outcome(report, 'delivered');
  const share = report.accepted === 0 ? 0 : Math.round((delivered / report.accepted) * 1000) / 10;
  const best = [...report.telecoms].sort((a, b) => b.submitted - a.submitted)[0];
  const busiest = [...report.hours].sort((a, b) => b.submitted - a.submitted)[0];
  return (
    <div className="x-grid">
      <Chart
        title={m.messaging_by_telecom()}
        sentence={m.messaging_by_telecom_says({
          share,
          telecom: best === undefined ? '—' : telecomWord(best.telecom).label,
        })}
        kind="bar"
        data={telecoms}
        format={count}
      />
      <Chart
        title={m.messaging_by_hour()}
        sentence={m.messaging_by_hour_says({
          hour: busiest === undefined ? '—' : instantShort(busiest.hour),
          count: count(busiest?.submitted ?? 0),
        })}
        kind={report.hours.length > 2 ? 'line' : 'bar'}
        data={hours}
        format={count}
      />
    </div>
  );
}

function dataOf(
  categoryLabel: string,
  rows: readonly { name: string; submitted: number; delivered: number; failed: number }[],
): ChartData {
  return {
    categoryLabel,
    categories: rows.map(({ name }) => name),
    series: [
      { name: m.messaging_series_submitted(), values: rows.map(({ submitted }) => submitted) },
      { name: m.messaging_state_delivered(), values: rows.map(({ delivered }) => delivered) },
      { name: m.messaging_fig_failed(), values: rows.map(({ failed }) => failed) },
    ],
  };
}

/** Why texts were not delivered, the most frequent first. */
export function Causes({ report }: { readonly report: Report }) {
  if (report.causes.length === 0) return null;
  const ordered = [...report.causes].sort((a, b) => b.messages - a.messages);
  return (
    <div className="x-card x-table">
      <div className="x-table__scroll" role="region" aria-label={m.messaging_causes()} tabIndex={0}>
        <table>
          <caption>{m.messaging_causes()}</caption>
          <thead>
            <tr>
              <th scope="col">{m.messaging_cause()}</th>
              <th scope="col">{m.messaging_result()}</th>
              <th scope="col" data-numeric="">
                {m.messaging_messages()}
              </th>
            </tr>
          </thead>
          <tbody>
            {ordered.map((row) => (
              <tr key={`${row.state}-${row.cause}`}>
                <th scope="row">{pick(row)}</th>
                <td>
                  <StatusBadge {...messageStateWord(row.state)} />
                </td>
                <td data-numeric="">{count(row.messages)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
