/**
 * What it costs to write and to read one submit_sm of 70 Han characters: our codec and npm `smpp`, in turn, in CPU time
 * of this process, so that others on the machine count little. Both start from the text and end at the text. And what a
 * session carries with a window of 100 over loopback, both ends in this thread.
 */
import { createRequire } from 'node:module';
import { connect, decode, encodeInto, listen, type Outcome, type PduOf, type Session } from '#protocols/smpp';
import { median, packageVersion, report, spread } from './harness.ts';

const ROUNDS = 5;
const text = '數位發展部：您申請的資料已可下載，如非本人申請請洽〇八〇〇〇〇九八六八。'.padEnd(70, '謹');
const recipient = '886912345678';

interface PeerPdu {
  toBuffer(): Buffer;
  readonly short_message: { readonly message: string };
}
const { PDU } = createRequire(import.meta.url)('smpp') as {
  PDU: new (command: string | Buffer, fields?: Readonly<Record<string, unknown>>) => PeerPdu;
};

export async function run({ full }: { full: boolean }): Promise<void> {
  const count = full ? 300_000 : 60_000;
  console.log(`npm smpp ${packageVersion('smpp')}, ${text.length} characters, ${count} PDUs a round`);
  ours(count);
  peer(count / 4);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const own = perSecond(count, ours);
    const theirs = perSecond(count / 4, peer);
    console.log(`ours ${(1e6 / own).toFixed(2)} µs, npm smpp ${(1e6 / theirs).toFixed(2)} µs`);
    return { own, theirs, ratio: own / theirs };
  });
  const sessions = [];
  for (let round = 0; round < ROUNDS; round++) sessions.push(await submitsPerSecond(count * 5));
  report([
    {
      name: 'codec',
      ours: median(rounds.map(({ own }) => own)),
      peer: median(rounds.map(({ theirs }) => theirs)),
      goal: { atLeast: 10 },
      unit: '/s',
      noise: spread(rounds.map(({ ratio }) => ratio)),
    },
    {
      name: 'codec-time',
      ours: median(rounds.map(({ own }) => 1e6 / own)),
      peer: null,
      goal: { atMost: 2 },
      unit: 'µs',
      noise: spread(rounds.map(({ own }) => own)),
    },
    {
      name: 'session',
      ours: median(sessions),
      peer: null,
      goal: { atLeast: 300_000 },
      unit: '/s',
      noise: spread(sessions),
    },
  ]);
}

/** PDUs for each second of CPU. */
function perSecond(count: number, work: (count: number) => number): number {
  const before = process.cpuUsage();
  if (work(count) !== count * text.length) throw new Error('a text came back with another length');
  const { user, system } = process.cpuUsage(before);
  return (count / (user + system)) * 1e6;
}

/** As a session does: many PDUs into one buffer. */
const batch = Buffer.alloc(65_536);

function ours(count: number): number {
  let characters = 0;
  let end = 0;
  for (let index = 1; index <= count; index++) {
    const start = end + 500 > batch.length ? 0 : end;
    end = encodeInto(
      {
        command: 'submit_sm',
        sourceAddrTon: 3,
        sourceAddr: '111',
        destAddrTon: 1,
        destAddrNpi: 1,
        destinationAddr: recipient,
        validityPeriod: '000001000000000R',
        registeredDelivery: 1,
        dataCoding: 8,
        shortMessage: Buffer.from(text, 'utf16le').swap16(),
      },
      batch,
      start,
      index,
    );
    const { shortMessage } = decode(batch, start, end) as PduOf<'submit_sm'>;
    characters += Buffer.from(shortMessage).swap16().toString('utf16le').length;
  }
  return characters;
}

function peer(count: number): number {
  let characters = 0;
  for (let index = 1; index <= count; index++) {
    const bytes = new PDU('submit_sm', {
      sequence_number: index,
      source_addr_ton: 3,
      source_addr: '111',
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      destination_addr: recipient,
      validity_period: '000001000000000R',
      registered_delivery: 1,
      data_coding: 8,
      short_message: text,
    }).toBuffer();
    characters += new PDU(bytes).short_message.message.length;
  }
  return characters;
}

/** submit_sm answered for each second of CPU, both ends together. */
async function submitsPerSecond(count: number): Promise<number> {
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    systemId: 'bench',
    authenticate: () => 0,
    handlers: { submit_sm: (incoming) => void incoming.reply({ messageId: '5F3A' }) },
  });
  const done = Promise.withResolvers<void>();
  const shortMessage = Buffer.from(text, 'utf16le').swap16();
  let sent = 0;
  let answered = 0;
  const settle = ({ outcome }: Outcome<number>): void => {
    if (outcome === 'lost') done.reject(new Error('a submit_sm was lost'));
    if (++answered === count) done.resolve();
  };
  const room = (session: Session): void => {
    while (session.room > 0 && sent < count)
      session.request(
        { command: 'submit_sm', destinationAddr: recipient, dataCoding: 8, shortMessage },
        sent++,
        settle,
      );
  };
  const { port } = server;
  const handlers = { room };
  const session = await connect({ host: '127.0.0.1', port, mode: 'transmitter', systemId: 'b', handlers });
  const before = process.cpuUsage();
  room(session);
  await done.promise;
  const { user, system } = process.cpuUsage(before);
  await session.unbind();
  await server.close();
  return (count / (user + system)) * 1e6;
}
