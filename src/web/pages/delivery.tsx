import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { webhooksRoutes } from '#platform/webhooks/contract';
import { m } from 'virtual:messages';
import { usePathValue } from '../client/url-state.ts';
import { useAct, useAnswer } from '../client/use-answer.ts';
import { CodeBlock } from '../components/copy-button.tsx';
import { Instant } from '../components/figures.tsx';
import { duration } from '../components/format.ts';
import { PageHeader, Section } from '../components/page-header.tsx';
import { ErrorState, Loading, Notice, problemText } from '../components/states.tsx';
import { SummaryList } from '../components/summary-list.tsx';
import { Timeline } from '../components/timeline.tsx';
import { DeliveryState } from './webhook-deliveries.tsx';

/** One delivery: the message, every attempt, and to send it again. */
export default function DeliveryPage() {
  const id = usePathValue('id');
  const act = useAct();
  const navigate = useNavigate();
  const [problem, setProblem] = useState<string | null>(null);
  const { data, error, refetch } = useAnswer(
    webhooksRoutes.readWebhookDelivery,
    { params: { id } },
    { refetchMs: 5000 },
  );
  const back = { label: m.page_webhooks(), to: '/developer/webhooks' };
  if (data === undefined) {
    return (
      <div className="x-page">
        <PageHeader title={m.page_delivery()} back={back} />
        {error === null ? <Loading /> : <ErrorState error={error} retry={() => void refetch()} />}
      </div>
    );
  }
  const resend = async (): Promise<void> => {
    setProblem(null);
    try {
      const { deliveryId } = await act(webhooksRoutes.resendWebhookDelivery, { params: { id } });
      await navigate({ to: '/developer/deliveries/$id', params: { id: deliveryId } });
    } catch (failure) {
      setProblem(problemText(failure as Error));
    }
  };
  return (
    <div className="x-page">
      <PageHeader
        title={data.eventType}
        back={back}
        actions={<Button onClick={() => void resend()}>{m.delivery_resend()}</Button>}
      />
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      <SummaryList
        items={[
          { label: m.field_state(), value: <DeliveryState state={data.state} /> },
          { label: m.webhook_event_id(), value: <code className="x-code">{data.eventId}</code> },
          { label: m.job_created(), value: <Instant at={data.createdAt} /> },
          ...(data.nextAt === null
            ? []
            : [{ label: m.delivery_next(), value: <Instant at={data.nextAt} ago /> }]),
        ]}
      />
      <Section title={m.job_attempts()}>
        {data.history.length === 0 ? <p className="x-muted">{m.delivery_no_attempt()}</p> : null}
        <Timeline
          label={m.job_attempts()}
          items={data.history.map((attempt) => ({
            key: String(attempt.number),
            when: <Instant at={attempt.at} />,
            what: `#${attempt.number} ${attempt.status ?? attempt.errorCode ?? ''} · ${duration(attempt.latencyMs)}`,
            tone: attempt.status !== null && attempt.status < 300 ? 'success' : 'danger',
            ...(attempt.responseExcerpt !== null && {
              detail: <code className="x-code">{attempt.responseExcerpt}</code>,
            }),
          }))}
        />
      </Section>
      <CodeBlock label={m.delivery_body()} text={data.body} />
    </div>
  );
}
