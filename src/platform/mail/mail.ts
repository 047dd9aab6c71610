import { createTransport, type Transporter } from 'nodemailer';
import { sql } from 'kysely';
import { systemCaller } from '../access.ts';
import type { AnyTransaction, Database } from '../database.ts';
import { defineErrors } from '../errors.ts';
import { newId } from '../id.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { MigrationSet } from '../migrate.ts';
import type { SecretBox } from '../secret-box.ts';

export const mailMigrations: MigrationSet = {
  schema: 'mail',
  folder: new URL('./migrations/', import.meta.url),
};

const errors = defineErrors('mail', {
  recipient_invalid: {
    status: 422,
    zh: '電子郵件地址的格式不正確。',
    en: 'the e-mail address has the wrong form.',
  },
  refused: {
    status: 502,
    zh: '郵件伺服器拒收（{code}）。請檢查寄件設定與收件地址。',
    en: 'the mail server refused the mail ({code}). Check the sender settings and the address.',
  },
  unreachable: {
    status: 502,
    zh: '郵件伺服器暫時無法寄送（{code}），將再嘗試。',
    en: 'the mail server cannot send now ({code}); it is tried again.',
    retryable: true,
  },
});

export interface NewMail {
  /** One address; counts as personal data. */
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  /** What it is about, e.g. `auth.invitation`; shown in the sandbox's inbox. */
  readonly kind: string;
}

/** A mail in the sandbox's inbox. */
export interface KeptMail extends NewMail {
  readonly id: string;
  readonly createdAt: string;
}

export interface Mail {
  /** Queues a mail in the caller's transaction: a rollback sends nothing. Sent at least once, retried for about 16 hours. */
  send(transaction: AnyTransaction, mail: NewMail): Promise<void>;
  /** The sandbox's inbox, newest first; `before` is the id of the last one of the page before. */
  inbox(page: { readonly limit: number; readonly before?: string | undefined }): Promise<KeptMail[]>;
  /** Deletes what was sent, or kept, 30 days ago; answers how many. Runs every night. */
  sweep(): Promise<number>;
  close(): void;
}

export interface MailDependencies {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'define' | 'enqueue' | 'schedule'>;
  readonly secretBox: Pick<SecretBox, 'seal' | 'open'>;
  /** `smtp://user:password@host:587` or `smtps://…`; without one, mails are kept in the inbox. */
  readonly smtpUrl?: string | undefined;
  /** Sender of every mail. */
  readonly from: string;
}

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly recipient_sealed: string;
  readonly subject_sealed: string;
  readonly text_sealed: string;
  readonly created_at: Date;
}

/** Mail by SMTP, or the sandbox's inbox. Defines the jobs `mail.send` and `mail.sweep`. */
export function createMail(dependencies: MailDependencies): Mail {
  const { database, jobs, secretBox, from } = dependencies;
  const connection = database.of('mail');
  const system = systemCaller('mail');
  const transport: Transporter | null =
    dependencies.smtpUrl === undefined
      ? null
      : createTransport(dependencies.smtpUrl, {
          from,
          connectionTimeout: 10_000,
          greetingTimeout: 10_000,
          socketTimeout: 30_000,
        } as object);

  jobs.define<{ id: string }>('mail.send', {
    title: { zh: '寄送郵件', en: 'Send a mail' },
    keepDone: false,
    concurrency: 4,
    maxAttempts: 12,
    async run({ input }) {
      const { rows } =
        await sql<Row>`select * from mail.message where id = ${input.id} and state = 'waiting'`.execute(
          connection,
        );
      const [row] = rows;
      if (row === undefined) return undefined;
      if (transport !== null) await deliver(transport, row);
      await sql`update mail.message set state = ${transport === null ? 'kept' : 'sent'}, sent_at = now() where id = ${row.id}`.execute(
        connection,
      );
      return undefined;
    },
  });
  jobs.define('mail.sweep', {
    title: { zh: '刪除已寄出的郵件', en: 'Delete mails that were sent' },
    run: async () => ({ deleted: await sweep() }),
  });
  jobs.schedule({ name: 'mail.sweep', cron: '20 3 * * *', kind: 'mail.sweep', input: null });

  async function deliver(smtp: Transporter, row: Row): Promise<void> {
    try {
      await smtp.sendMail({
        from,
        to: secretBox.open(row.recipient_sealed),
        subject: secretBox.open(row.subject_sealed),
        text: secretBox.open(row.text_sealed),
        // The same at every attempt: a server that took it and could not say so may know it again.
        messageId: `<${row.id}@${from.split('@')[1] ?? 'xinlai'}>`,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } catch (error) {
      const { responseCode, code } = error as { responseCode?: number; code?: string };
      // What the server says may repeat the address; only its number is kept. 5xx is final (RFC 5321, 4.2.1).
      const known = responseCode ?? code ?? 'unknown';
      // oxlint-disable-next-line preserve-caught-error -- the message holds the address
      throw responseCode !== undefined && responseCode >= 500
        ? errors.refused({ code: known })
        : errors.unreachable({ code: known });
    }
  }

  async function sweep(): Promise<number> {
    const { numAffectedRows = 0n } = await sql`
      delete from mail.message where sent_at < now() - interval '30 days' or created_at < now() - interval '60 days'`.execute(
      connection,
    );
    return Number(numAffectedRows);
  }

  return {
    async send(transaction, { to, subject, text, kind }) {
      // One address and no header of its own: neither line breaks nor lists get through.
      if (to.length > 254 || !/^[^\s@<>(),;:"\\]+@[^\s@<>(),;:"\\]+$/.test(to))
        throw errors.recipient_invalid();
      const id = newId('eml');
      await sql`
        insert into mail.message (id, kind, recipient_sealed, subject_sealed, text_sealed)
        values (${id}, ${kind}, ${secretBox.seal(to)}, ${secretBox.seal(subject.replace(/\s+/g, ' '))}, ${secretBox.seal(text)})`.execute(
        transaction,
      );
      await jobs.enqueue(transaction, { kind: 'mail.send', input: { id }, caller: system });
    },
    async inbox({ limit, before }) {
      const { rows } = await sql<Row>`
        select * from mail.message where state = 'kept' and (${before ?? null}::text is null or id < ${before ?? null})
        order by id desc limit ${limit}`.execute(connection);
      return rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        to: secretBox.open(row.recipient_sealed),
        subject: secretBox.open(row.subject_sealed),
        text: secretBox.open(row.text_sealed),
        createdAt: row.created_at.toISOString(),
      }));
    },
    sweep,
    close: () => transport?.close(),
  };
}
