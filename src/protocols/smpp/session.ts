import type { Socket } from 'node:net';
import {
  bindModes,
  mayCarry,
  type BindMode,
  type BindName,
  type MessageName,
  type Role,
} from './bind-mode.ts';
import { commands } from './commands.ts';
import { decode } from './decode.ts';
import type { Outcome, Settle } from './exchange.ts';
import { Exchanges } from './exchanges.ts';
import type { FramingError } from './framer.ts';
import type { Incoming } from './incoming.ts';
import { IncomingRequests } from './incoming-requests.ts';
import { Liveness } from './liveness.ts';
import { SmppValueError, type AnyPduInput, type MalformedPdu, type Pdu } from './pdu.ts';
import type { AnsweredPdu, PduInput, PduOf, ResponsePdu } from './pdu.ts';
import { hold, PduReader } from './pdu-reader.ts';
import { PduWriter } from './pdu-writer.ts';
import {
  SmppBindError,
  SmppClosedError,
  SmppLostError,
  SmppStateError,
  type EndCause,
} from './session-errors.ts';
import {
  defaults,
  type AnyHandler,
  type BindHandler,
  type Handlers,
  type SessionSettings,
} from './session-options.ts';
import { statuses } from './statuses.ts';

/** Milliseconds that a peer has to take our last bytes. */
const FAREWELL_MS = 1000;
export interface SessionParts {
  /** Connected, with nothing read from it yet. */
  readonly socket: Socket;
  readonly role: Role;
  readonly handlers: Handlers;
  readonly settings?: SessionSettings | undefined;
  /** The server's side: looks at a bind and calls `acceptBind` or `refuseBind`. */
  readonly bind?: BindHandler;
}

/**
 * One SMPP session over one connection, seen from either side. A request has exactly one outcome: its own response, or
 * lost. Bytes that can't be framed end the session; a PDU that can't be read is answered, and the session goes on.
 */
export class Session {
  readonly role: Role;
  /** IP address of the peer. */
  readonly remoteAddress: string;
  readonly #handlers: Handlers;
  readonly #settings: Required<SessionSettings>;
  readonly #socket: Socket;
  readonly #writer: PduWriter;
  readonly #reader: PduReader;
  readonly #exchanges: Exchanges;
  readonly #incoming: IncomingRequests;
  readonly #onBind: BindHandler | undefined;
  readonly #liveness: Liveness;
  readonly #tick: NodeJS.Timeout;
  /** Callers of `ask` that wait for room. */
  readonly #waiters: (() => void)[] = [];
  readonly #ended = Promise.withResolvers<EndCause>();
  #state: 'open' | 'binding' | 'bound' | 'unbinding' | 'closed' = 'open';
  #mode: BindMode | null = null;
  #peerSystemId = '';
  #interfaceVersion = 0x34;
  #backlogSince = 0;
  #isRoomScheduled = false;
  /** Called when an unbinding session has nothing left that waits. */
  #drained: (() => void) | null = null;
  #reason: EndCause | null = null;
  #tickedAt = performance.now();
  #wasExcused = false;

