import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { m } from 'virtual:messages';
import { Alone } from '../app/alone.tsx';
import { meKey, useMe } from '../client/session.ts';
import {
  PasskeyDismissed,
  canUsePasskeys,
  registerPasskey,
  showCode,
  signInWithPasskey,
} from '../client/sign-in.ts';
import { Form, TextField, type Values } from '../components/form.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Loading, Notice, problemText } from '../components/states.tsx';
import { EnrolAuthenticator } from './enrol-authenticator.tsx';

/** The second factor that an official needs: shown where one exists, set up where none does. */
export default function SecondFactorPage() {
  const me = useMe();
  const navigate = useNavigate();
  const client = useQueryClient();
  const missing = me.data?.secondFactor.missing;
  const isOver = me.error !== null || missing === 'none';
  useEffect(() => {
    if (isOver) void navigate({ to: me.error === null ? '/' : '/sign-in', replace: true });
  }, [isOver, me.error, navigate]);
  const goOn = (): Promise<void> => client.invalidateQueries({ queryKey: meKey });
  if (me.data === undefined || isOver) return <Loading />;
  return (
    <Alone>
      {missing === 'show' ? (
        <Show goOn={goOn} hasPasskey={me.data.secondFactor.passkey} />
      ) : (
        <Enrol goOn={goOn} />
      )}
    </Alone>
  );
}

function Show({ goOn, hasPasskey }: { readonly goOn: () => Promise<void>; readonly hasPasskey: boolean }) {
  const submit = async (values: Values): Promise<void> => {
    await showCode((values['code'] ?? '').replaceAll(/\s/g, ''));
    await goOn();
  };
  return (
    <>
      <PageHeader title={m.code_title()} lead={m.code_lead()} />
      <Form submitLabel={m.code_submit()} onSubmit={submit}>
        <TextField
          name="code"
          label={m.code_label()}
          hint={m.code_hint()}
          autoComplete="one-time-code"
          maxLength={40}
          required
          width="short"
        />
      </Form>
      {hasPasskey && canUsePasskeys() ? (
        <PasskeyWay act={signInWithPasskey} goOn={goOn} label={m.sign_in_passkey()} />
      ) : null}
    </>
  );
}

function Enrol({ goOn }: { readonly goOn: () => Promise<void> }) {
  return (
    <>
      <PageHeader title={m.enrol_title()} lead={m.enrol_lead()} />
      <EnrolAuthenticator onDone={goOn} />
      {canUsePasskeys() ? (
        <PasskeyWay
          act={() => registerPasskey(m.passkey_default_name())}
          goOn={goOn}
          label={m.enrol_passkey_instead()}
        />
      ) : null}
    </>
  );
}

function PasskeyWay({
  act,
  goOn,
  label,
}: {
  readonly act: () => Promise<void>;
  readonly goOn: () => Promise<void>;
  readonly label: string;
}) {
  const [problem, setProblem] = useState<string | null>(null);
  const press = async (): Promise<void> => {
    setProblem(null);
    try {
      await act();
      await goOn();
    } catch (error) {
      setProblem(error instanceof PasskeyDismissed ? m.passkey_dismissed() : problemText(error as Error));
    }
  };
  return (
    <div className="x-other-ways">
      <p className="x-divider">{m.sign_in_or()}</p>
      {problem === null ? null : <Notice tone="danger">{problem}</Notice>}
      <button type="button" className="x-button" onClick={() => void press()}>
        {label}
      </button>
    </div>
  );
}
