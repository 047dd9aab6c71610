import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { authRoutes } from '#platform/auth/contract';
import { m } from 'virtual:messages';
import { Alone } from '../app/alone.tsx';
import { call } from '../client/call.ts';
import { pick } from '../client/language.ts';
import { useFragment } from '../client/fragment.ts';
import { ButtonLink } from '../components/app-link.tsx';
import { Instant } from '../components/figures.tsx';
import { Form, TextField, type Values } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { ErrorState, Loading, Notice } from '../components/states.tsx';
import { SummaryList } from '../components/summary-list.tsx';
import { roleLabel } from '../components/roles.ts';

/** Takes up an invitation. The token stands behind `#`, so that no server log holds it. */
export default function InvitationPage() {
  const token = useFragment();
  const [acceptedAs, setAcceptedAs] = useState<string | null>(null);
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => call(authRoutes.viewInvitation, { params: { token } }, { signal }),
    enabled: token !== '' && acceptedAs === null,
    retry: false,
  });
  if (acceptedAs !== null) {
    return (
      <Alone>
        <PageHeader title={m.invitation_done()} />
        <Notice tone="success">{m.invitation_done_text({ email: acceptedAs })}</Notice>
        <ButtonLink to="/sign-in" kind="primary">
          {m.page_sign_in()}
        </ButtonLink>
      </Alone>
    );
  }
  const accept = async (values: Values): Promise<void> => {
    const { email } = await call(authRoutes.acceptInvitation, {
      params: { token },
      body: { ...(values['password'] && { password: values['password'] }) },
    });
    setAcceptedAs(email);
  };
  const { data } = invitation;
  return (
    <Alone>
      <PageHeader title={m.page_invitation()} />
      {token === '' ? <Notice tone="danger">{m.invitation_no_token()}</Notice> : null}
      {invitation.error === null ? null : <ErrorState error={invitation.error} />}
      {invitation.isLoading ? <Loading /> : null}
      {data === undefined ? null : (
        <>
          <SummaryList
            items={[
              {
                label: m.invitation_organisation(),
                value: pick({ zh: data.organisation.nameZh, en: data.organisation.nameEn }),
              },
              { label: m.field_name(), value: data.name },
              { label: m.field_email(), value: data.email },
              { label: m.field_roles(), value: data.roles.map(roleLabel).join(m.list_separator()) },
              { label: m.field_valid_until(), value: <Instant at={data.expiresAt} ago /> },
            ]}
          />
          <Form submitLabel={m.invitation_accept()} onSubmit={accept}>
            {data.hasPassword ? (
              <TextField
                name="password"
                label={m.field_password_present()}
                hint={m.invitation_has_password()}
                type="password"
                autoComplete="current-password"
                maxLength={128}
                required
              />
            ) : (
              <TextField
                name="password"
                label={m.field_password_new()}
                hint={m.password_rule()}
                type="password"
                autoComplete="new-password"
                maxLength={128}
                required
              />
            )}
          </Form>
        </>
      )}
    </Alone>
  );
}
