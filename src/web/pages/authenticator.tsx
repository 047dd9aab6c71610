import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { m } from 'virtual:messages';
import { useSignedIn } from '../app/viewer.tsx';
import { newBackupCodes, removeAuthenticator } from '../client/sign-in.ts';
import { CodeBlock } from '../components/copy-button.tsx';
import { Form, TextField } from '../components/form.tsx';
import { PageHeader, Section } from '../components/page-header.tsx';
import { Notice } from '../components/states.tsx';
import { EnrolAuthenticator } from './enrol-authenticator.tsx';

/** The authenticator app: set up, new backup codes, remove. */
export default function AuthenticatorPage() {
  const { secondFactor } = useSignedIn();
  const client = useQueryClient();
  const navigate = useNavigate();
  const back = { label: m.page_profile(), to: '/settings/profile' };
  const leave = async (): Promise<void> => {
    await navigate({ to: back.to });
    await client.invalidateQueries();
  };
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.page_authenticator()} lead={m.authenticator_lead()} back={back} />
      {secondFactor.authenticator ? <Present onRemoved={leave} /> : <EnrolAuthenticator onDone={leave} />}
    </div>
  );
}

function Present({ onRemoved }: { readonly onRemoved: () => Promise<void> }) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <>
      <Section title={m.backup_codes()} lead={m.backup_codes_lead()}>
        {codes === null ? (
          <Form
            submitLabel={m.backup_codes_new()}
            onSubmit={async (values) =>
              setCodes((await newBackupCodes(values['password'] ?? '')).backupCodes)
            }
          >
            <TextField
              name="password"
              label={m.field_password_present()}
              type="password"
              autoComplete="current-password"
              maxLength={128}
            />
          </Form>
        ) : (
          <CodeBlock label={m.enrol_backup_codes()} text={codes.join('\n')} />
        )}
      </Section>
      <Section title={m.authenticator_remove()}>
        <Notice tone="warning">{m.authenticator_remove_text()}</Notice>
        <Form
          danger
          submitLabel={m.authenticator_remove()}
          onSubmit={async (values) => {
            await removeAuthenticator(values['password'] ?? '');
            await onRemoved();
          }}
        >
          <TextField
            name="password"
            label={m.field_password_present()}
            type="password"
            autoComplete="current-password"
            maxLength={128}
          />
        </Form>
      </Section>
    </>
  );
}
