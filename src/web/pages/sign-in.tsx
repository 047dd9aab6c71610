import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { m } from 'virtual:messages';
import { forgetLook } from '../app/own-look.ts';
import { text } from '../client/search-params.ts';
import {
  canUsePasskeys,
  PasskeyDismissed,
  showCode,
  signInWithPasskey,
  signInWithPassword,
  singleSignOnAddress,
} from '../client/sign-in.ts';
import { useUrlState } from '../client/url-state.ts';
import { Alone } from '../app/alone.tsx';
import { SandboxRoles } from '../app/sandbox-roles.tsx';
import { Form, TextField, type Values } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Notice, problemText } from '../components/states.tsx';
import { AppLink } from '../components/app-link.tsx';
import { useSignInOptions } from '../client/sign-in-options.ts';

const schema = { back: text(500), error: text(80) };

/** Password (and the code behind it), passkey, single sign-on; in the sandbox a role with one press. */
export default function SignInPage() {
  const [search] = useUrlState(schema);
  const [wantsCode, setWantsCode] = useState(false);
  const enter = useEnter(search.back);
  const password = async (values: Values): Promise<void> => {
    if (await signInWithPassword(values['email'] ?? '', values['password'] ?? '')) setWantsCode(true);
    else await enter();
  };
  const code = async (values: Values): Promise<void> => {
    await showCode((values['code'] ?? '').replaceAll(/\s/g, ''));
    await enter();
  };
  if (wantsCode) {
    return (
      <Alone>
        <PageHeader title={m.code_title()} lead={m.code_lead()} />
        <Form key="code" submitLabel={m.code_submit()} onSubmit={code}>
          <TextField
            name="code"
            label={m.code_label()}
            hint={m.code_hint()}
            autoComplete="one-time-code"
            inputMode="text"
            maxLength={40}
            required
            autoFocus
            width="short"
          />
        </Form>
      </Alone>
    );
  }
  return (
    <Alone>
      <PageHeader title={m.page_sign_in()} />
      {search.error === undefined ? null : (
        <Notice tone="danger">{m.sign_in_sso_failed({ code: search.error })}</Notice>
      )}
      <SandboxRoles onEntered={enter} />
      <Form
        key="password"
        submitLabel={m.sign_in_submit()}
        onSubmit={password}
        aside={<AppLink to="/reset-password">{m.sign_in_forgot()}</AppLink>}
      >
        <TextField
          name="email"
          label={m.field_email()}
          type="email"
          inputMode="email"
          autoComplete="username webauthn"
          maxLength={254}
          required
        />
        <TextField
          name="password"
          label={m.field_password()}
          type="password"
          autoComplete="current-password"
          maxLength={128}
          required
        />
      </Form>
      <OtherWays enter={enter} back={search.back} />
    </Alone>
  );
}

function OtherWays({
  enter,
  back,
}: {
  readonly enter: () => Promise<void>;
  readonly back: string | undefined;
}) {
  const options = useSignInOptions();
  const [problem, setProblem] = useState<string | null>(null);
  const passkey = async (): Promise<void> => {
    setProblem(null);
    try {
      await signInWithPasskey();
      await enter();
    } catch (error) {
      setProblem(error instanceof PasskeyDismissed ? m.passkey_dismissed() : problemText(error as Error));
    }
  };
  const singleSignOn = async (): Promise<void> => {
    setProblem(null);
    try {
      location.assign(await singleSignOnAddress(`/console${back ?? '/'}`));
    } catch (error) {
      setProblem(problemText(error as Error));
    }
  };
  return (
    <div className="x-other-ways">
      <p className="x-divider">{m.sign_in_or()}</p>
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      {canUsePasskeys() ? (
        <Button
          variant="default"
          fullWidth
          leftSection={<Icon name="key" size={18} />}
          onClick={() => void passkey()}
        >
          {m.sign_in_passkey()}
        </Button>
      ) : null}
      {options?.oidc === true ? (
        <Button
          variant="default"
          fullWidth
          leftSection={<Icon name="building" size={18} />}
          onClick={() => void singleSignOn()}
        >
          {m.sign_in_sso()}
        </Button>
      ) : null}
    </div>
  );
}

/** Goes where the person wanted to go; never to another site. */
function useEnter(back: string | undefined): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  return async () => {
    client.clear();
    forgetLook(client);
    if (back !== undefined && /^\/(?![/\\])/.test(back)) {
      router.history.push(`/console${back.replace(/^\/console(?=\/|$)/, '')}`);
      return;
    }
    await navigate({ to: '/' });
  };
}
