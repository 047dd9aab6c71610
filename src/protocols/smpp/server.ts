import { once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { BindMode, BindName } from './bind-mode.ts';
import { settingsOf } from './client.ts';
import type { Incoming } from './incoming.ts';
import { Session } from './session.ts';
import type { Handlers, SessionSettings } from './session-options.ts';
import { statuses } from './statuses.ts';

/** Who asks for a bind. The password is as the peer sent it: compare it in constant time, and never log it. */
export interface BindRequest {
  readonly mode: BindMode;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly interfaceVersion: number;
  readonly addrTon: number;
  readonly addrNpi: number;
  readonly addressRange: string;
  /** IP address of the peer. */
  readonly remoteAddress: string;
  /** Sessions that are bound with this system_id now. */
  readonly bindsOfSystem: number;
  readonly session: Session;
}

export interface ListenOptions extends SessionSettings {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly tls?: TlsOptions;
  /** What the server calls itself in the answer to a bind. */
  readonly systemId: string;
  /** The command_status that answers a bind: ESME_ROK accepts it, all else (ESME_RINVPASWD, …) refuses it. */
  readonly authenticate: (request: BindRequest) => number | Promise<number>;
  /** Handlers of the messages that clients send. */
  readonly handlers?: Handlers;
  /** Called when a session is bound and its answer is written. */
  readonly bound?: (session: Session) => void;
  /** Connections above this number are closed at once. Default 1,000. */
  readonly maxConnections?: number;
  /** Binds above this number are refused with ESME_RBINDFAIL. Default 500. */
  readonly maxBinds?: number;
  /** Milliseconds from connection to bind. Default 10,000. */
  readonly bindDeadlineMs?: number;
}

export interface SmppServer {
  readonly port: number;
  /** The sessions that are bound now. */
  readonly sessions: ReadonlySet<Session>;
  /** Connections, bound or not. */
  readonly connections: number;
  /** Takes no more connections, unbinds every session within so many milliseconds (10,000), settles when all are gone. */
  close(withinMs?: number): Promise<void>;
}

/** Listens as a message centre. Rejects where the address can't be had. */
export async function listen(options: ListenOptions): Promise<SmppServer> {
  const all = new Set<Session>();
  const bound = new Set<Session>();
  const forget = async (session: Session): Promise<void> => {
    await session.ended;
    bound.delete(session);
    all.delete(session);
  };
  const accept = (socket: Socket): void => {
    const session = openSession(options, socket, bound);
    all.add(session);
    void forget(session);
  };
  const bindDeadlineMs = options.bindDeadlineMs ?? 10_000;
  const server: Server =
    options.tls === undefined
      ? createTcpServer(accept)
      : createTlsServer({ handshakeTimeout: bindDeadlineMs, ...options.tls }, accept);
  server.maxConnections = options.maxConnections ?? 1000;
  // A handshake that fails ends its connection; there is no session that could tell.
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sessions: bound,
    get connections() {
      return all.size;
    },
    async close(withinMs = 10_000) {
      const closed = once(server, 'close');
      server.close();
      await Promise.all([...all].map((session) => session.unbind(withinMs)));
      await closed;
    },
  };
}

function openSession(options: ListenOptions, socket: Socket, bound: Set<Session>): Session {
  const session: Session = new Session({
    socket,
    role: 'smsc',
    handlers: options.handlers ?? {},
    settings: settingsOf(options),
    bind: async (incoming) => {
      try {
        await decideBind(options, incoming, session, bound);
      } catch (error) {
        session.refuseBind(incoming, statuses.ESME_RBINDFAIL);
        throw error;
      }
    },
  });
  const late = setTimeout(() => {
    if (session.mode === null) session.close('bind-deadline');
  }, options.bindDeadlineMs ?? 10_000);
  void session.ended.then(() => clearTimeout(late));
  return session;
}

async function decideBind(
  options: ListenOptions,
  incoming: Incoming<BindName>,
  session: Session,
  bound: Set<Session>,
): Promise<void> {
  const { pdu } = incoming;
  const isFull = (): boolean => bound.size >= (options.maxBinds ?? 500);
  const status = isFull()
    ? statuses.ESME_RBINDFAIL
    : await options.authenticate({
        mode: pdu.command.slice('bind_'.length) as BindMode,
        systemId: pdu.systemId,
        password: pdu.password,
        systemType: pdu.systemType,
        interfaceVersion: pdu.interfaceVersion,
        addrTon: pdu.addrTon,
        addrNpi: pdu.addrNpi,
        addressRange: pdu.addressRange,
        remoteAddress: session.remoteAddress,
        bindsOfSystem: [...bound].filter((one) => one.peerSystemId === pdu.systemId).length,
        session,
      });
  if (status !== statuses.ESME_ROK) return session.refuseBind(incoming, status);
  // Others may have bound while this one was looked at.
  if (isFull()) return session.refuseBind(incoming, statuses.ESME_RBINDFAIL);
  session.acceptBind(incoming, options.systemId);
  if (session.state !== 'bound') return;
  bound.add(session);
  options.bound?.(session);
}
