import { useNavigate } from '@tanstack/react-router';
import { webhooksRoutes } from '#platform/webhooks/contract';
import { m } from 'virtual:messages';
import { useAct } from '../client/use-answer.ts';
import { ConfirmPage } from '../components/confirm-page.tsx';
import { FoundPage } from './found-page.tsx';

/** Deletes an endpoint with its deliveries. */
export default function WebhookDeletePage() {
  const act = useAct();
  const navigate = useNavigate();
  const back = { label: m.page_webhooks(), to: '/developer/webhooks' };
  return (
    <FoundPage route={webhooksRoutes.listWebhookEndpoints} title={m.page_webhook_delete()} back={back}>
      {(endpoint) => (
        <ConfirmPage
          title={m.page_webhook_delete()}
          back={back}
          consequence={m.webhook_delete_text()}
          facts={[{ label: m.webhook_url(), value: <code className="x-code">{endpoint.url}</code> }]}
          confirmLabel={m.remove()}
          onConfirm={async () => {
            await act(webhooksRoutes.deleteWebhookEndpoint, { params: { id: endpoint.id } });
            await navigate({ to: back.to });
          }}
        />
      )}
    </FoundPage>
  );
}
