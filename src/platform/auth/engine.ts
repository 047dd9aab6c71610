import { passkey } from '@better-auth/passkey';
import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { APIError } from 'better-auth/api';
import { genericOAuth, twoFactor } from 'better-auth/plugins';
import { newId } from '../id.ts';
import type { AuthDeps } from './ports.ts';
import { SESSION_COOKIE } from './session.ts';
import type { SecondFactor } from './tables.ts';

/** Name of the one OpenID Connect provider; its callback is `/api/auth/callback/oidc`. */
export const OIDC_PROVIDER = 'oidc';

/** The address of the caller, set by us from the connection; a client cannot choose it. */
export const ADDRESS_HEADER = 'x-xinlai-client-address';

export const PASSWORD_LENGTH = { min: 12, max: 128 } as const;

/** How a person came in: the session is opened in the organisation that `openSession` returns. */
export interface SessionOpening {
  readonly personId: string;
  /** `replaced`: a session takes the place of another one of the same person. */
  readonly method: 'password' | 'oidc' | 'passkey' | 'totp' | 'backup-code' | 'replaced';
  /** The six digits of an authenticator that were right; null with other methods. */
  readonly code: string | null;
}

export interface EngineHooks {
  /** Decides where the session works; null where the person belongs nowhere, `code-used` where the code came before. */
  openSession(opening: SessionOpening): Promise<{ organisationId: string } | 'code-used' | null>;
  sendPasswordReset(person: { id: string; email: string }, token: string): Promise<void>;
  /** After a password was set by a link. */
  passwordReset(personId: string): Promise<void>;
}

/** better-auth as we use it: a handler of requests below `/api/auth/`. Nothing else of it is seen outside. */
export interface Engine {
  handle(request: Request): Promise<Response>;
  hashPassword(password: string): Promise<string>;
  verifyPassword(hash: string, password: string): Promise<boolean>;
  /** False where the issuer could not be reached when the engine was built. */
  readonly hasOidc: boolean;
}

/** Another way to hash passwords than the library's scrypt (N = 16384, r = 16, p = 1). */
export interface PasswordHashing {
  hash(password: string): Promise<string>;
  verify(data: { hash: string; password: string }): Promise<boolean>;
}

const methods: Readonly<Record<string, SessionOpening['method']>> = {
  '/sign-in/email': 'password',
  '/callback/:id': 'oidc',
  '/passkey/verify-authentication': 'passkey',
  '/two-factor/verify-totp': 'totp',
  '/two-factor/verify-backup-code': 'backup-code',
  '/two-factor/disable': 'replaced',
  '/change-password': 'replaced',
};

const factors: Partial<Record<SessionOpening['method'], SecondFactor>> = {
  passkey: 'passkey',
  totp: 'totp',
  'backup-code': 'backup-code',
};

const prefixes: Readonly<Record<string, string>> = {
  user: 'per',
  session: 'ses',
  account: 'acc',
  verification: 'ver',
  twoFactor: 'tfa',
  passkey: 'pky',
};

const dated = { createdAt: 'created_at', updatedAt: 'updated_at' };

