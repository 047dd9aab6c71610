import { m } from 'virtual:messages';
import { ButtonLink } from '../components/app-link.tsx';
import { CodeBlock } from '../components/copy-button.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Notice } from '../components/states.tsx';

/** A secret at the one moment when it can be seen, and a first call to try it with. */
export function NewSecret({ secret, name }: { readonly secret: string; readonly name: string }) {
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.key_made({ name })} back={{ label: m.page_keys(), to: '/developer/keys' }} />
      <Notice tone="warning" title={m.key_once()}>
        {m.key_once_text()}
      </Notice>
      <CodeBlock label={m.key_secret()} text={secret} />
      <CodeBlock
        label={m.key_try()}
        text={`curl -H 'Authorization: Bearer ${secret}' ${location.origin}/api/v1/me`}
      />
      <p>
        <ButtonLink to="/developer/keys" kind="primary">
          {m.key_kept()}
        </ButtonLink>
      </p>
    </div>
  );
}
