/**
 * The SMPP server for agencies: a bind with credentials from an allowed network, `submit_sm` under the rules of every single text,
 * receipts back. `submit_sm_resp` is written after the commit, so an id that a client holds is a message that is kept.
 */
import type { TlsOptions } from 'node:tls';
import type { Kysely } from 'kysely';
import type { Caller } from '#platform/access';
import type { Log } from '#platform/log';
import { createPoller } from '#platform/poller';
import { listen, statuses, type BindRequest, type Session, type SmppServer } from '#protocols/smpp';
import type { Acceptor } from '../accept/accept.ts';
import type { MessagingTables } from '../tables.ts';
import type { AccountRow } from './accounts.ts';
import { createBindAttempts } from './bind-attempts.ts';
import { HeldParts } from './held-parts.ts';
import { isWithin } from './networks.ts';
import { isPassword } from './password.ts';
import { statusOf } from './submit-status.ts';
import { createPace, type Pace } from './pace.ts';

export interface AgencyServerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: TlsOptions;
}

export interface AgencyServerDeps {
  readonly db: Kysely<MessagingTables>;
  readonly acceptor: Acceptor;
  readonly log: Log;
}

/** A bind of an account. */
export interface AgencyBind {
  readonly account: AccountRow;
  readonly session: Session;
}

export interface AgencyServer {
  readonly port: number;
  readonly isTls: boolean;
  /** Binds of now, of any mode. */
  binds(): readonly AgencyBind[];
  /** Ends the binds of an account that was closed. */
  drop(accountId: string): void;
  close(): Promise<void>;
}

interface Bound {
  readonly account: AccountRow;
  readonly caller: Caller;
  readonly parts: HeldParts;
  readonly pace: Pace;
  readonly field: string;
}

export async function startAgencyServer(
  deps: AgencyServerDeps,
  options: AgencyServerOptions,
): Promise<AgencyServer> {
  const { db, acceptor, log } = deps;
  const attempts = createBindAttempts();
  const bound = new Map<Session, Bound>();
  const paces = new Map<string, Pace>();

  async function authenticate(request: BindRequest): Promise<number> {
    const { systemId, password, remoteAddress, session } = request;
    if (!attempts.mayTry(remoteAddress, systemId)) return statuses.ESME_RBINDFAIL;
    const account = await db
      .selectFrom('smpp_account')
      .selectAll()
      .where('system_id', '=', systemId)
      .where('state', '=', 'active')
      .executeTakeFirst();
    const isAllowed = account !== undefined && isWithin(remoteAddress, account.networks);
    const isRight = await attempts.inTurn(remoteAddress, systemId, async () => {
      // A client that is gone wants no answer.
      if (session.state === 'closed') return null;
      // An unknown system_id takes as long as a wrong password, and gets the same answer.
      const right = (await isPassword(password, account?.secret_hash ?? UNKNOWN)) && isAllowed;
      if (!right) attempts.failed(remoteAddress, isAllowed ? systemId : null);
      return right;
    });
    if (account === undefined || isRight !== true) {
      log.warn({ account: account?.id ?? null }, 'an SMPP bind was refused');
      return statuses.ESME_RBINDFAIL;
    }
    const version = await db
      .selectFrom('template_version')
      .select('fields')
      .where('id', '=', account.template_version_id)
      .executeTakeFirstOrThrow();
    // Counted and taken in one turn: binds at the same moment do not pass each other.
    const own = [...bound.values()].filter((one) => one.account.id === account.id).length;
    if (own >= account.max_binds) return statuses.ESME_RALYBND;
    if (session.state === 'closed') return statuses.ESME_RBINDFAIL;
    const pace = paces.get(account.id) ?? createPace(account.parts_per_second);
    paces.set(account.id, pace);
    bound.set(session, {
      account,
      caller: callerOf(account),
      parts: new HeldParts(),
      pace,
      field: version.fields[0]?.name ?? '',
    });
    void session.ended.then(() => bound.delete(session));
    return statuses.ESME_ROK;
  }

  const server: SmppServer = await listen({
    ...options,
    systemId: 'xinlai',
    authenticate,
    responseDeadlineMs: 30_000,
    handlers: {
      submit_sm: async (incoming, session) => {
        const bind = bound.get(session);
        if (bind === undefined) {
          incoming.refuse(statuses.ESME_RINVBNDSTS);
          return;
        }
        if (!bind.pace.take()) {
          incoming.refuse(statuses.ESME_RTHROTTLED);
          return;
        }
        const { scheduleDeliveryTime } = incoming.pdu;
        if (scheduleDeliveryTime !== '') {
          incoming.refuse(statuses.ESME_RINVSCHED);
          return;
        }
        const whole = bind.parts.add(incoming);
        if (whole === null) return;
        const wantsReceipt = whole.requests.some(({ pdu }) => (pdu.registeredDelivery & 0x03) !== 0);
        try {
          const { id } = await acceptor.accept(bind.caller, {
            templateVersionId: bind.account.template_version_id,
            number: incoming.pdu.destinationAddr,
            values: { [bind.field]: whole.text },
            ...(wantsReceipt && { receiptFor: bind.account.id }),
          });
          for (const request of whole.requests) request.reply({ messageId: id });
        } catch (error) {
          const status = statusOf(error);
          if (status === statuses.ESME_RSYSERR)
            log.error({ err: error }, 'a text by SMPP could not be taken');
          for (const request of whole.requests) request.refuse(status);
        }
      },
      fault: (error) => log.error({ err: error }, 'a handler of the SMPP server failed'),
    },
  });

  function drop(accountId: string): void {
    for (const [session, { account }] of bound) {
      if (account.id === accountId) void session.unbind();
    }
    paces.delete(accountId);
  }

  // An account may be closed by another process, or while it binds.
  const closing = createPoller({
    everyMs: CLOSED_EVERY_MS,
    async work() {
      const ids = [...new Set([...bound.values()].map(({ account }) => account.id))];
      if (ids.length === 0) return false;
      const closed = await db
        .selectFrom('smpp_account')
        .select('id')
        .where('id', 'in', ids)
        .where('state', '=', 'closed')
        .execute();
      for (const { id } of closed) drop(id);
      return false;
    },
    onError: (error) => log.error({ err: error }, 'closed SMPP accounts could not be looked for'),
  });
  closing.start();

  return {
    port: server.port,
    isTls: options.tls !== undefined,
    binds: () => [...bound].map(([session, { account }]) => ({ account, session })),
    drop,
    async close() {
      await closing.stop();
      await server.close();
    },
  };
}

const CLOSED_EVERY_MS = 1000;
/** Compared with when the system_id is unknown. */
const UNKNOWN = Buffer.alloc(48, 1);

function callerOf(account: AccountRow): Caller {
  return {
    by: 'key',
    actorId: account.id,
    organisation: { id: account.organisation_id, kind: 'agency', ubn: null },
    roles: ['developer'],
    permissions: new Set(['messaging.send', 'messaging.send-team']),
    space: account.space,
  };
}
