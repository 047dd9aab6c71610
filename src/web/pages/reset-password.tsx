import { useState } from 'react';
import { m } from 'virtual:messages';
import { Alone } from '../app/alone.tsx';
import { useFragment } from '../client/fragment.ts';
import { askPasswordReset, resetPassword } from '../client/sign-in.ts';
import { AppLink, ButtonLink } from '../components/app-link.tsx';
import { Form, TextField } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Notice } from '../components/states.tsx';

/** Asks for a link by mail; with the link, sets a new password. Never says whether an address is known. */
export default function ResetPasswordPage() {
  const token = useFragment();
  const [isDone, setDone] = useState(false);
  if (isDone) {
    return (
      <Alone>
        <PageHeader title={m.page_reset()} />
        <Notice tone="success">{token === '' ? m.reset_sent() : m.reset_done()}</Notice>
        <ButtonLink to="/sign-in">{m.page_sign_in()}</ButtonLink>
      </Alone>
    );
  }
  return (
    <Alone>
      <PageHeader title={m.page_reset()} lead={token === '' ? m.reset_lead() : undefined} />
      {token === '' ? (
        <Form
          submitLabel={m.reset_ask()}
          aside={<AppLink to="/sign-in">{m.page_sign_in()}</AppLink>}
          onSubmit={async (values) => {
            await askPasswordReset(values['email'] ?? '');
            setDone(true);
          }}
        >
          <TextField
            name="email"
            label={m.field_email()}
            type="email"
            inputMode="email"
            autoComplete="username"
            maxLength={254}
            required
          />
        </Form>
      ) : (
        <Form
          submitLabel={m.password_set()}
          onSubmit={async (values) => {
            await resetPassword(token, values['newPassword'] ?? '');
            setDone(true);
          }}
        >
          <TextField
            name="newPassword"
            label={m.field_password_new()}
            hint={m.password_rule()}
            type="password"
            autoComplete="new-password"
            maxLength={128}
            required
          />
        </Form>
      )}
    </Alone>
  );
}