/** Builds the engine; reads the OpenID Connect discovery document where an issuer is configured. */
export async function createEngine(
  deps: AuthDeps,
  hooks: EngineHooks,
  password?: PasswordHashing,
): Promise<Engine> {
  const { publicUrl, secrets } = deps;
  const options = {
    appName: '信賴 Xinlai',
    baseURL: new URL(publicUrl).origin,
    basePath: '/api/auth',
    secrets: secrets.map((value, index) => ({ version: secrets.length - index, value })),
    telemetry: { enabled: false },
    // Its messages name addresses; what matters of them reaches our own log as problems of requests.
    logger: { disabled: true },
    database: { db: deps.database.of<never>('auth'), type: 'postgres', transaction: true },
    user: {
      modelName: 'person',
      fields: { emailVerified: 'email_verified', ...dated },
      changeEmail: { enabled: false },
      deleteUser: { enabled: false },
    },
    session: {
      fields: {
        userId: 'person_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...dated,
      },
      additionalFields: {
        secondFactor: { type: 'string', required: false, input: false, fieldName: 'second_factor' },
        organisationId: { type: 'string', required: false, input: false, fieldName: 'organisation_id' },
      },
      expiresIn: (deps.sessionHours ?? 12) * 3600,
      // The end set at sign-in is the absolute one; being idle is watched by `findSession`.
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    account: {
      fields: {
        accountId: 'account_id',
        providerId: 'provider_id',
        userId: 'person_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...dated,
      },
      updateAccountOnSignIn: false,
      accountLinking: {
        enabled: true,
        // The issuer is the one that the administrator configured; an address that it calls unverified is refused below.
        trustedProviders: [OIDC_PROVIDER],
        requireLocalEmailVerified: false,
        updateUserInfoOnLink: false,
      },
    },
    verification: { fields: { expiresAt: 'expires_at', ...dated } },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      ...(password !== undefined && { password }),
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: 3600,
      sendResetPassword: ({ user, token }) =>
        hooks.sendPasswordReset({ id: user.id, email: user.email }, token),
      onPasswordReset: ({ user }) => hooks.passwordReset(user.id),
    },
    // `throttle.ts` slows down guessing for all processes together; this one only bounds floods of one process.
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      storage: 'memory',
      customRules: { '/sign-in/*': { window: 60, max: 120 }, '/two-factor/*': { window: 60, max: 60 } },
    },
    advanced: {
      cookiePrefix: 'xinlai',
      useSecureCookies: false,
      cookies: { session_token: { name: SESSION_COOKIE } },
      defaultCookieAttributes: {
        httpOnly: true,
        sameSite: 'lax',
        secure: publicUrl.startsWith('https://'),
        path: '/',
      },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      // The bridge has checked the origin, with the Host header in hand; redirect targets are still checked here.
      disableCSRFCheck: true,
      disableOriginCheck: false,
      database: { generateId: ({ model }) => newId(prefixes[model] ?? 'aut'), validateSchema: true },
    },
    onAPIError: { errorURL: '/sign-in' },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => {
            const method = methods[context?.path ?? ''];
            if (method === undefined) throw new APIError('FORBIDDEN', { code: 'NO_MEMBERSHIP' });
            const given = (context?.body as { code?: unknown } | undefined)?.code;
            const code = method === 'totp' && typeof given === 'string' ? given : null;
            const opened = await hooks.openSession({ personId: session.userId, method, code });
            if (opened === 'code-used') throw new APIError('UNAUTHORIZED', { code: 'INVALID_CODE' });
            if (opened === null) throw new APIError('FORBIDDEN', { code: 'NO_MEMBERSHIP' });
            const secondFactor = method === 'replaced' ? keptFactor(context) : (factors[method] ?? null);
            return { data: { organisationId: opened.organisationId, secondFactor } };
          },
        },
      },
      account: {
        create: {
          // The issuer's tokens are used for nothing after the sign-in, so none are kept.
          before: async () => ({
            data: {
              accessToken: null,
              refreshToken: null,
              idToken: null,
              accessTokenExpiresAt: null,
              refreshTokenExpiresAt: null,
            },
          }),
        },
      },
    },
    plugins: [
      twoFactor({
        issuer: 'Xinlai',
        allowPasswordless: true,
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'two_factor',
            fields: {
              userId: 'person_id',
              backupCodes: 'backup_codes',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
      passkey({
        rpName: '信賴 Xinlai',
        rpID: relyingParty(publicUrl),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        registration: {
          afterVerification: async ({ verification }) => {
            if (verification.registrationInfo?.userVerified !== true) throw unverified();
          },
        },
        authentication: {
          afterVerification: async ({ verification }) => {
            if (!verification.authenticationInfo.userVerified) throw unverified();
          },
        },
        schema: {
          passkey: {
            fields: {
              userId: 'person_id',
              publicKey: 'public_key',
              credentialID: 'credential_id',
              deviceType: 'device_type',
              backedUp: 'backed_up',
              createdAt: 'created_at',
            },
          },
        },
      }),
      ...(deps.oidc == null
        ? []
        : [
            genericOAuth({
              config: [
                {
                  providerId: OIDC_PROVIDER,
                  discoveryUrl: `${deps.oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
                  requireIdTokenVerification: true,
                  clientId: deps.oidc.clientId,
                  clientSecret: deps.oidc.clientSecret,
                  scopes: ['openid', 'email', 'profile'],
                  pkce: true,
                  disableSignUp: true,
                  mapProfileToUser: (profile) => {
                    if (profile['email_verified'] === false || typeof profile.email !== 'string')
                      throw unverified();
                    return { email: profile.email.toLowerCase(), emailVerified: true };
                  },
                },
              ],
            }),
          ]),
    ],
  } satisfies BetterAuthOptions;
  const auth = betterAuth(options);
  const context = await auth.$context;
  // Throws where our tables lack a column that the library expects: better no start than no sign-in.
  await context.checkSchema?.();
  return {
    handle: (request) => auth.handler(request),
    hashPassword: (password) => context.password.hash(password),
    verifyPassword: (hash, password) => context.password.verify({ hash, password }),
    hasOidc: context.socialProviders.some((provider) => provider.id === OIDC_PROVIDER),
  };
}

/** What was shown in the session that is replaced still holds, but for an authenticator that was just removed. */
function keptFactor(context: { path?: string; context: { session: unknown } } | null): SecondFactor | null {
  const replaced = context?.context.session as { session?: { secondFactor?: SecondFactor | null } } | null;
  const factor = replaced?.session?.secondFactor ?? null;
  return context?.path === '/two-factor/disable' && factor !== 'passkey' ? null : factor;
}

function unverified(): APIError {
  return new APIError('UNAUTHORIZED', { code: 'USER_NOT_VERIFIED' });
}

/** WebAuthn names a domain; an address of numbers is none, so a sandbox is reached as `localhost` for passkeys. */
function relyingParty(publicUrl: string): string {
  const { hostname } = new URL(publicUrl);
  return /^[\d.]+$|:|\[/.test(hostname) ? 'localhost' : hostname;
}
