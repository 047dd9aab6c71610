import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Caller, Role } from '../access.ts';
import { newId } from '../id.ts';
import { hashSecret } from './api-key.ts';
import { PASSWORD_LENGTH, type Engine } from './engine.ts';
import { eraseNeverAccepted, eraseWhoBelongsNowhere } from './erasure.ts';
import { authErrors } from './errors.ts';
import { personCaller } from './person-caller.ts';
import type { AuthDeps } from './ports.ts';
import type { AuthTables, OrganisationRow } from './tables.ts';
import type { Throttle } from './throttle.ts';

type AuthTransaction = Transaction<AuthTables>;

export interface InvitationRequest {
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

export interface Invitation {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly invitedBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** An invitation with its one-time token, which is kept nowhere. */
export interface NewInvitation extends Invitation {
  readonly token: string;
  /** Page that takes the token; it stands after `#`, so that no server log ever holds it. */
  readonly link: string;
}

/** What the holder of a link is shown before accepting. */
export interface InvitationView {
  readonly organisation: Pick<OrganisationRow, 'id' | 'kind' | 'name_zh' | 'name_en'>;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
  readonly expiresAt: string;
  /** True where the person has a password already and gives that one. */
  readonly hasPassword: boolean;
}

export interface Invitations {
  /** Invites into an organisation; an earlier invitation of the same person to it ends. Mails the link where mail is there. */
  invite(
    trx: AuthTransaction,
    caller: Caller,
    organisationId: string,
    request: InvitationRequest,
    options?: { hours?: number; mail?: boolean; requestId?: string },
  ): Promise<NewInvitation>;
  list(caller: Caller, page: { limit: number; before: string | null }): Promise<Invitation[]>;
  withdraw(caller: Caller, id: string, requestId?: string): Promise<void>;
  /** Throws `auth.invitation_invalid` for a token that is unknown, used or too old. */
  view(token: string): Promise<InvitationView>;
  /**
   * Makes the person a member, once. Who has no password sets one; who has one gives it, or is signed in as the
   * person invited.
   */
  accept(token: string, by: { password?: string; personId?: string | null }): Promise<{ personId: string }>;
  /** Takes up what waits for a person whom the issuer of single sign-on has identified. */
  acceptPending(trx: AuthTransaction, personId: string): Promise<void>;
}

/** Days that an invitation by an administrator waits. */
const WAITS_HOURS = 7 * 24;

/**
 * Invitations: the only way in. The name and the address stand in the person's own row from the start, so that no
 * second copy exists; a person who never accepts is erased with the invitation.
 */
export function createInvitations(
  deps: Pick<AuthDeps, 'database' | 'audit' | 'mail' | 'clock' | 'publicUrl' | 'mode'>,
  access: { engine(): Promise<Engine>; throttle(): Throttle },
): Invitations {
  const queries = deps.database.of<AuthTables>('auth');
  const now = (): Date => new Date(deps.clock.now().epochMilliseconds);

  const alive = (trx: AuthTransaction | typeof queries, token: string) =>
    trx
      .selectFrom('invitation as i')
      .innerJoin('organisation as o', 'o.id', 'i.organisation_id')
      .innerJoin('person as p', 'p.id', 'i.person_id')
      .select(['i.id', 'i.person_id', 'i.roles', 'i.expires_at', 'i.invited_by', 'p.name', 'p.email'])
      .select(['o.id as organisation_id', 'o.kind', 'o.ubn', 'o.name_zh', 'o.name_en'])
      .select((e) =>
        e
          .selectFrom('account as a')
          .select('a.password')
          .whereRef('a.person_id', '=', 'p.id')
          .where('a.provider_id', '=', 'credential')
          .limit(1)
          .as('password'),
      )
      .where('i.token_hash', '=', hashSecret(token))
      .where('i.expires_at', '>', now());

  const join = async (
    trx: AuthTransaction,
    invitation: { id: string; person_id: string; organisation_id: string; roles: Role[] },
    organisation: Pick<OrganisationRow, 'id' | 'kind' | 'ubn'>,
  ): Promise<void> => {
    const { person_id, organisation_id, roles } = invitation;
    await trx.deleteFrom('invitation').where('id', '=', invitation.id).execute();
    await trx
      .insertInto('membership')
      .values({ organisation_id, person_id, roles })
      .onConflict((conflict) => conflict.columns(['organisation_id', 'person_id']).doNothing())
      .execute();
    await trx
      .updateTable('person')
      .set({ last_organisation_id: organisation_id })
      .where('id', '=', person_id)
      .execute();
    await deps.audit.record(trx, {
      caller: personCaller({ personId: person_id, organisation, roles }, deps.mode),
      action: 'auth.invitation_accepted',
      subject: { kind: 'invitation', id: invitation.id },
      details: { personId: person_id, roles },
    });
  };

  return {
    async invite(trx, caller, organisationId, request, options = {}) {
      await eraseNeverAccepted(trx, now());
      const email = request.email.trim().toLowerCase();
      const organisation = await trx
        .selectFrom('organisation')
        .selectAll()
        .where('id', '=', organisationId)
        .executeTakeFirst();
      if (organisation === undefined) throw authErrors.organisation_not_found({ id: organisationId });
      const person = await trx
        .insertInto('person')
        .values({
          id: newId('per'),
          name: request.name.trim(),
          email,
          image: null,
          last_organisation_id: null,
        })
        .onConflict((conflict) =>
          conflict.column('email').doUpdateSet((e) => ({ email: e.ref('excluded.email') })),
        )
        .returning(['id', 'name'])
        .executeTakeFirstOrThrow();
      const member = await trx
        .selectFrom('membership')
        .select('person_id')
        .where('organisation_id', '=', organisationId)
        .where('person_id', '=', person.id)
        .executeTakeFirst();
      if (member !== undefined) throw authErrors.already_member();
      await trx
        .deleteFrom('invitation')
        .where('organisation_id', '=', organisationId)
        .where('person_id', '=', person.id)
        .execute();
      const token = randomBytes(32).toString('base64url');
      const expires = new Date(now().getTime() + (options.hours ?? WAITS_HOURS) * 3_600_000);
      const row = {
        id: newId('inv'),
        organisation_id: organisationId,
        person_id: person.id,
        roles: [...new Set(request.roles)],
        token_hash: hashSecret(token),
        invited_by: caller.actorId,
        created_at: now(),
        expires_at: expires,
      };
      await trx.insertInto('invitation').values(row).execute();
      const link = `${deps.publicUrl}/invitation#${token}`;
      if (deps.mail !== null && options.mail !== false) {
        await deps.mail.send(trx, {
          to: email,
          subject: `信賴：${organisation.name_zh}邀請您加入 / Xinlai: invitation to ${organisation.name_en}`,
          text: `${organisation.name_zh}邀請您使用信賴平台。請於期限前開啟下列連結。\n${organisation.name_en} invites you to Xinlai. Open this link in time.\n\n${link}\n\n${expires.toISOString()}\n`,
          kind: 'auth.invitation',
        });
      }
      await deps.audit.record(trx, {
        caller,
        action: 'auth.person_invited',
        subject: { kind: 'invitation', id: row.id },
        details: { personId: person.id, organisationId, roles: row.roles },
        ...(options.requestId !== undefined && { requestId: options.requestId }),
      });
      return { ...toInvitation({ ...row, name: request.name.trim(), email }), token, link };
    },

    async list(caller, { limit, before }) {
      const rows = await queries
        .selectFrom('invitation as i')
        .innerJoin('person as p', 'p.id', 'i.person_id')
        .select([
          'i.id',
          'i.person_id',
          'i.roles',
          'i.invited_by',
          'i.created_at',
          'i.expires_at',
          'p.name',
          'p.email',
        ])
        .where('i.organisation_id', '=', caller.organisation.id)
        .where('i.expires_at', '>', now())
        .$if(before !== null, (query) => query.where('i.id', '<', before ?? ''))
        .orderBy('i.id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toInvitation);
    },

    withdraw: (caller, id, requestId) =>
      queries.transaction().execute(async (trx) => {
        const gone = await trx
          .deleteFrom('invitation')
          .where('id', '=', id)
          .where('organisation_id', '=', caller.organisation.id)
          .returning('person_id')
          .executeTakeFirst();
        if (gone === undefined) throw authErrors.invitation_invalid();
        await eraseWhoBelongsNowhere(trx, [gone.person_id]);
        await deps.audit.record(trx, {
          caller,
          action: 'auth.invitation_withdrawn',
          subject: { kind: 'invitation', id },
          ...(requestId !== undefined && { requestId }),
        });
      }),

    async view(token) {
      const row = await alive(queries, token).executeTakeFirst();
      if (row === undefined) throw authErrors.invitation_invalid();
      return {
        organisation: { id: row.organisation_id, kind: row.kind, name_zh: row.name_zh, name_en: row.name_en },
        name: row.name,
        email: row.email,
        roles: row.roles,
        expiresAt: row.expires_at.toISOString(),
        hasPassword: row.password !== null,
      };
    },

    async accept(token, by) {
      const engine = await access.engine();
      // Hashing takes long; the row is locked only afterwards.
      const seen = await alive(queries, token).executeTakeFirst();
      if (seen === undefined) throw authErrors.invitation_invalid();
      const isInvited = by.personId === seen.person_id;
      if (seen.password !== null && !isInvited) {
        if (by.password === undefined) throw authErrors.invitation_other_person();
        await access.throttle().attempt('account', seen.person_id);
        if (!(await engine.verifyPassword(seen.password, by.password))) throw authErrors.password_wrong();
        await access.throttle().succeeded('account', seen.person_id);
      }
      const setsPassword = seen.password === null && !isInvited;
      const length = by.password?.length ?? 0;
      if (setsPassword && (length < PASSWORD_LENGTH.min || length > PASSWORD_LENGTH.max))
        throw authErrors.password_needed();
      const hash = setsPassword ? await engine.hashPassword(by.password ?? '') : null;
      return queries.transaction().execute(async (trx) => {
        const row = await alive(trx, token).forUpdate('i').executeTakeFirst();
        if (row === undefined || (hash !== null && row.password !== null))
          throw authErrors.invitation_invalid();
        if (hash !== null) {
          await trx
            .insertInto('account')
            .values({
              id: newId('acc'),
              account_id: row.person_id,
              provider_id: 'credential',
              person_id: row.person_id,
              password: hash,
            })
            .execute();
        }
        await join(trx, row, { id: row.organisation_id, kind: row.kind, ubn: row.ubn });
        // Only who reads that mailbox holds the token, where it was mailed.
        await trx
          .updateTable('person')
          .set({ email_verified: true })
          .where('id', '=', row.person_id)
          .execute();
        return { personId: row.person_id };
      });
    },

    async acceptPending(trx, personId) {
      const rows = await trx
        .selectFrom('invitation as i')
        .innerJoin('organisation as o', 'o.id', 'i.organisation_id')
        .select(['i.id', 'i.person_id', 'i.organisation_id', 'i.roles', 'o.kind', 'o.ubn'])
        .where('i.person_id', '=', personId)
        .where('i.expires_at', '>', now())
        .forUpdate('i')
        .execute();
      for (const row of rows) await join(trx, row, { id: row.organisation_id, kind: row.kind, ubn: row.ubn });
    },
  };
}

function toInvitation(row: {
  id: string;
  person_id: string;
  name: string;
  email: string;
  roles: Role[];
  invited_by: string;
  created_at: Date;
  expires_at: Date;
}): Invitation {
  return {
    id: row.id,
    personId: row.person_id,
    name: row.name,
    email: row.email,
    roles: row.roles,
    invitedBy: row.invited_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}
