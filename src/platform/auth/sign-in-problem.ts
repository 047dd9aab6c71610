import type { AppError } from '../errors.ts';
import { httpErrors } from '../http/http-errors.ts';
import { authErrors } from './errors.ts';

const byCode: Readonly<Record<string, () => AppError>> = {
  INVALID_EMAIL_OR_PASSWORD: authErrors.sign_in_refused,
  INVALID_EMAIL: authErrors.sign_in_refused,
  INVALID_PASSWORD: authErrors.password_wrong,
  PASSWORD_TOO_SHORT: authErrors.password_weak,
  PASSWORD_TOO_LONG: authErrors.password_weak,
  INVALID_TOKEN: authErrors.token_invalid,
  INVALID_CODE: authErrors.code_refused,
  INVALID_BACKUP_CODE: authErrors.code_refused,
  INVALID_TWO_FACTOR_COOKIE: authErrors.challenge_expired,
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: authErrors.challenge_expired,
  ACCOUNT_TEMPORARILY_LOCKED: () => authErrors.locked({ seconds: 900 }),
  TOTP_ALREADY_ENABLED: authErrors.second_factor_exists,
  TOTP_NOT_ENABLED: authErrors.second_factor_absent,
  TWO_FACTOR_NOT_ENABLED: authErrors.second_factor_absent,
  BACKUP_CODES_NOT_ENABLED: authErrors.second_factor_absent,
  CHALLENGE_NOT_FOUND: authErrors.challenge_expired,
  PASSKEY_NOT_FOUND: authErrors.passkey_refused,
  AUTHENTICATION_FAILED: authErrors.passkey_refused,
  USER_NOT_VERIFIED: authErrors.passkey_refused,
  FAILED_TO_VERIFY_REGISTRATION: () =>
    authErrors.passkey_unverified({ problem: 'FAILED_TO_VERIFY_REGISTRATION' }),
  NO_MEMBERSHIP: authErrors.no_membership,
  OIDC_ADDRESS_UNVERIFIED: authErrors.oidc_refused,
  SESSION_NOT_FRESH: httpErrors.unauthenticated,
  PROVIDER_NOT_FOUND: authErrors.oidc_unavailable,
};

/** What the library refused, in our words. Its own message is left out: it may name an address. */
export function toSignInProblem(status: number, body: unknown, retryAfter: string | null): AppError {
  const code = (body as { code?: unknown } | null)?.code;
  const known = typeof code === 'string' ? byCode[code] : undefined;
  if (known !== undefined) return known();
  if (status === 429) return authErrors.locked({ seconds: Number(retryAfter ?? 10) });
  if (status === 401) return httpErrors.unauthenticated();
  return authErrors.refused({ code: typeof code === 'string' ? code : String(status) });
}
