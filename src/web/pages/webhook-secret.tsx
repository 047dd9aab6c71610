import { m } from 'virtual:messages';
import { ButtonLink } from '../components/app-link.tsx';
import { CodeBlock } from '../components/copy-button.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Notice } from '../components/states.tsx';

/** The signing secret at the one moment when it can be seen, and how to check a message with it. */
export function WebhookSecret({ secret }: { readonly secret: string }) {
  const sample = [
    "import { Webhook } from 'standardwebhooks';",
    '',
    "const webhook = new Webhook(process.env.XINLAI_WEBHOOK_SECRET ?? '');",
    'const event = webhook.verify(body, headers);',
  ].join('\n');
  return (
    <div className="x-page x-page--narrow">
      <PageHeader
        title={m.webhook_secret_title()}
        back={{ label: m.page_webhooks(), to: '/developer/webhooks' }}
      />
      <Notice tone="warning" title={m.key_once()}>
        {m.webhook_secret_text()}
      </Notice>
      <CodeBlock label={m.webhook_secret()} text={secret} />
      <CodeBlock label={m.webhook_verify()} text={sample} />
      <p>
        <ButtonLink to="/developer/webhooks" kind="primary">
          {m.key_kept()}
        </ButtonLink>
      </p>
    </div>
  );
}
