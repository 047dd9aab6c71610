import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { webhooksRoutes } from '#platform/webhooks/contract';
import { m } from 'virtual:messages';
import { usePathValue } from '../client/url-state.ts';
import { useAct, useAnswer } from '../client/use-answer.ts';
import { ButtonLink } from '../components/app-link.tsx';
import { Instant } from '../components/figures.tsx';
import { PageHeader, Section } from '../components/page-header.tsx';
import { ErrorState, Loading, Notice, problemText } from '../components/states.tsx';
import { SummaryList } from '../components/summary-list.tsx';
import { Deliveries } from './webhook-deliveries.tsx';
import { WebhookSecret } from './webhook-secret.tsx';
import { EndpointState } from './webhooks.tsx';

/** One endpoint: state, test event, new secret, its deliveries. */
export default function WebhookPage() {
  const id = usePathValue('id');
  const act = useAct();
  const navigate = useNavigate();
  const [problem, setProblem] = useState<string | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const { data, error, refetch } = useAnswer(webhooksRoutes.readWebhookEndpoint, { params: { id } });
  const back = { label: m.page_webhooks(), to: '/developer/webhooks' };
  if (secret !== null) return <WebhookSecret secret={secret} />;
  if (data === undefined) {
    return (
      <div className="x-page">
        <PageHeader title={m.page_webhook()} back={back} />
        {error === null ? <Loading /> : <ErrorState error={error} retry={() => void refetch()} />}
      </div>
    );
  }
  const attempt = (doing: () => Promise<unknown>) => () => {
    setProblem(null);
    void doing().catch((failure: unknown) => setProblem(problemText(failure as Error)));
  };
  const test = attempt(async () => {
    const { deliveryId } = await act(webhooksRoutes.testWebhookEndpoint, { params: { id } });
    await navigate({ to: '/developer/deliveries/$id', params: { id: deliveryId } });
  });
  const rotate = attempt(async () =>
    setSecret((await act(webhooksRoutes.rotateWebhookSecret, { params: { id }, body: {} })).secret),
  );
  const toggle = attempt(() =>
    act(webhooksRoutes.updateWebhookEndpoint, { params: { id }, body: { enabled: !data.enabled } }),
  );
  return (
    <div className="x-page">
      <PageHeader
        title={data.url}
        back={back}
        actions={
          <>
            <Button onClick={test}>{m.webhook_test()}</Button>
            <Button variant="default" onClick={rotate}>
              {m.webhook_rotate()}
            </Button>
            <Button variant="default" onClick={toggle}>
              {data.enabled ? m.webhook_disable() : m.webhook_enable()}
            </Button>
            <ButtonLink to={`/developer/webhooks/${id}/delete`}>{m.remove()}</ButtonLink>
          </>
        }
      />
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      <SummaryList
        items={[
          { label: m.field_state(), value: <EndpointState endpoint={data} /> },
          ...(data.description === '' ? [] : [{ label: m.webhook_description(), value: data.description }]),
          { label: m.webhook_types(), value: <code className="x-code">{data.types.join(', ')}</code> },
          ...(data.failingSince === null
            ? []
            : [{ label: m.webhook_failing_since(), value: <Instant at={data.failingSince} ago /> }]),
          ...(data.secretOverlapUntil === null
            ? []
            : [{ label: m.webhook_overlap(), value: <Instant at={data.secretOverlapUntil} ago /> }]),
          { label: m.job_created(), value: <Instant at={data.createdAt} /> },
        ]}
      />
      <Section title={m.webhook_deliveries()}>
        <Deliveries endpointId={id} />
      </Section>
    </div>
  );
}
