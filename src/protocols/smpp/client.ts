import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { BindMode } from './bind-mode.ts';
import { Session } from './session.ts';
import type { Handlers, SessionSettings } from './session-options.ts';

export interface ConnectOptions extends SessionSettings {
  readonly host: string;
  readonly port: number;
  /** TLS with these options (ca, cert, key, servername, …); the certificate of the server is checked. */
  readonly tls?: ConnectionOptions;
  /** Milliseconds for connection, TLS and bind together. Default 10,000. */
  readonly connectDeadlineMs?: number;
  readonly mode: BindMode;
  readonly systemId: string;
  readonly password?: string;
  readonly systemType?: string;
  /** Which addresses the messages for this client go to (SMPP 3.4 §5.2.5 to 5.2.7). */
  readonly addrTon?: number;
  readonly addrNpi?: number;
  readonly addressRange?: string;
  readonly handlers?: Handlers;
}

/** A connection could not be made, or not in time. `cause` is what the operating system or TLS said. */
export class SmppConnectError extends Error {
  override readonly name = 'SmppConnectError';
}

/**
 * Connects and binds; the session is bound when it resolves. Rejects with SmppConnectError, SmppBindError (the peer
 * refused) or SmppClosedError (it ended, or did not answer the bind), and then nothing is left open. It tries once:
 * when to try again is the caller's (`backoffMs`).
 */
export async function connect(options: ConnectOptions): Promise<Session> {
  const { mode, systemId, password, systemType, addrTon, addrNpi, addressRange, handlers = {} } = options;
  const deadline = AbortSignal.timeout(options.connectDeadlineMs ?? 10_000);
  const socket = await connected(options, deadline);
  const session = new Session({ socket, role: 'esme', handlers, settings: settingsOf(options) });
  const expired = (): void => session.close('bind-deadline');
  deadline.addEventListener('abort', expired);
  try {
    const fields = { systemId, password, systemType, addrTon, addrNpi, addressRange };
    await session.bind({ command: `bind_${mode}`, ...defined(fields) });
    return session;
  } finally {
    deadline.removeEventListener('abort', expired);
  }
}

async function connected(options: ConnectOptions, signal: AbortSignal): Promise<Socket> {
  const { host, port, tls } = options;
  const socket = tls === undefined ? connectTcp({ host, port }) : connectTls({ host, port, ...tls });
  try {
    await once(socket, tls === undefined ? 'connect' : 'secureConnect', { signal });
    return socket;
  } catch (cause) {
    socket.on('error', () => {}).destroy();
    const problem = signal.aborted ? 'not in time' : (cause as Error).message;
    throw new SmppConnectError(`no connection to ${host}:${port}: ${problem}`, { cause });
  }
}

const settingNames = [
  'window',
  'autoRelease',
  'responseDeadlineMs',
  'enquireAfterMs',
  'enquireDeadlineMs',
  'maxPduLength',
  'maxUnanswered',
  'maxBacklog',
  'firstSequence',
  'interfaceVersion',
] as const satisfies readonly (keyof SessionSettings)[];

/** The settings of a session among other options, those that are not given left out. */
export function settingsOf(options: SessionSettings): SessionSettings {
  return defined(Object.fromEntries(settingNames.map((name) => [name, options[name]])));
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, never> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Record<
    string,
    never
  >;
}
