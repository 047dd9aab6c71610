import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { authRoutes } from '#platform/auth/contract';
import { m } from 'virtual:messages';
import { useSignedIn } from '../app/viewer.tsx';
import { pick } from '../client/language.ts';
import { deletePasskey, listPasskeys, type Passkey } from '../client/sign-in.ts';
import { useAct, useAnswer } from '../client/use-answer.ts';
import { AppLink, ButtonLink } from '../components/app-link.tsx';
import { Instant } from '../components/figures.tsx';
import { PageHeader, Section } from '../components/page-header.tsx';
import { roleLabel } from '../components/roles.ts';
import { ErrorState, Loading, Notice, problemText } from '../components/states.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { SummaryList } from '../components/summary-list.tsx';
import { deviceName } from './device-name.ts';

/** The person's own account: who they are here, how they sign in, where they are signed in. */
export default function ProfilePage() {
  const viewer = useSignedIn();
  const hasAuthenticator = viewer.secondFactor.authenticator;
  return (
    <div className="x-page x-page--narrow">
      <PageHeader title={m.page_profile()} />
      <SummaryList
        items={[
          { label: m.field_name(), value: viewer.person?.name ?? '—' },
          { label: m.field_email(), value: viewer.person?.email ?? '—' },
          {
            label: m.field_organisation(),
            value: pick({ zh: viewer.organisation.nameZh, en: viewer.organisation.nameEn }),
          },
          { label: m.field_roles(), value: viewer.roles.map(roleLabel).join(m.list_separator()) },
        ]}
      />
      <Section title={m.profile_sign_in()} lead={m.profile_sign_in_lead()}>
        <SummaryList
          items={[
            {
              label: m.field_password(),
              value: m.profile_password_text(),
              action: <AppLink to="/settings/password">{m.change()}</AppLink>,
            },
            {
              label: m.page_authenticator(),
              value: hasAuthenticator ? (
                <StatusBadge tone="success" label={m.profile_on()} />
              ) : (
                <StatusBadge tone="warning" label={m.profile_off()} />
              ),
              action: (
                <AppLink to="/settings/authenticator">
                  {hasAuthenticator ? m.change() : m.profile_set_up()}
                </AppLink>
              ),
            },
          ]}
        />
      </Section>
      <Passkeys />
      <Sessions />
    </div>
  );
}

function Passkeys() {
  const passkeys = useQuery({ queryKey: ['passkeys'], queryFn: listPasskeys });
  const [problem, setProblem] = useState<string | null>(null);
  const remove = (passkey: Passkey) => async () => {
    setProblem(null);
    await deletePasskey(passkey.id).catch((error: unknown) => setProblem(problemText(error as Error)));
    await passkeys.refetch();
  };
  return (
    <Section
      title={m.passkeys()}
      lead={m.passkeys_lead()}
      aside={<ButtonLink to="/settings/passkey">{m.passkey_add()}</ButtonLink>}
    >
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      {passkeys.data?.length === 0 ? <p className="x-muted">{m.passkeys_none()}</p> : null}
      <SummaryList
        items={(passkeys.data ?? []).map((passkey) => ({
          label: passkey.name ?? m.passkey_unnamed(),
          value: <Instant at={passkey.createdAt} />,
          action: (
            <button
              type="button"
              className="x-textbutton"
              aria-label={m.remove_of({ name: passkey.name ?? m.passkey_unnamed() })}
              onClick={() => void remove(passkey)()}
            >
              {m.remove()}
            </button>
          ),
        }))}
      />
    </Section>
  );
}

function Sessions() {
  const sessions = useAnswer(authRoutes.listMySessions, {});
  const act = useAct();
  const [problem, setProblem] = useState<string | null>(null);
  const end = (id: string) => async () => {
    setProblem(null);
    await act(authRoutes.endMySession, { params: { id } }).catch((error: unknown) =>
      setProblem(problemText(error as Error)),
    );
  };
  return (
    <Section title={m.sessions()} lead={m.sessions_lead()}>
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      {sessions.error === null ? null : <ErrorState error={sessions.error} />}
      {sessions.data === undefined ? <Loading rows={2} /> : null}
      <SummaryList
        items={(sessions.data?.items ?? []).map((session) => ({
          label: deviceName(session.userAgent) ?? m.session_unknown(),
          value: (
            <span>
              {session.address ?? '—'}
              <br />
              <span className="x-muted">
                {m.session_seen()} <Instant at={session.lastSeenAt} ago />
              </span>
            </span>
          ),
          action: session.current ? (
            <StatusBadge tone="info" label={m.session_this()} />
          ) : (
            <button
              type="button"
              className="x-textbutton"
              aria-label={m.session_end_of({ name: deviceName(session.userAgent) ?? m.session_unknown() })}
              onClick={() => void end(session.id)()}
            >
              {m.session_end()}
            </button>
          ),
        }))}
      />
    </Section>
  );
}