  constructor({ socket, role, handlers, settings = {}, bind }: SessionParts) {
    this.role = role;
    this.remoteAddress = socket.remoteAddress ?? '';
    this.#handlers = handlers;
    this.#onBind = bind;
    this.#settings = { ...defaults, ...settings };
    const { window, autoRelease, firstSequence, enquireAfterMs, enquireDeadlineMs } = this.#settings;
    this.#socket = socket;
    this.#writer = new PduWriter(socket);
    this.#reader = new PduReader({
      socket,
      visit: (source, start, end) => this.#visit(source, start, end),
      fail: (error) => this.#misframed(error),
      heard: () => this.#liveness.heard(performance.now()),
    });
    const fault = (error: unknown): void => this.#fault(error);
    const freed = (): void => this.#slotFreed();
    this.#exchanges = new Exchanges({ window, autoRelease, firstSequence, freed, fault });
    this.#liveness = new Liveness(enquireAfterMs, enquireDeadlineMs, this.#tickedAt);
    this.#incoming = new IncomingRequests({
      session: this,
      reader: this.#reader,
      most: this.#settings.maxUnanswered,
      write: (response, sequence) => this.#answer(response, sequence),
      answered: () => this.#checkDrained(),
      fault,
    });
    this.#tick = setInterval(() => this.#onTick(), this.#tickMs).unref();
    socket.setKeepAlive(true, 60_000);
    socket.on('drain', () => {
      this.#reader.release(hold.backlog);
      this.#slotFreed();
    });
    socket.on('error', () => (this.#reason ??= 'error'));
    socket.on('close', () => this.#onClose());
  }

  get state(): 'open' | 'binding' | 'bound' | 'unbinding' | 'closed' {
    return this.#state;
  }

  /** How the session is bound, or was; null where it never was. */
  get mode(): BindMode | null {
    return this.#mode;
  }

  /** system_id of the peer; empty before the bind. */
  get peerSystemId(): string {
    return this.#peerSystemId;
  }

  /** The version that both sides speak: 0x34 or 0x50. */
  get interfaceVersion(): number {
    return this.#interfaceVersion;
  }

  /** Requests that `request` takes now. */
  get room(): number {
    return this.#state === 'bound' && !this.#reader.isHeldBy(hold.backlog) ? this.#exchanges.free : 0;
  }

  /** Requests that wait for their responses. */
  get outstanding(): number {
    return this.#exchanges.outstanding;
  }

  /** Requests of the peer that wait for our answers. */
  get unanswered(): number {
    return this.#incoming.waiting;
  }

  /** Settles when the connection is gone, and every request has its outcome. */
  get ended(): Promise<EndCause> {
    return this.#ended.promise;
  }

  /**
   * Sends a request and answers its sequence_number; `settle` is called once with the outcome and `tag`. All requests of
   * one turn of the event loop leave in one write. Throws SmppStateError where the session may not carry it or has no
   * `room`, SmppValueError where a value does not fit; then nothing is sent and `settle` is not called.
   */
  request<N extends MessageName, Tag>(pdu: PduInput<N>, tag: Tag, settle: Settle<Tag>): number {
    if (this.#state !== 'bound' || this.#mode === null) throw new SmppStateError(`session is ${this.#state}`);
    if (!mayCarry(pdu.command, this.role, this.#mode))
      throw new SmppStateError(`a ${this.#mode} of the ${this.role} sends no ${pdu.command}`);
    if (this.room <= 0) throw new SmppStateError('the window is full');
    return this.#send(pdu as unknown as AnyPduInput, tag, settle, true);
  }

  /**
   * Sends a request as soon as there is room, and gives the response, whatever its status. Rejects with SmppLostError
   * where it was sent and has no response, with SmppClosedError where it was not sent. Its slot is freed by itself.
   */
  async ask<N extends MessageName>(
    pdu: PduInput<N>,
  ): Promise<PduOf<Extract<`${N}_resp`, keyof typeof commands>>> {
    while (this.#state === 'bound' && this.room <= 0) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
    if (this.#state !== 'bound') throw new SmppClosedError(this.#reason ?? 'unbound');
    const { promise, resolve, reject } = Promise.withResolvers<ResponsePdu>();
    try {
      this.request(pdu, null, (outcome) => {
        outcome.release();
        if (outcome.outcome === 'answered') resolve(outcome.response);
        else reject(new SmppLostError(outcome.cause));
      });
    } finally {
      // A value that did not fit leaves its room to the next caller.
      this.#slotFreed();
    }
    return (await promise) as unknown as PduOf<Extract<`${N}_resp`, keyof typeof commands>>;
  }

  /** Sends a PDU that has no answer: outbind before the bind, alert_notification after it. */
  notify(pdu: PduInput<'alert_notification'> | PduInput<'outbind'>): void {
    const isFit =
      pdu.command === 'outbind'
        ? this.#state === 'open' && this.role === 'smsc'
        : this.#state === 'bound' && this.#mode !== null && mayCarry(pdu.command, this.role, this.#mode);
    if (!isFit) throw new SmppStateError(`a session that is ${this.#state} sends no ${pdu.command}`);
    this.#writer.write(pdu, this.#exchanges.nextSequence());
  }

  /**
   * Binds as a client. Rejects with SmppBindError where the peer refuses, and with SmppClosedError where it does not
   * answer; the session ends then.
   */
  async bind(pdu: PduInput<BindName>): Promise<void> {
    if (this.#state !== 'open') throw new SmppStateError(`session is ${this.#state}`);
    this.#state = 'binding';
    const { interfaceVersion } = this.#settings;
    const response = await this.#control({ interfaceVersion, ...pdu });
    if (response === null) {
      this.close('bind-deadline');
      throw new SmppClosedError(this.#reason ?? 'bind-deadline');
    }
    if (response.status !== 0 || response.command === 'generic_nack') {
      this.close('refused');
      throw new SmppBindError(response.status);
    }
    const { systemId } = response as PduOf<'bind_transceiver_resp'>;
    this.#becomeBound(bindModes[pdu.command], systemId, response.tlvs.scInterfaceVersion ?? 0x34);
  }

  /** The server's side: the bind holds from now on, and its answer says so. */
  acceptBind(incoming: Incoming<BindName>, systemId: string): void {
    const { pdu } = incoming;
    if (this.#state !== 'binding') return;
    const own = this.#settings.interfaceVersion;
    const tlvs = pdu.interfaceVersion >= 0x34 ? { scInterfaceVersion: own } : {};
    if (!incoming.reply({ systemId, tlvs })) return;
    this.#becomeBound(bindModes[pdu.command], pdu.systemId, pdu.interfaceVersion);
  }

  /** The server's side: the bind is refused with a status, and the session ends. */
  refuseBind(incoming: Incoming<BindName>, status: number): void {
    incoming.refuse(status);
    this.close('refused');
  }

  /**
   * Takes no more requests, waits until those of both sides have their outcomes, unbinds and ends the connection. The
   * peer's new requests are throttled meanwhile. Settles when all is gone; after `withinMs` milliseconds nothing is waited for.
   */
  async unbind(withinMs: number = this.#settings.responseDeadlineMs): Promise<void> {
    if (this.#state === 'bound') {
      this.#state = 'unbinding';
      this.#wake(this.#waiters.length);
      const { promise, resolve } = Promise.withResolvers<void>();
      const limit = setTimeout(() => this.close('unbound'), withinMs);
      this.#drained = resolve;
      this.#checkDrained();
      await promise;
      if (this.state === 'unbinding') await this.#control({ command: 'unbind' });
      clearTimeout(limit);
    }
    this.close('unbound');
    await this.ended;
  }

  /** Ends the connection after what is written has left, at the latest after a second. */
  close(reason: EndCause = 'closed'): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#reason ??= reason;
    this.#writer.flush();
    if (reason === 'half-open' || reason === 'stalled') {
      this.#socket.destroy();
      return;
    }
    // Responses still count, and unread bytes would reset the connection.
    this.#reader.release(hold.caller | hold.unanswered | hold.backlog);
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), FAREWELL_MS).unref();
  }

  /** The peer's requests and responses are not looked at until `resume`: TCP lets it wait. */
  pause(): void {
    this.#reader.hold(hold.caller);
  }

  resume(): void {
    this.#reader.release(hold.caller);
  }

  #send(pdu: AnyPduInput, tag: unknown, settle: Settle<never>, slot: boolean): number {
    const sequence = this.#exchanges.nextSequence();
    if (this.#interfaceVersion < 0x50 && 'shortMessage' in pdu && (pdu.shortMessage?.length ?? 0) > 254)
      throw new SmppValueError('shortMessage', 'at most 254 octets before SMPP 5.0');
    this.#writer.write(pdu, sequence);
    this.#exchanges.add(sequence, commands[pdu.command].id, tag, settle, performance.now(), slot);
    if (this.#writer.backlog > this.#settings.maxBacklog) this.#holdBacklog();
    return sequence;
  }

  /** Sends a request of the session's own; null where it has no response. */
  #control(pdu: AnyPduInput): Promise<ResponsePdu | null> {
    const { promise, resolve } = Promise.withResolvers<ResponsePdu | null>();
    const settle = (outcome: Outcome<null>): void =>
      resolve(outcome.outcome === 'answered' ? outcome.response : null);
    this.#send(pdu, null, settle, false);
    return promise;
  }

  #becomeBound(mode: BindMode, peerSystemId: string, peerVersion: number): void {
    this.#mode = mode;
    this.#peerSystemId = peerSystemId;
    this.#interfaceVersion = Math.min(this.#settings.interfaceVersion, peerVersion);
    this.#reader.maxLength = this.#settings.maxPduLength;
    this.#state = 'bound';
  }

  #visit(source: Buffer, start: number, end: number): void {
    const pdu = decode(source, start, end);
    const isResponse = (source[start + 4]! & 0x80) !== 0;
    if (pdu.command === 'malformed') this.#malformed(pdu, isResponse);
    else if (isResponse) this.#response(pdu as ResponsePdu);
    else if (this.#state !== 'closed') this.#request(pdu);
  }

  #response(pdu: ResponsePdu): void {
    if (!this.#exchanges.answer(pdu, commands[pdu.command].id)) this.#tell('unmatched', pdu);
    this.#checkDrained();
  }

  /** What can't be read is answered, but for responses: two sides that answer answers never stop. */
  #malformed(pdu: MalformedPdu, isResponse: boolean): void {
    const { name, status, sequence } = pdu;
    if (isResponse) this.#exchanges.answeredUnreadably(sequence, pdu.commandId);
    else {
      const response = `${name}_resp`;
      const command = response in commands ? (response as 'submit_sm_resp') : 'generic_nack';
      this.#answer({ command, status }, sequence);
    }
    this.#tell('malformed', pdu);
  }

  #request(pdu: Pdu): void {
    const { command, sequence } = pdu;
    switch (command) {
      case 'enquire_link':
        this.#answer({ command: 'enquire_link_resp' }, sequence);
        return;
      case 'unbind':
        this.#answer({ command: 'unbind_resp' }, sequence);
        return this.close('unbound');
      case 'alert_notification':
        if (this.#state === 'bound') this.#tell('alert_notification', pdu);
        return;
      case 'outbind':
        if (this.#state === 'open') this.#tell('outbind', pdu);
        return;
      case 'bind_transmitter':
      case 'bind_receiver':
      case 'bind_transceiver':
        return this.#bindRequest(pdu);
      default:
        this.#message(pdu as AnsweredPdu);
    }
  }

  #bindRequest(pdu: PduOf<BindName>): void {
    if (this.#onBind !== undefined && this.#state === 'open') {
      this.#state = 'binding';
      this.#incoming.give(this.#onBind as AnyHandler, pdu);
      return;
    }
    const status = this.#onBind === undefined ? statuses.ESME_RINVCMDID : statuses.ESME_RALYBND;
    this.#answer({ command: `${pdu.command}_resp`, status }, pdu.sequence);
  }

  #message(pdu: AnsweredPdu): void {
    const handler = this.#handlers[pdu.command as MessageName] as AnyHandler | undefined;
    const status = this.#refusal(pdu, handler);
    if (status === null) this.#incoming.give(handler!, pdu);
    else this.#answer({ command: `${pdu.command}_resp`, status }, pdu.sequence);
  }

  #refusal(pdu: AnsweredPdu, handler: AnyHandler | undefined): number | null {
    const sender: Role = this.role === 'esme' ? 'smsc' : 'esme';
    if (this.#mode === null || !mayCarry(pdu.command, sender, this.#mode)) return statuses.ESME_RINVBNDSTS;
    if (this.#state === 'unbinding') return statuses.ESME_RTHROTTLED;
    return handler === undefined ? statuses.ESME_RINVCMDID : null;
  }

  /** False where the session has ended. */
  #answer(response: AnyPduInput, sequence: number): boolean {
    if (this.#state === 'closed') return false;
    this.#writer.write(response, sequence);
    if (this.#writer.backlog > this.#settings.maxBacklog) this.#holdBacklog();
    return true;
  }

  #misframed({ status }: FramingError): void {
    this.#answer({ command: 'generic_nack', status }, 0);
    this.close('framing');
  }

  #holdBacklog(): void {
    this.#writer.flush();
    // Without `writableNeedDrain` no drain is going to be told.
    if (this.#reader.isHeldBy(hold.backlog) || !this.#socket.writableNeedDrain) return;
    this.#backlogSince = performance.now();
    this.#reader.hold(hold.backlog);
  }

  get #tickMs(): number {
    const { responseDeadlineMs, enquireAfterMs, enquireDeadlineMs } = this.#settings;
    const shortest = Math.min(responseDeadlineMs, enquireAfterMs, enquireDeadlineMs);
    return Math.max(5, Math.min(1000, shortest / 4));
  }

  /** Deadlines. A peer whose bytes wait in our own socket, because we did not read, is not late. */
  #onTick(): void {
    const now = performance.now();
    // Once, so that a process that is always late has deadlines, too.
    const isExcused = !this.#wasExcused && now - this.#tickedAt > 3 * this.#tickMs;
    this.#wasExcused = isExcused;
    this.#tickedAt = now;
    const { responseDeadlineMs } = this.#settings;
    if (this.#reader.isHeldBy(hold.backlog) && now - this.#backlogSince > responseDeadlineMs)
      return this.close('stalled');
    if (isExcused || this.#reader.isHeld || this.#state === 'closed') return;
    this.#exchanges.expire(now - responseDeadlineMs);
    this.#checkDrained();
    if (this.#mode === null) return;
    const life = this.#liveness.check(now);
    if (life === 'dead') this.close('half-open');
    else if (life === 'ask') void this.#control({ command: 'enquire_link' });
  }

  #slotFreed(): void {
    if (this.#isRoomScheduled) return;
    this.#isRoomScheduled = true;
    process.nextTick(() => {
      this.#isRoomScheduled = false;
      if (this.room <= 0) return;
      this.#wake(this.room);
      if (this.#handlers.room !== undefined) this.#tell('room');
    });
  }

  #wake(count: number): void {
    for (const resolve of this.#waiters.splice(0, count)) resolve();
  }

  #checkDrained(): void {
    if (this.#drained !== null && this.outstanding === 0 && this.unanswered === 0) this.#drained();
  }

  #onClose(): void {
    clearInterval(this.#tick);
    this.#state = 'closed';
    const reason = (this.#reason ??= 'ended');
    this.#exchanges.close();
    this.#drained?.();
    this.#wake(this.#waiters.length);
    this.#tell('closed', reason);
    this.#ended.resolve(reason);
  }

  /** Calls a handler of events; what it throws is a fault and harms nobody else. */
  #tell<E extends 'room' | 'unmatched' | 'malformed' | 'closed' | 'alert_notification' | 'outbind'>(
    event: E,
    ...values: Parameters<NonNullable<Handlers[E]>> extends [...infer Values, Session] ? Values : never
  ): void {
    try {
      (this.#handlers[event] as ((...all: unknown[]) => void) | undefined)?.(...values, this);
    } catch (error) {
      this.#fault(error);
    }
  }

  #fault(error: unknown): void {
    if (this.#handlers.fault === undefined)
      process.emitWarning(error instanceof Error ? error : new Error(String(error)));
    else this.#handlers.fault(error, this);
  }
}
