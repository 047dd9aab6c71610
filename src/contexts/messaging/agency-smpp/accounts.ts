/** SMPP accounts of an agency: made, listed, closed. */
import type { Kysely, Selectable } from 'kysely';
import type { Caller } from '#platform/access';
import type { Audit } from '#platform/audit/audit';
import { newId } from '#platform/id';
import { loadSendable } from '../catalogue/versions.ts';
import type { MessagingTables } from '../tables.ts';
import { accountErrors } from './accounts-errors.ts';
import { parseNetwork } from './networks.ts';
import { hashPassword, newPassword } from './password.ts';

export type AccountRow = Selectable<MessagingTables['smpp_account']>;

export interface NewAccount {
  readonly templateVersionId: string;
  readonly networks: readonly string[];
  readonly maxBinds?: number;
  readonly partsPerSecond?: number;
}

export interface AccountDeps {
  readonly db: Kysely<MessagingTables>;
  readonly audit: Pick<Audit, 'record'>;
}

const WORDS = 'bcdfghjkmnpqrstvwxz23456789';

/** Makes an account; its password is in the answer alone. Throws where the version does not fit. */
export async function createAccount(
  { db, audit }: AccountDeps,
  caller: Caller,
  { templateVersionId, networks, maxBinds = 2, partsPerSecond = 100 }: NewAccount,
  requestId: string,
): Promise<{ account: AccountRow; password: string }> {
  const { service, version } = await loadSendable(db, {
    organisationId: caller.organisation.id,
    space: caller.space,
    templateVersionId,
  });
  const [field, ...more] = version.fields;
  if (version.class === 'batch' || field?.type !== 'text' || more.length > 0) {
    throw accountErrors.smpp_template_unfit({ id: templateVersionId });
  }
  const checked = networks.map((text) => {
    const network = parseNetwork(text);
    if (network === null) throw accountErrors.smpp_network_invalid({ network: text });
    return network;
  });
  const password = newPassword();
  const secretHash = await hashPassword(password);
  const account = await db.transaction().execute(async (trx) => {
    const row = await trx
      .insertInto('smpp_account')
      .values({
        id: newId('sma'),
        organisation_id: caller.organisation.id,
        space: caller.space,
        service_id: service.id,
        template_version_id: templateVersionId,
        system_id: newSystemId(),
        secret_hash: secretHash,
        networks: checked,
        max_binds: maxBinds,
        parts_per_second: partsPerSecond,
        created_by: caller.actorId,
        created_at: new Date(),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await audit.record(trx, {
      caller,
      action: 'messaging.smpp_account_created',
      subject: { kind: 'smpp_account', id: row.id },
      details: { networks: checked.length, maxBinds },
      requestId,
    });
    return row;
  });
  return { account, password };
}

export function listAccounts(db: Kysely<MessagingTables>, caller: Caller): Promise<AccountRow[]> {
  return db
    .selectFrom('smpp_account')
    .selectAll()
    .where('organisation_id', '=', caller.organisation.id)
    .where('space', '=', caller.space)
    .orderBy('id')
    .limit(200)
    .execute();
}

/** Closes an account for good; closing it again changes nothing. */
export async function closeAccount(
  { db, audit }: AccountDeps,
  caller: Caller,
  id: string,
  requestId: string,
): Promise<AccountRow> {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('smpp_account')
      .set({ state: 'closed' })
      .where('id', '=', id)
      .where('organisation_id', '=', caller.organisation.id)
      .where('space', '=', caller.space)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) throw accountErrors.smpp_account_not_found({ id });
    await audit.record(trx, {
      caller,
      action: 'messaging.smpp_account_closed',
      subject: { kind: 'smpp_account', id },
      requestId,
    });
    return row;
  });
}

/** system_id has at most 15 octets (SMPP 3.4 §5.2.1); not guessable, though no secret. */
const newSystemId = (): string =>
  `xl${Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => WORDS[byte % WORDS.length]).join('')}`;
