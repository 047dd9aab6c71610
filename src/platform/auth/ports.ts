import type { Caller } from '../access.ts';
import type { Clock } from '../clock.ts';
import type { AnyTransaction, Database } from '../database.ts';
import type { JsonValue } from '../json.ts';
import type { Log } from '../log.ts';

/** What sign-in needs of the audit trail. */
export interface AuditRecorder {
  record(
    transaction: AnyTransaction,
    entry: {
      caller: Caller;
      action: string;
      subject: { kind: string; id: string };
      details?: Record<string, JsonValue>;
      requestId?: string;
    },
  ): Promise<void>;
}

/** What sign-in needs of mail. */
export interface MailSender {
  send(
    transaction: AnyTransaction,
    mail: { to: string; subject: string; text: string; kind: string },
  ): Promise<unknown>;
}

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface AuthDeps {
  readonly database: Database;
  readonly audit: AuditRecorder;
  /** Null where no mail can go out: the link of an invitation is then shown to who invites. */
  readonly mail: MailSender | null;
  readonly clock: Clock;
  readonly log: Log;
  readonly mode: 'sandbox' | 'live';
  /** Address under which browsers reach the product, such as `https://xinlai.example`. */
  readonly publicUrl: string;
  /**
   * Secrets of at least 32 characters that sign session cookies and encrypt TOTP seeds, newest first. An older one is
   * kept as long as seeds encrypted with it are in use; cookies hold with the newest alone.
   */
  readonly secrets: readonly [string, ...string[]];
  readonly oidc?: OidcSettings | null;
  /** A session ends after so long without a request (default 60 minutes). */
  readonly idleMinutes?: number;
  /** A session ends so long after the sign-in, whatever happens (default 12 hours). */
  readonly sessionHours?: number;
}
