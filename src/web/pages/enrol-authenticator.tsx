import { useState } from 'react';
import { m } from 'virtual:messages';
import { offerAuthenticator, showCode, type AuthenticatorOffer } from '../client/sign-in.ts';
import { CodeBlock } from '../components/copy-button.tsx';
import { Form, TextField, type Values } from '../components/form.tsx';
import { Notice } from '../components/states.tsx';
import { QrCode } from './qr-code.tsx';

/** Sets up an authenticator app: password, QR code, a code from it, and the backup codes to keep. */
export function EnrolAuthenticator({ onDone }: { readonly onDone: () => Promise<void> }) {
  const [offer, setOffer] = useState<AuthenticatorOffer | null>(null);
  const [isProven, setProven] = useState(false);
  if (offer === null) {
    return (
      <Form
        key="password"
        submitLabel={m.enrol_start()}
        onSubmit={async (values) => setOffer(await offerAuthenticator(values['password'] ?? ''))}
      >
        <TextField
          name="password"
          label={m.field_password_present()}
          hint={m.enrol_password_hint()}
          type="password"
          autoComplete="current-password"
          maxLength={128}
        />
      </Form>
    );
  }
  if (isProven) {
    return (
      <div className="x-stack">
        <Notice tone="success" title={m.enrol_done()}>
          {m.enrol_backup_text()}
        </Notice>
        <CodeBlock label={m.enrol_backup_codes()} text={offer.backupCodes.join('\n')} />
        <Form key="kept" submitLabel={m.enrol_kept()} onSubmit={onDone}>
          {null}
        </Form>
      </div>
    );
  }
  const prove = async (values: Values): Promise<void> => {
    await showCode((values['code'] ?? '').replaceAll(/\s/g, ''));
    setProven(true);
  };
  const secret = new URL(offer.totpURI).searchParams.get('secret') ?? '';
  return (
    <div className="x-stack">
      <p>{m.enrol_scan()}</p>
      <QrCode text={offer.totpURI} label={m.enrol_qr()} />
      <CodeBlock label={m.enrol_secret()} text={secret.replaceAll(/(.{4})(?=.)/g, '$1 ')} />
      <Form key="code" submitLabel={m.enrol_confirm()} onSubmit={prove}>
        <TextField
          name="code"
          label={m.enrol_code()}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={7}
          required
          width="short"
        />
      </Form>
    </div>
  );
}
