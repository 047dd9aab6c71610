import { useNavigate } from '@tanstack/react-router';
import { m } from 'virtual:messages';
import { changePassword } from '../client/sign-in.ts';
import { ButtonLink } from '../components/app-link.tsx';
import { Form, TextField } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';

/** A new password; other devices are signed out. */
export default function PasswordPage() {
  const navigate = useNavigate();
  const back = { label: m.page_profile(), to: '/settings/profile' };
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.page_password()} lead={m.password_lead()} back={back} />
      <Form
        submitLabel={m.password_set()}
        aside={<ButtonLink to={back.to}>{m.confirm_cancel()}</ButtonLink>}
        onSubmit={async (values) => {
          await changePassword(values['currentPassword'] ?? '', values['newPassword'] ?? '');
          await navigate({ to: back.to });
        }}
      >
        <TextField
          name="currentPassword"
          label={m.field_password_present()}
          type="password"
          autoComplete="current-password"
          maxLength={128}
          required
        />
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
    </div>
  );
}
