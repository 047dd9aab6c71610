import Type, { type TObject } from 'typebox';
import { OIDC_PROVIDER, PASSWORD_LENGTH } from './engine.ts';

const password = Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH.max });
const newPassword = Type.String({ minLength: PASSWORD_LENGTH.min, maxLength: PASSWORD_LENGTH.max });
const email = Type.String({ minLength: 3, maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' });
const totpCode = Type.String({ pattern: '^[0-9]{6}$' });
/** A path of our own: a sign-in never leads to another site. */
const ownPath = Type.String({ pattern: '^/(?![/\\\\])[^\\\\]*$', maxLength: 500 });
const credential = Type.Object(
  { id: Type.String({ maxLength: 2000 }) },
  { additionalProperties: true, maxProperties: 20 },
);

const closed = { additionalProperties: false } as const;

/** One step of signing in that the library offers; whatever is not in this list does not exist. */
export interface SignInEndpoint {
  readonly method: 'GET' | 'POST';
  /** Below `/api/auth`. */
  readonly path: string;
  readonly body?: TObject;
  readonly query?: TObject;
  /** Whose attempts are counted: the account named by `email`, or the person who is signed in. */
  readonly guess?: 'email' | 'person';
  /** `signed-in`: needs a session; `factor`: one in which a second factor that exists was shown. */
  readonly needs?: 'signed-in' | 'factor';
  /** Members of the answer that are sent on; a session token never is. */
  readonly keep: readonly string[];
  /** Audited as `auth.<act>` with the person as subject. */
  readonly act?: string;
}

export const signInEndpoints: readonly SignInEndpoint[] = [
  {
    method: 'POST',
    path: '/sign-in/email',
    body: Type.Object({ email, password }, closed),
    guess: 'email',
    keep: ['twoFactorRedirect', 'twoFactorMethods'],
  },
  {
    method: 'POST',
    path: '/sign-in/social',
    body: Type.Object(
      {
        provider: Type.Literal(OIDC_PROVIDER),
        callbackURL: Type.Optional(ownPath),
        errorCallbackURL: Type.Optional(ownPath),
        disableRedirect: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
    keep: ['url', 'redirect'],
  },
  { method: 'GET', path: `/callback/${OIDC_PROVIDER}`, keep: [] },
  { method: 'POST', path: '/sign-out', keep: ['success'], act: 'signed_out' },
  {
    method: 'POST',
    path: '/change-password',
    body: Type.Object(
      { currentPassword: password, newPassword, revokeOtherSessions: Type.Optional(Type.Boolean()) },
      closed,
    ),
    needs: 'factor',
    guess: 'person',
    keep: [],
    act: 'password_changed',
  },
  {
    method: 'POST',
    path: '/request-password-reset',
    body: Type.Object({ email }, closed),
    guess: 'email',
    keep: ['status'],
  },
  {
    method: 'POST',
    path: '/reset-password',
    body: Type.Object({ token: Type.String({ minLength: 10, maxLength: 100 }), newPassword }, closed),
    keep: ['status'],
  },
  {
    method: 'POST',
    path: '/two-factor/enable',
    body: Type.Object({ password: Type.Optional(password) }, closed),
    needs: 'factor',
    guess: 'person',
    keep: ['totpURI', 'backupCodes'],
    act: 'authenticator_offered',
  },
  {
    method: 'POST',
    path: '/two-factor/verify-totp',
    body: Type.Object({ code: totpCode }, closed),
    guess: 'person',
    keep: [],
  },
  {
    method: 'POST',
    path: '/two-factor/verify-backup-code',
    body: Type.Object({ code: Type.String({ minLength: 5, maxLength: 40 }) }, closed),
    guess: 'person',
    keep: [],
  },
  {
    method: 'POST',
    path: '/two-factor/generate-backup-codes',
    body: Type.Object({ password: Type.Optional(password) }, closed),
    needs: 'factor',
    guess: 'person',
    keep: ['backupCodes'],
    act: 'backup_codes_renewed',
  },
  {
    method: 'POST',
    path: '/two-factor/disable',
    body: Type.Object({ password: Type.Optional(password) }, closed),
    needs: 'factor',
    guess: 'person',
    keep: ['status'],
    act: 'authenticator_removed',
  },
  {
    method: 'GET',
    path: '/passkey/generate-register-options',
    query: Type.Object({ name: Type.Optional(Type.String({ maxLength: 100 })) }, closed),
    needs: 'factor',
    keep: ['*'],
  },
  {
    method: 'POST',
    path: '/passkey/verify-registration',
    body: Type.Object({ response: credential, name: Type.Optional(Type.String({ maxLength: 100 })) }, closed),
    needs: 'factor',
    keep: ['id', 'name', 'createdAt'],
    act: 'passkey_registered',
  },
  { method: 'GET', path: '/passkey/generate-authenticate-options', keep: ['*'] },
  {
    method: 'POST',
    path: '/passkey/verify-authentication',
    body: Type.Object({ response: credential }, closed),
    keep: [],
  },
  {
    method: 'GET',
    path: '/passkey/list-user-passkeys',
    needs: 'signed-in',
    keep: ['id', 'name', 'createdAt', 'deviceType'],
  },
  {
    method: 'POST',
    path: '/passkey/delete-passkey',
    body: Type.Object({ id: Type.String({ maxLength: 60 }) }, closed),
    needs: 'factor',
    keep: ['status'],
    act: 'passkey_removed',
  },
];
