import { requestLogRoutes } from '#platform/http/request-log-contract';
import { m } from 'virtual:messages';
import { usePathValue } from '../client/url-state.ts';
import { useAnswer } from '../client/use-answer.ts';
import { CodeBlock } from '../components/copy-button.tsx';
import { Instant } from '../components/figures.tsx';
import { duration } from '../components/format.ts';
import { PageHeader, Section } from '../components/page-header.tsx';
import { ErrorState, Loading } from '../components/states.tsx';
import { SummaryList } from '../components/summary-list.tsx';
import { HttpStatus } from './http-status.tsx';

/** One call: what came, what went, and the line to send it again. */
export default function RequestPage() {
  const id = usePathValue('id');
  const { data, error, refetch } = useAnswer(requestLogRoutes.readRequest, { params: { id } });
  const back = { label: m.page_requests(), to: '/developer/requests' };
  if (data === undefined) {
    return (
      <div className="x-page">
        <PageHeader title={m.page_request()} back={back} />
        {error === null ? <Loading /> : <ErrorState error={error} retry={() => void refetch()} />}
      </div>
    );
  }
  const parts = [
    { title: m.request_query(), value: data.query },
    { title: m.request_sent(), value: data.requestSample },
    { title: m.request_answered(), value: data.responseSample },
  ].filter(({ value }) => value !== null && value !== undefined && JSON.stringify(value) !== '{}');
  return (
    <div className="x-page">
      <PageHeader title={`${data.method} ${data.path}`} back={back} />
      <SummaryList
        items={[
          { label: m.request_status(), value: <HttpStatus status={data.status} /> },
          ...(data.errorCode === null
            ? []
            : [
                {
                  label: m.request_error(),
                  value: (
                    <a className="x-link x-code" href={`/docs/errors#${data.errorCode}`}>
                      {data.errorCode}
                    </a>
                  ),
                },
              ]),
          { label: m.audit_at(), value: <Instant at={data.at} /> },
          { label: m.request_duration(), value: duration(data.durationMs) },
          { label: m.request_by(), value: <code className="x-code">{data.actorId}</code> },
          { label: m.problem_request_id(), value: <code className="x-code">{data.id}</code> },
        ]}
      />
      <CodeBlock label={m.request_curl()} text={data.curl} />
      {parts.map(({ title, value }) => (
        <Section key={title} title={title}>
          <CodeBlock label="JSON" text={JSON.stringify(value, null, 2)} />
        </Section>
      ))}
    </div>
  );
}
