import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { commands, connect, encode, listen, type Session, type SmppServer } from '#protocols/smpp';
import { generator } from './run-campaign.ts';
import { mutatedPdus, type Mutation } from './smpp-mutations.ts';

export interface FuzzRun {
  /** Mutated PDUs to send. */
  readonly pdus: number;
  readonly seed: number;
  readonly onProgress?: (sent: number) => void;
}

/** PDUs of one connection. */
const BATCH = 100;
const SENTINEL = 0x7eadbeef;
/** Milliseconds after which a session that neither answers nor ends is held for hung. */
const PATIENCE_MS = 10_000;
/** Octets that the heap may grow by, from a fifth of the run to its end. */
const MOST_GROWTH = 24 * 1024 * 1024;
/** Zeros for whatever a false command_length still waits for; the first length of zero ends the stream. */
const flood = Buffer.alloc(71_000);

/** command_ids of the requests that have no answer. */
const silent = new Set<number>([commands.alert_notification.id, commands.outbind.id]);

/**
 * Sends mutated PDUs to a server and, as a server, to a client, over loopback. Throws where a request of sound length is
 * not answered exactly once, where a session hangs or crashes, where a request of ours has not exactly one outcome, or
 * where connections or memory stay behind. Answers how many PDUs were sent.
 */
export async function fuzzSmpp({ pdus, seed, onProgress }: FuzzRun): Promise<number> {
  const random = generator(seed);
  const collect = garbageCollector();
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    systemId: 'fuzz',
    authenticate: () => 0,
    handlers: {
      submit_sm: (incoming) => void incoming.reply({ messageId: 'm' }),
      data_sm: (incoming) => void setImmediate(() => incoming.reply({ messageId: 'm' })),
      fault: (error) => assert.fail(error as Error),
    },
  });
  let heapBefore: number | null = null;
  let sent = 0;
  try {
    for (let round = 0; sent < pdus; round++) {
      const batch = mutatedPdus(random, Math.min(BATCH, pdus - sent));
      const note = `seed ${seed}, connection ${round}`;
      if (round % 4 === 3) await attackClient(batch, random, note);
      else await attackServer(server, batch, random, note);
      sent += batch.length;
      if (heapBefore === null && sent >= pdus / 5) heapBefore = collect();
      onProgress?.(sent);
    }
    const growth = collect() - (heapBefore ?? 0);
    assert.ok(growth < MOST_GROWTH, `the heap grew by ${growth} octets`);
    await until(() => server.connections === 0, 'connections stayed open');
    assert.equal(server.sessions.size, 0);
  } finally {
    await server.close(0);
  }
  return sent;
}

async function attackServer(
  server: SmppServer,
  batch: readonly Mutation[],
  random: () => number,
  note: string,
): Promise<void> {
  const socket = connectTcp(server.port, '127.0.0.1');
  socket.on('error', () => {});
  const closed = new Promise<'closed'>((resolve) => void socket.once('close', () => resolve('closed')));
  const answers = readAnswers(socket);
  const isBound = random() < 0.9;
  if (isBound) socket.write(encode({ command: 'bind_transceiver', sequence: 1, systemId: 'fuzz' }));
  writeInPieces(socket, batch, random);
  const isSound = batch.every((one) => one.isSound);
  socket.write(encode({ command: 'enquire_link', sequence: SENTINEL }));
  if (!isSound) socket.write(flood);
  const end = await within(Promise.race([closed, answers.sentinel]), `a session hangs: ${note}`);
  if (!isSound) await within(closed, `a broken stream goes on: ${note}`);
  else if (end === 'sentinel') checkAnswers(batch, answers.sequences, note);
  socket.destroy();
  await closed;
}

/** Every request of the batch has one answer with its own sequence_number. */
function checkAnswers(batch: readonly Mutation[], answered: readonly number[], note: string): void {
  const isRequest = ({ bytes }: Mutation): boolean => bytes[4]! < 0x80;
  const isSilent = ({ bytes }: Mutation): boolean => silent.has(bytes.readUInt32BE(4));
  const sequenceOf = ({ bytes }: Mutation): number => bytes.readUInt32BE(12);
  // A request that has no answer has one where it can't be read.
  const uncounted = new Set([1, SENTINEL, ...batch.filter(isSilent).map(sequenceOf)]);
  const counted = (sequences: readonly number[]): number[] =>
    sequences.filter((sequence) => !uncounted.has(sequence)).toSorted((a, b) => a - b);
  assert.deepEqual(counted(answered), counted(batch.filter(isRequest).map(sequenceOf)), note);
}

interface Answers {
  readonly sequences: number[];
  readonly sentinel: Promise<'sentinel'>;
}

function readAnswers(socket: Socket): Answers {
  const sequences: number[] = [];
  const { promise, resolve } = Promise.withResolvers<'sentinel'>();
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (
      ;
      rest.length >= 16 && rest.length >= rest.readUInt32BE(0);
      rest = rest.subarray(rest.readUInt32BE(0))
    ) {
      sequences.push(rest.readUInt32BE(12));
      // data_sm is answered a turn later.
      if (rest.readUInt32BE(12) === SENTINEL) setTimeout(resolve, 2, 'sentinel');
    }
  });
  return { sequences, sentinel: promise };
}

/** A client of ours with requests under way, whose server answers mutated PDUs. */
async function attackClient(batch: readonly Mutation[], random: () => number, note: string): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (bind: Buffer) => {
      socket.write(
        encode({ command: 'bind_transceiver_resp', sequence: bind.readUInt32BE(12), systemId: 'f' }),
      );
      socket.once('data', () => {
        writeInPieces(socket, batch, random);
        socket.end(flood);
      });
      socket.resume();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const told = new Map<number, number>();
  const handlers = { deliver_sm: (incoming: { refuse(status: number): boolean }) => void incoming.refuse(0) };
  const { port } = server.address() as AddressInfo;
  const session: Session = await connect({
    host: '127.0.0.1',
    port,
    mode: 'transceiver',
    systemId: 'fuzz',
    handlers,
  });
  for (let tag = 0; tag < 20; tag++)
    session.request({ command: 'submit_sm' }, tag, (one) => told.set(one.tag, (told.get(one.tag) ?? 0) + 1));
  await within(session.ended, `a client hangs: ${note}`);
  assert.equal(told.size, 20, `requests without outcome: ${note}`);
  assert.ok(
    [...told.values()].every((times) => times === 1),
    `requests with several outcomes: ${note}`,
  );
  server.close();
}

function writeInPieces(socket: Socket, batch: readonly Mutation[], random: () => number): void {
  const whole = Buffer.concat(batch.map(({ bytes }) => bytes));
  const step = random() < 0.5 ? whole.length : 1 + Math.floor(random() * 2000);
  for (let at = 0; at < whole.length; at += step) socket.write(whole.subarray(at, at + step));
}

async function within<T>(promise: Promise<T>, message: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(message)), PATIENCE_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function until(condition: () => boolean, message: string): Promise<void> {
  for (const start = performance.now(); !condition();) {
    if (performance.now() - start > PATIENCE_MS) throw new Error(message);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Collects garbage and answers the octets of the heap that are in use. */
function garbageCollector(): () => number {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  return () => {
    gc();
    return process.memoryUsage().heapUsed;
  };
}
