/**
 * A telecom that exists only here: a message centre that speaks SMPP over TCP, with phones behind it and dials for all that
 * goes wrong with real ones. The sandbox sends to it, so do tests and benchmarks.
 */
import { listen } from '#protocols/smpp';
import { type Dials, turned } from './dials.ts';
import { type BindState, type Counters, MessageCentre, type MessageCentreOptions } from './message-centre.ts';
import type { Phone, ReceivedText } from './phones.ts';

export interface TelecomOptions extends MessageCentreOptions {
  /** Shown to people, e.g. 海東電信. */
  readonly name: string;
  /** On loopback; 0 for a free one. */
  readonly port: number;
  /** What the SMSC calls itself. */
  readonly systemId?: string;
}

export interface Telecom {
  readonly name: string;
  readonly port: number;
  readonly dials: Dials;
  readonly counters: Readonly<Counters>;
  readonly binds: readonly BindState[];
  /** Receipts that wait for their time, for a bind that receives, or for its window. */
  readonly waitingReceipts: number;
  /** Turns some dials; what is already under way keeps what it was given. Throws a RangeError that names a bad dial. */
  turn(dials: Partial<Dials>): void;
  /** Phones by a part of their number, those with the newest texts first. */
  phones(query?: { readonly search?: string; readonly limit?: number }): Phone[];
  /** The texts kept of a number, oldest first. */
  textsOf(number: string): readonly ReceivedText[];
  /** Tells every new text; answers how to stop it. */
  onText(listener: (text: ReceivedText) => void): () => void;
  /** Breaks every connection, without a word. */
  breakConnections(): void;
  /** Makes every bind silent for ever; their connections stay open. */
  silence(): void;
  close(): Promise<void>;
}

const NEVER_MS = 86_400_000;

/** Opens a telecom. Rejects where the port is taken. */
export async function createTelecom(options: TelecomOptions): Promise<Telecom> {
  const centre = new MessageCentre(options);
  const server = await listen({
    host: '127.0.0.1',
    port: options.port,
    systemId: options.systemId ?? 'SMSC',
    interfaceVersion: 0x50,
    // A telecom that answers late holds much, and it is the client that looks after the connection.
    window: 10_000,
    maxUnanswered: Number.MAX_SAFE_INTEGER,
    maxBacklog: 16 * 2 ** 20,
    enquireAfterMs: NEVER_MS,
    authenticate: (request) => centre.authenticate(request),
    bound: (session) => centre.join(session),
    handlers: {
      submit_sm: (incoming, session) => centre.submit(incoming, session),
      room: (session) => centre.pump(session),
      closed: (_, session) => centre.leave(session),
      // Receipts that find no bind wait; what a listener throws is not the client's fault.
      fault: (error) => process.emitWarning(error instanceof Error ? error : String(error)),
    },
  });
  return {
    name: options.name,
    port: server.port,
    get dials() {
      return centre.dials;
    },
    counters: centre.counters,
    get binds() {
      return centre.binds();
    },
    get waitingReceipts() {
      return centre.waitingReceipts;
    },
    turn: (dials) => {
      centre.dials = turned(centre.dials, dials);
    },
    phones: (query) => centre.phones.list(query),
    textsOf: (number) => centre.phones.textsOf(number),
    onText: (listener) => centre.phones.listen(listener),
    breakConnections: () => centre.each((bind) => centre.break(bind)),
    silence: () => centre.each((bind) => bind.silence()),
    async close() {
      centre.schedule.clear();
      centre.each((bind) => {
        if (bind.isSilent) centre.break(bind);
        else bind.session.close('closed');
      });
      await server.close();
      centre.schedule.clear();
    },
  };
}
