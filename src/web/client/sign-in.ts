import { language } from './language.ts';
import { ProblemError, problemOf } from './problem.ts';

/** The steps of signing in, under `/api/auth`; see platform/auth/README.md. */
async function step<T>(path: string, body?: object): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api/auth${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        'accept-language': language(),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw ProblemError.unreachable(cause);
  }
  if (!response.ok) throw await problemOf(response);
  return (await response.json().catch(() => null)) as T;
}

/** True where a code of the authenticator is still wanted. */
export async function signInWithPassword(email: string, password: string): Promise<boolean> {
  const answer = await step<{ twoFactorRedirect?: boolean } | null>('/sign-in/email', { email, password });
  return answer?.twoFactorRedirect === true;
}

export const showCode = (code: string): Promise<unknown> =>
  /^\d{6}$/.test(code)
    ? step('/two-factor/verify-totp', { code })
    : step('/two-factor/verify-backup-code', { code });

export const signOut = (): Promise<unknown> => step('/sign-out', {});

export const askPasswordReset = (email: string): Promise<unknown> =>
  step('/request-password-reset', { email });

export const resetPassword = (token: string, newPassword: string): Promise<unknown> =>
  step('/reset-password', { token, newPassword });

export const changePassword = (currentPassword: string, newPassword: string): Promise<unknown> =>
  step('/change-password', { currentPassword, newPassword, revokeOtherSessions: true });

/** Address of the organisation's own sign-in; leads back to `/console` or, refused, to the sign-in page. */
export async function singleSignOnAddress(back: string): Promise<string> {
  const answer = await step<{ url: string }>('/sign-in/social', {
    provider: 'oidc',
    callbackURL: back,
    errorCallbackURL: '/console/sign-in',
    disableRedirect: true,
  });
  return answer.url;
}

export interface AuthenticatorOffer {
  /** For the QR code: `otpauth://totp/…`. */
  readonly totpURI: string;
  readonly backupCodes: readonly string[];
}

export const offerAuthenticator = (password: string): Promise<AuthenticatorOffer> =>
  step('/two-factor/enable', { ...(password !== '' && { password }) });

export const removeAuthenticator = (password: string): Promise<unknown> =>
  step('/two-factor/disable', { ...(password !== '' && { password }) });

export const newBackupCodes = (password: string): Promise<{ backupCodes: readonly string[] }> =>
  step('/two-factor/generate-backup-codes', { ...(password !== '' && { password }) });

export interface Passkey {
  readonly id: string;
  readonly name: string | null;
  readonly createdAt: string | null;
}

export const listPasskeys = (): Promise<readonly Passkey[]> => step('/passkey/list-user-passkeys');

export const deletePasskey = (id: string): Promise<unknown> => step('/passkey/delete-passkey', { id });

/** Whether this browser can hold a passkey here. */
export const canUsePasskeys = (): boolean =>
  typeof PublicKeyCredential === 'function' &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function';

/** Asks the device for a passkey of this site and signs in with it. */
export async function signInWithPasskey(): Promise<void> {
  const options = await step<PublicKeyCredentialRequestOptionsJSON>('/passkey/generate-authenticate-options');
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await asked(navigator.credentials.get({ publicKey }));
  await step('/passkey/verify-authentication', { response: credential.toJSON() });
}

/** Makes a passkey on this device for the person who is signed in. */
export async function registerPasskey(name: string): Promise<void> {
  const options = await step<PublicKeyCredentialCreationOptionsJSON>(
    `/passkey/generate-register-options?name=${encodeURIComponent(name)}`,
  );
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await asked(navigator.credentials.create({ publicKey }));
  await step('/passkey/verify-registration', { response: credential.toJSON(), name });
}

/** The person closed the device's own dialog, or it took too long. */
export class PasskeyDismissed extends Error {
  override readonly name = 'PasskeyDismissed';
}

async function asked(prompt: Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await prompt;
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (cause) {
    throw new PasskeyDismissed('no passkey was given', { cause });
  }
  throw new PasskeyDismissed('no passkey was given');
}
