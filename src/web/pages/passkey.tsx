import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { m } from 'virtual:messages';
import { canUsePasskeys, PasskeyDismissed, registerPasskey } from '../client/sign-in.ts';
import { ButtonLink } from '../components/app-link.tsx';
import { Form, TextField, type Values } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Notice } from '../components/states.tsx';

/** Makes a passkey on this device. */
export default function PasskeyPage() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [wasDismissed, setDismissed] = useState(false);
  const back = { label: m.page_profile(), to: '/settings/profile' };
  const register = async (values: Values): Promise<void> => {
    setDismissed(false);
    try {
      await registerPasskey(values['name'] ?? '');
    } catch (error) {
      if (!(error instanceof PasskeyDismissed)) throw error;
      setDismissed(true);
      return;
    }
    await client.invalidateQueries();
    await navigate({ to: back.to });
  };
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.page_passkey()} lead={m.passkeys_lead()} back={back} />
      {canUsePasskeys() ? null : <Notice tone="warning">{m.passkey_unsupported()}</Notice>}
      {wasDismissed ? <Notice tone="danger">{m.passkey_dismissed()}</Notice> : null}
      <Form
        submitLabel={m.passkey_add()}
        onSubmit={register}
        aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
      >
        <TextField
          name="name"
          label={m.passkey_name()}
          hint={m.passkey_name_hint()}
          defaultValue={m.passkey_default_name()}
          maxLength={100}
          required
        />
      </Form>
    </div>
  );
}
