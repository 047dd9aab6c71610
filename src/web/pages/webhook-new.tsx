import { useState } from 'react';
import { webhooksRoutes } from '#platform/webhooks/contract';
import { m } from 'virtual:messages';
import { useAct } from '../client/use-answer.ts';
import { ButtonLink } from '../components/app-link.tsx';
import { Form, TextField, type Values } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { WebhookSecret } from './webhook-secret.tsx';

/** A new endpoint; its signing secret is shown once. */
export default function WebhookNewPage() {
  const act = useAct();
  const [secret, setSecret] = useState<string | null>(null);
  const back = { label: m.page_webhooks(), to: '/developer/webhooks' };
  if (secret !== null) return <WebhookSecret secret={secret} />;
  const create = async (values: Values): Promise<void> => {
    const types = (values['types'] ?? '').split(/[\s,]+/).filter((type) => type !== '');
    const made = await act(webhooksRoutes.createWebhookEndpoint, {
      body: { url: values['url'] ?? '', types, description: values['description'] ?? '' },
    });
    setSecret(made.secret);
  };
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.page_webhook_new()} lead={m.webhooks_lead()} back={back} />
      <Form
        submitLabel={m.webhook_create()}
        onSubmit={create}
        aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
      >
        <TextField
          name="url"
          label={m.webhook_url()}
          hint={m.webhook_url_hint()}
          type="url"
          inputMode="url"
          maxLength={2000}
          required
        />
        <TextField
          name="types"
          label={m.webhook_types()}
          hint={m.webhook_types_hint()}
          defaultValue="*"
          required
        />
        <TextField name="description" label={m.webhook_description()} maxLength={200} />
      </Form>
    </div>
  );
}
