/** One bind of a link: a transmitter with its receiver, or a transceiver; connected again whenever it is lost. */
import type { ConnectionOptions } from 'node:tls';
import type { Log } from '#platform/log';
import {
  backoffMs,
  connect,
  SmppBindError,
  type BindMode,
  type ConnectOptions,
  type Handlers,
  type Session,
} from '#protocols/smpp';
import type { LinkOptions } from './link-options.ts';
import { Rate } from './rate.ts';

export interface LinkSettings {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly bindMode: 'split' | 'transceiver';
  readonly binds: number;
  readonly windowSize: number;
  readonly partsPerSecond: number;
  readonly options: LinkOptions;
}

export interface BindDeps {
  readonly log: Log;
  readonly number: number;
  readonly link: LinkSettings;
  /** Takes receipts. */
  readonly handlers: Handlers;
  /** Called when the bind is up or down. */
  readonly changed: () => void;
}

export class Bind {
  readonly number: number;
  readonly rate: Rate;
  /** What went wrong at the last attempt; null while it is up. */
  problem: string | null = null;
  upSince: number | null = null;
  #transmitter: Session | null = null;
  #receiver: Session | null = null;
  readonly #deps: BindDeps;
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;

  constructor(deps: BindDeps) {
    this.#deps = deps;
    this.number = deps.number;
    this.rate = new Rate({ partsPerSecond: deps.link.partsPerSecond });
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** The session that submits; null while the bind is down. */
  get session(): Session | null {
    return this.#transmitter?.state === 'bound' ? this.#transmitter : null;
  }

  /** Unbinds after what is outstanding has its answer; `at once` closes without waiting. */
  async stop(how: 'in order' | 'at once'): Promise<void> {
    this.#stop.abort();
    const sessions = [this.#transmitter, this.#receiver].filter((session) => session !== null);
    if (how === 'at once') for (const session of sessions) session.close();
    else await Promise.all(sessions.map((session) => session.unbind()));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.#connect();
        failures = 0;
        this.problem = null;
        this.upSince = Date.now();
        this.#deps.changed();
        await this.#lost();
      } catch (error) {
        this.problem = error instanceof SmppBindError ? error.message : (error as Error).name;
        this.#deps.log.warn(
          { linkId: this.#deps.link.id, bind: this.number, problem: this.problem },
          'bind failed',
        );
      }
      this.#transmitter?.close();
      this.#receiver?.close();
      this.upSince = null;
      this.#deps.changed();
      if (!signal.aborted) await pause(backoffMs(failures++), signal);
    }
  }

  async #connect(): Promise<void> {
    const { bindMode } = this.#deps.link;
    if (bindMode === 'transceiver') {
      this.#transmitter = await this.#open('transceiver');
      this.#receiver = null;
      return;
    }
    // The receiver first: a receipt may follow the first text at once.
    this.#receiver = await this.#open('receiver');
    this.#transmitter = await this.#open('transmitter');
  }

  async #open(mode: BindMode): Promise<Session> {
    const { link, handlers } = this.#deps;
    const { options } = link;
    const settings: ConnectOptions = {
      host: link.host,
      port: link.port,
      mode,
      systemId: link.systemId,
      password: link.password,
      systemType: link.systemType,
      window: link.windowSize,
      autoRelease: false,
      responseDeadlineMs: options.responseSeconds * 1000,
      enquireAfterMs: options.enquireSeconds * 1000,
      handlers,
      ...(link.tls && { tls: tlsOf(link) }),
    };
    const session = await connect(settings);
    if (this.#stop.signal.aborted) session.close();
    return session;
  }

  /** Settles when one of both sessions ends. */
  async #lost(): Promise<void> {
    const ends = [this.#transmitter, this.#receiver]
      .filter((session) => session !== null)
      .map(({ ended }) => ended);
    this.problem = await Promise.race(ends);
  }
}

function tlsOf({ host, options }: LinkSettings): ConnectionOptions {
  return {
    servername: host,
    rejectUnauthorized: options.verifyCertificate,
    ...(options.authority !== undefined && { ca: options.authority }),
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    resolve();
  });
  return promise;
}
